// The line under the pointer across all charts of a page, with the values at its time in each chart's table.
// The values are read back from the drawings (views/parts/chart.ts): one unit to the right is a second, one
// down a thousandth of the axis. Everything is in the page without it but this.
(() => {
  // Units of width: seconds in charts of the last 15 minutes, more where a chart tells that its time is longer.
  const seconds = 900;
  const unitOf = (chart) => +(chart.dataset.span ?? 900_000) / seconds;
  const height = 1000;
  const doc = document.documentElement;
  const clock = new Intl.DateTimeFormat(doc.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const exact = new Intl.DateTimeFormat(doc.lang, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const date = new Intl.DateTimeFormat(doc.lang, { month: "short", day: "numeric" });
  const dated = new Intl.DateTimeFormat(doc.lang, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const long = (chart) => +(chart.dataset.span ?? 0) > 86_400_000;
  const timeOf = (chart) => (+(chart.dataset.span ?? 0) > 6 * 3_600_000 ? dated : exact).format(at);
  /** The time under the cursor in ms; undefined when nobody points at anything. */
  let at;

  // Figures: the same rules as views/parts/format.ts and chart-scale.ts.
  const trim = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  const figure = (value) => {
    const size = Math.abs(value);
    if (size >= 1e12) return value.toExponential(1);
    if (size >= 100)
      return Math.round(value)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, ",")
        .replace("-", "−");
    return String(Number(value.toFixed(size >= 10 ? 1 : 2))).replace("-", "−");
  };
  const bytes = (value) => {
    let size = Math.abs(value);
    let unit = 0;
    for (; size >= 1023.5 && unit < 5; unit++) size /= 1024;
    return `${trim(size.toFixed(unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2))} ${["B", "KiB", "MiB", "GiB", "TiB", "PiB"][unit]}`;
  };
  const formats = {
    share: (value) => `${value > 0 && value < 0.0095 ? (value * 100).toFixed(1) : Math.round(value * 100)}%`,
    bytes,
    "bytes/s": (value) => `${bytes(value)}/s`,
    cores: (value) =>
      value === 0
        ? "0"
        : value < 0.00095
          ? "<1m"
          : value < 0.9995
            ? `${Math.round(value * 1000)}m`
            : trim(value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)),
    celsius: (value) => `${figure(value)} °C`,
    "1/s": (value) => `${figure(value)}/s`,
    count: figure,
  };

  /** The points of a path's lines in order: [x, y]; an area's closing edges are not among them. */
  const parsed = new WeakMap();
  function points(path) {
    const d = path.getAttribute("d");
    const known = parsed.get(path);
    if (known?.d === d) return known.list;
    const list = [];
    for (const run of d.split("M").slice(1)) {
      const [head, tail = ""] = run.split(/[VhH]/)[0].split("l");
      let [x, y] = head.match(/\d+/g).map(Number);
      list.push([x, y]);
      const steps = tail.match(/-?\d+/g) ?? [];
      for (let i = 0; i + 1 < steps.length; i += 2) {
        x += +steps[i];
        y += +steps[i + 1];
        list.push([x, y]);
      }
    }
    parsed.set(path, { d, list });
    return list;
  }
  /** The nearest point to x, unless it lies further away than gaps begin. */
  function nearest(list, x, within = 16) {
    let best;
    for (const point of list)
      if (Math.abs(point[0] - x) <= within && (!best || Math.abs(point[0] - x) < Math.abs(best[0] - x)))
        best = point;
    return best;
  }

  const all = () => document.querySelectorAll("figure.chart");
  const set = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };
  const attribute = (element, name, value) =>
    element.getAttribute(name) !== value && element.setAttribute(name, value);

  function show(chart) {
    const { to, unit, min, max } = chart.dataset;
    const x = Math.round((at - to) / unitOf(chart)) + seconds;
    const inside = at !== undefined && x >= 0 && x <= seconds;
    const plot = chart.querySelector(".plot");
    attribute(chart.querySelector(".cursor"), "d", inside ? `M${x} 0v${height}` : "");
    const label = chart.querySelector(".at");
    set(label, inside ? timeOf(chart) : "");
    if (!inside) {
      // The server's own words for the newest values are kept while the cursor is over them.
      if (chart.newest) {
        for (const [i, cell] of chart.querySelectorAll("td[data-s]").entries()) set(cell, chart.newest[i]);
        attribute(plot, "aria-valuenow", String(seconds));
        attribute(plot, "aria-valuetext", chart.spoken);
        chart.newest = undefined;
      }
      return;
    }
    const paths = [...chart.querySelectorAll("path[data-s]")].sort((a, b) => a.dataset.s - b.dataset.s);
    const cells = [...chart.querySelectorAll("td[data-s]")];
    if (!chart.newest) {
      chart.newest = cells.map((cell) => cell.textContent);
      chart.spoken = plot.getAttribute("aria-valuetext");
    }
    let below = 0;
    const words = paths.map((path, i) => {
      const point = nearest(points(path), x);
      let text = "–";
      if (point) {
        const value = +min + ((height - point[1]) / height) * (max - min);
        text = formats[unit](chart.matches(".stacked") ? Math.max(0, value - below) : value);
        if (chart.matches(".stacked")) below = value;
      }
      set(cells[i], text);
      return `${cells[i].previousElementSibling.textContent} ${text}`;
    });
    attribute(plot, "aria-valuenow", String(x));
    attribute(plot, "aria-valuetext", `${timeOf(chart)}: ${words.join(", ")}`);
  }

  // Also after each change by the live stream, before it is painted: observers run at the end of the task.
  const observer = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const chart = (target.nodeType === 1 ? target : target.parentElement)?.closest("figure.chart");
      // What was remembered of it is out of date now.
      if (chart) chart.newest = undefined;
    }
    refresh();
  });
  function refresh() {
    for (const chart of all()) {
      for (const text of chart.querySelectorAll("text[data-t]"))
        set(text, (long(chart) ? date : clock).format(+text.dataset.t));
      show(chart);
    }
    observer.takeRecords();
  }
  function point(ms) {
    at = ms;
    for (const chart of all()) show(chart);
    observer.takeRecords();
  }

  /** The time of the sample nearest to x in a chart. */
  function snap(chart, x) {
    const list = [...chart.querySelectorAll("path[data-s]")].flatMap(points);
    return +chart.dataset.to + ((nearest(list, x, seconds)?.[0] ?? Math.round(x)) - seconds) * unitOf(chart);
  }
  const plotOf = (event) => event.target.closest?.(".chart .plot");
  document.addEventListener("pointermove", (event) => {
    const plot = plotOf(event);
    if (!plot) return;
    const box = plot.getBoundingClientRect();
    point(snap(plot.closest(".chart"), ((event.clientX - box.left) / box.width) * seconds));
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" && at !== undefined && !plotOf(event)) point(undefined);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType === "mouse" && plotOf(event) && !event.relatedTarget?.closest?.(".chart .plot"))
      point(undefined);
  });
  document.addEventListener("focusout", (event) => plotOf(event) && point(undefined));

  document.addEventListener("keydown", (event) => {
    const plot = plotOf(event);
    if (!plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const chart = plot.closest(".chart");
    const to = +chart.dataset.to;
    const xs = [...new Set([...chart.querySelectorAll("path[data-s]")].flatMap(points).map(([x]) => x))].sort(
      (a, b) => a - b,
    );
    if (xs.length === 0) return;
    const now = at === undefined ? seconds : (at - to) / unitOf(chart) + seconds;
    const before = xs.filter((x) => x < now);
    const after = xs.filter((x) => x > now);
    const x = {
      ArrowLeft: () => (at === undefined ? xs.at(-1) : (before.at(-1) ?? xs[0])),
      ArrowDown: () => (at === undefined ? xs.at(-1) : (before.at(-1) ?? xs[0])),
      ArrowRight: () => after[0] ?? xs.at(-1),
      ArrowUp: () => after[0] ?? xs.at(-1),
      PageUp: () => xs.find((one) => one >= now - 60) ?? xs[0],
      PageDown: () => xs.findLast((one) => one <= now + 60) ?? xs.at(-1),
      Home: () => xs[0],
      End: () => xs.at(-1),
    }[event.key];
    if (event.key === "Escape" && at !== undefined) point(undefined);
    else if (x) point(to + (x() - seconds) * unitOf(chart));
    else return;
    event.preventDefault();
  });

  observer.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["d", "data-to", "data-t"],
    characterData: true,
  });
  refresh();
})();
