// A time is chosen by dragging with the mouse, by two fingers or a long press and a move, or by keys; then all charts of the
// page show it. A click, a tap or Enter tells of one moment.
import { point, state } from "./chart-cursor.js";
import { momentAt, momentsOf, plotOf, spanOf } from "./chart-read.js";
import { momentAddress, rounded, scaled, zoomAddress } from "./chart-time.js";

/** Less than so many pixels is no drag, but a click of somebody whose hand is not quite still. */
const leastDrag = { mouse: 4, touch: 10 };
const longPressMs = 450;

/** Where a chart's page is; another one where the page has nothing but now. */
function pageOf(chart) {
  const page = chart.closest("[data-page]")?.dataset.page;
  return page ? new URL(page, location.href).href : location.href;
}

/** Goes to an address: its parts come into this page, so that the focus and the cursor stay where they are. */
function go(chart, href) {
  if (chart.closest("[data-page]")) {
    location.href = href;
    return;
  }
  const { pathname, search } = new URL(href);
  htmx
    .ajax("GET", pathname + search, {
      source: chart,
      swap: "none",
      push: "true",
      headers: { "HX-Boosted": "true" },
    })
    .then(() => document.getElementById("moment") && chart.scrollIntoView({ block: "nearest" }));
}

function zoom(chart, interval) {
  point(state.at);
  const { toMs } = spanOf(chart);
  go(chart, zoomAddress(pageOf(chart), rounded(interval, Math.max(toMs, interval.toMs))));
}
const tell = (chart, ms) => go(chart, momentAddress(pageOf(chart), ms));
const between = (a, b) => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b) });
const step = (name) => document.querySelector(`.steps [data-step="${name}"][href]`)?.click();

/** What is under way: fingers or the mouse on a plot, by the pointer's id. */
const held = new Map();
let selecting = false;
let pressing;

function letGo() {
  clearTimeout(pressing);
  held.clear();
  selecting = false;
}

/** What is held marks a time: from where one finger began to where it is, or between two. */
function marked() {
  const [one, two] = [...held.values()];
  return two
    ? between(momentAt(one.chart, one.x), momentAt(one.chart, two.x))
    : between(one.ms, momentAt(one.chart, one.x));
}

document.addEventListener("pointerdown", (event) => {
  const chart = plotOf(event.target)?.closest(".chart");
  if (!chart || event.button !== 0 || event.ctrlKey || held.size === 2) return;
  const { pointerId, pointerType, clientX, clientY } = event;
  const kind = pointerType === "touch" ? "touch" : "mouse";
  held.set(pointerId, {
    chart,
    kind,
    x: clientX,
    startX: clientX,
    startY: clientY,
    ms: momentAt(chart, clientX),
  });
  clearTimeout(pressing);
  if (held.size === 2) selecting = true;
  else if (kind === "touch")
    pressing = setTimeout(() => {
      selecting = true;
      const [{ ms }] = held.values();
      // So narrow that it is a line: from here on a move selects.
      point(ms, { fromMs: ms, toMs: ms + 1 });
    }, longPressMs);
});

document.addEventListener("pointermove", (event) => {
  const one = held.get(event.pointerId);
  if (!one) return;
  one.x = event.clientX;
  const moved = Math.abs(one.x - one.startX) > leastDrag[one.kind];
  if (moved || Math.abs(event.clientY - one.startY) > leastDrag.touch) {
    clearTimeout(pressing);
    one.moved = true;
  }
  // Captured only now: a click on something within the plot stays one.
  if (one.kind === "mouse" && moved && !selecting) {
    selecting = true;
    plotOf(event.target)?.setPointerCapture(event.pointerId);
  }
  if (selecting) point(undefined, marked());
});

document.addEventListener("pointerup", (event) => {
  const one = held.get(event.pointerId);
  if (!one) return;
  const wide = held.size === 2 || Math.abs(one.x - one.startX) > leastDrag[one.kind];
  const interval = marked();
  const chosen = selecting && wide;
  const still = !selecting && !one.moved;
  letGo();
  if (chosen) zoom(one.chart, interval);
  else if (still) tell(one.chart, state.at ?? one.ms);
  else if (state.selected) point();
});

document.addEventListener("pointercancel", (event) => {
  if (!held.has(event.pointerId)) return;
  letGo();
  point();
});
// The browser scrolls with one finger up and down; not while that finger, or a second one, selects.
document.addEventListener(
  "touchmove",
  (event) => {
    if (selecting || held.size === 2) event.preventDefault();
  },
  { passive: false },
);
document.addEventListener("contextmenu", (event) => {
  if (selecting || (held.size > 0 && plotOf(event.target))) event.preventDefault();
});

/** Where a key moves the cursor to. */
function moved(chart, key) {
  const all = momentsOf(chart);
  const { spanMs } = spanOf(chart);
  // From behind the last one, where the cursor is nowhere yet.
  const now = state.at ?? Number.POSITIVE_INFINITY;
  // A unit of the drawing is as near as two moments can lie.
  const near = spanMs / 2000;
  const before = all.filter((ms) => ms < now - near);
  const after = all.filter((ms) => ms > now + near);
  const page = spanMs / 15;
  const first = all[0];
  const last = all.at(-1);
  return {
    ArrowLeft: () => before.at(-1) ?? first,
    ArrowDown: () => before.at(-1) ?? first,
    ArrowRight: () => after[0] ?? last,
    ArrowUp: () => after[0] ?? last,
    PageUp: () => all.find((ms) => ms >= Math.min(now, last) - page) ?? first,
    PageDown: () => all.findLast((ms) => ms <= now + page) ?? last,
    Home: () => first,
    End: () => last,
  }[key]?.();
}

/** Moves the cursor; with Shift everything between here and where that began is selected. */
let anchor;
function move(chart, key, shift) {
  const to = moved(chart, key);
  if (to === undefined) return false;
  if (!state.selected) anchor = state.at;
  point(to, shift && anchor !== undefined && anchor !== to ? between(anchor, to) : undefined);
  return true;
}

function act(chart, key) {
  const { at, selected } = state;
  if (key === "Escape") {
    if (held.size > 0) letGo();
    if (selected) point(at);
    else if (at !== undefined) point();
    else return step("reset") ?? false;
  } else if (key === "Enter" && selected) zoom(chart, selected);
  else if (key === "Enter" && at !== undefined) tell(chart, at);
  else if ((key === "+" || key === "=") && at !== undefined) zoom(chart, scaled(spanOf(chart), 0.5, at));
  else if (key === "+" || key === "=") step("in");
  else if (key === "-") step("out");
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const chart = plotOf(event.target)?.closest(".chart");
  if (event.key === "Escape" && held.size > 0) {
    letGo();
    point();
  }
  if (!chart || event.ctrlKey || event.metaKey || event.altKey) return;
  if (move(chart, event.key, event.shiftKey) || act(chart, event.key) !== false) event.preventDefault();
});
