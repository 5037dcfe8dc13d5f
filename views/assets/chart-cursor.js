// The line under the pointer across all charts of a page, with the values at its time in each chart's table; and the
// time that is being selected. Everything is in the page without it but this.
import { formatUnit, scaleOf } from "../parts/chart-scale.ts";
import { charts, momentAt, momentsOf, plotOf, spanOf, textsAt, unitAt } from "./chart-read.js";
import { localMark } from "./chart-time.js";

const { lang } = document.documentElement;
const minutes = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const days = { month: "short", day: "numeric" };
const written = (options) => new Intl.DateTimeFormat(lang, options);
const clock = written(minutes);
const seconds = written({ ...minutes, second: "2-digit" });
/** Of the marks along the time. */
const labels = { time: clock, day: written(days), month: written({ year: "numeric", month: "short" }) };
const dated = written({ ...days, ...minutes });
const yearly = written({ ...days, ...minutes, year: "numeric" });
const write = (chart, ms) => {
  const hours = spanOf(chart).spanMs / 3_600_000;
  return (hours > 360 * 24 ? yearly : hours > 6 ? dated : seconds).format(ms);
};

/** The time under the cursor in ms, and what is selected; undefined when nobody points at anything. */
export const state = { at: undefined, selected: undefined };

const set = (element, text) => {
  if (element && element.textContent !== text) element.textContent = text;
};
const attribute = (element, name, value) =>
  element && element.getAttribute(name) !== value && element.setAttribute(name, value);

function showSelection(chart) {
  const { fromMs, toMs } = spanOf(chart);
  const { selected } = state;
  const from = selected && Math.max(fromMs, selected.fromMs);
  const to = selected && Math.min(toMs, selected.toMs);
  const seen = selected && from < to;
  const left = seen && unitAt(chart, from);
  attribute(
    chart.querySelector(".select"),
    "d",
    seen ? `M${left} 0h${unitAt(chart, to) - left}v1000H${left}z` : "",
  );
}

function show(chart) {
  const { at, selected } = state;
  const { fromMs, toMs } = spanOf(chart);
  const inside = at >= fromMs && at <= toMs;
  const plot = chart.querySelector(".plot");
  showSelection(chart);
  const x = unitAt(chart, at);
  attribute(chart.querySelector(".cursor"), "d", inside ? `M${x} 0v1000` : "");
  set(chart.querySelector("figcaption .at"), inside ? write(chart, at) : "");
  const cells = [...chart.querySelectorAll("td[data-s]")];
  if (!inside) {
    // The server's own words for the newest values are kept while the cursor is over them.
    if (chart.newest) {
      for (const [i, cell] of cells.entries()) set(cell, chart.newest[i]);
      attribute(plot, "aria-valuenow", plot.getAttribute("aria-valuemax"));
      attribute(plot, "aria-valuetext", chart.spoken);
      chart.newest = undefined;
    }
    return;
  }
  if (!chart.newest) {
    chart.newest = cells.map((cell) => cell.textContent);
    chart.spoken = plot.getAttribute("aria-valuetext");
  }
  const words = textsAt(chart, at).map((text, i) => {
    set(cells[i], text);
    return `${cells[i]?.previousElementSibling.textContent} ${text}`;
  });
  attribute(plot, "aria-valuenow", String(x));
  const chosen =
    selected &&
    document
      .getElementById("chart-keys")
      ?.dataset.selected.replace("{from}", write(chart, selected.fromMs))
      .replace("{to}", write(chart, selected.toMs));
  attribute(plot, "aria-valuetext", `${chosen ? `${chosen}. ` : ""}${write(chart, at)}: ${words.join(", ")}`);
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
  for (const chart of charts()) {
    for (const text of chart.querySelectorAll("text[data-t]")) mark(chart, text);
    show(chart);
  }
  keepLarge();
  observer.takeRecords();
}

/** What would lie at an edge, where it does not fit, is left out. */
function mark(chart, text) {
  const { t, every, by } = text.dataset;
  const ms = localMark(+t, +every);
  if (ms !== +t) {
    const { fromMs, spanMs } = spanOf(chart);
    const share = (ms - fromMs) / spanMs;
    attribute(text, "x", `${(share * 100).toFixed(1)}%`);
    attribute(text, "text-anchor", "middle");
    attribute(text, "visibility", share < 0.04 || share > 0.96 ? "hidden" : "visible");
  }
  set(text, labels[by].format(ms));
}

const opened = new Set();

/** A chart that is open large draws itself: what it takes for that is fetched when the first one is opened. */
function keepLarge() {
  for (const chart of opened)
    if (!chart.large.place.isConnected) {
      chart.large.close();
      chart.large = undefined;
      opened.delete(chart);
    }
  for (const chart of document.querySelectorAll("figure.chart.large")) {
    chart.large?.update?.();
    if (chart.large) continue;
    opened.add(chart);
    // Held for it while it is on its way.
    const held = { place: chart.querySelector(".canvas"), moments() {}, close() {} };
    chart.large = held;
    chart.scrollIntoView({ block: "nearest" });
    import(chart.dataset.script).then(({ openLarge }) => {
      if (chart.large === held)
        chart.large = openLarge(chart, {
          spanOf,
          scaleOf,
          formatUnit,
          changed: () => point(state.at, state.selected),
        });
    });
  }
}

/** Puts the cursor, and what is selected, somewhere else. */
export function point(at, selected) {
  state.at = at;
  state.selected = selected;
  for (const chart of charts()) show(chart);
  observer.takeRecords();
}

/** The moment of the sample that is nearest to a point of the screen. */
function snap(chart, clientX) {
  const ms = momentAt(chart, clientX);
  let best;
  for (const one of momentsOf(chart))
    if (best === undefined || Math.abs(one - ms) < Math.abs(best - ms)) best = one;
  return best ?? ms;
}

document.addEventListener("pointermove", (event) => {
  const plot = plotOf(event.target);
  if (plot && !state.selected) point(snap(plot.closest(".chart"), event.clientX));
});
document.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" && state.at !== undefined && !plotOf(event.target)) point();
});
document.addEventListener("pointerout", (event) => {
  if (
    event.pointerType === "mouse" &&
    plotOf(event.target) &&
    !plotOf(event.relatedTarget) &&
    !state.selected
  )
    point();
});
document.addEventListener("focusout", (event) => plotOf(event.target) && point());

observer.observe(document.body, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["d", "data-to", "data-t"],
  characterData: true,
});
refresh();
