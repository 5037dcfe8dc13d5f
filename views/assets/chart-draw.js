// How a large chart looks, in the colours and measures of the style sheet, which the server's drawing has, too.

/** A limit further above everything drawn than this would press the lines onto the floor. */
const farAbove = 5;

/**
 * How uPlot draws a chart: so many lines, then for as many of them as have a band what it reaches from and to, then lines of
 * an earlier time.
 */
export function optionsOf(chart, { fromMs, toMs }, { lines, banded, beside }, { scaleOf, formatUnit }) {
  const place = chart.querySelector(".canvas");
  const isStacked = chart.matches(".stacked");
  const style = getComputedStyle(chart);
  const box = place.getBoundingClientRect();
  const colour = (name) => coloursOf(place)(`var(${name})`);
  const keys = [...chart.querySelectorAll("tr[data-key] .key path")].map(
    (path) => getComputedStyle(path).stroke,
  );
  const colours = isStacked ? [...keys].reverse() : keys;
  const ground = colour("--bg");
  const line = (stroke) => ({ stroke, width: 1.5, points: { show: false }, spanGaps: false });
  const hidden = { stroke: "transparent", width: 0, points: { show: false } };
  const thin = (stroke) => ({ ...line(stroke), width: 1, dash: [2, 3], spanGaps: true });
  const pixels = (name) => Number.parseFloat(style.getPropertyValue(name));
  const edge = pixels("--s2");
  const axis = pixels("--axis") + edge;
  return {
    width: box.width,
    height: box.height,
    ms: 1,
    padding: [edge, 0, edge, 0],
    legend: { show: false },
    cursor: { show: false },
    series: [
      {},
      ...colours
        .slice(0, lines)
        .map((stroke) =>
          isStacked ? { ...line(ground), width: 0.75, fill: opaque(stroke, ground) } : line(stroke),
        ),
      ...Array.from({ length: 2 * banded }, () => hidden),
      ...Array.from({ length: beside }, (_, at) => thin(isStacked ? colour("--text-soft") : keys[at])),
    ],
    bands: Array.from({ length: banded }, (_, at) => ({
      series: [1 + lines + at, 1 + lines + banded + at],
      fill: faint(keys[at]),
    })),
    scales: {
      x: { auto: false, min: fromMs, max: toMs },
      y: { range: (_, low, high) => rangeOf(chart, scaleOf, low, high) },
    },
    axes: [
      { show: false },
      {
        size: axis,
        gap: edge,
        stroke: colour("--text-soft"),
        font: `12px ${style.fontFamily}`,
        grid: { stroke: colour("--line"), width: 1 },
        ticks: { show: false },
        splits: (_, __, low, high) => scaleOf(chart.dataset.unit, low, high).marks,
        values: (_, marks) => marks.map((mark) => formatUnit(chart.dataset.unit, mark)),
      },
    ],
    hooks: { draw: [(u) => drawLimits(chart, u, colour)] },
  };
}

/** The axis of the values, as the server's: from zero to a round number, and to the limits that are near. */
function rangeOf(chart, scaleOf, low, high) {
  const full = Number(chart.dataset.full ?? 0);
  const top = (high ?? 0) <= full * 1.01 ? full : high;
  const near = limitsOf(chart).filter(({ value }) => value <= top * farAbove);
  const { min, max } = scaleOf(
    chart.dataset.unit,
    low ?? 0,
    Math.max(top, ...near.map(({ value }) => value)),
  );
  return [min, max];
}
const limitsOf = (chart) =>
  [...chart.querySelectorAll("tr[data-limit]")].map((row) => ({
    value: Number(row.dataset.limit),
    soft: row.querySelector(".soft") !== null,
  }));

function drawLimits(chart, { ctx, bbox, valToPos, scales }, colour) {
  for (const { value, soft } of limitsOf(chart)) {
    if (!(value <= scales.y.max)) continue;
    ctx.save();
    ctx.strokeStyle = colour(soft ? "--text-soft" : "--critical");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash((soft ? [1, 3] : [4, 3]).map((length) => length * devicePixelRatio));
    ctx.beginPath();
    const y = valToPos(value, "y", true);
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }
}

/** What a colour of the style sheet is now: tokens are light-dark() pairs, which only an element can tell. */
function coloursOf(place) {
  return (text) => {
    const probe = document.createElement("span");
    probe.style.color = text;
    place.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
}
const mixed = (share) => (colour, ground) => `color-mix(in oklab, ${colour} ${share}%, ${ground})`;
const opaque = mixed(70);
const faint = (colour) => mixed(22)(colour, "transparent");
