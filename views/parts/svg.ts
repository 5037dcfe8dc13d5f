import type { Html } from "../html.ts";
import { raw } from "../raw.ts";

const width = 58;
const height = 16;

/**
 * A line without axes over equally spaced points; NaN is a gap and drawn as one. `max` is the value at the
 * top edge; without it the largest point is. Integer coordinates keep a row of it near 100 bytes.
 */
export function sparkline(values: ArrayLike<number>, max = 0, min = 0): Html {
  let top = max;
  if (!(top > 0)) for (let at = 0; at < values.length; at++) if (values[at]! > top) top = values[at]!;
  let path = "";
  let drawing = false;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!Number.isFinite(value)) {
      drawing = false;
      continue;
    }
    const share = top > min ? Math.min(1, Math.max(0, (value - min) / (top - min))) : 0;
    const x = Math.round(at * step) + 1;
    const y = height - 1 - Math.round(share * (height - 2));
    path += `${drawing ? "L" : "M"}${x} ${y}`;
    // A lone point between gaps would be invisible as a line of no length.
    if (!drawing && !Number.isFinite(values[at + 1] ?? Number.NaN)) path += "h1";
    drawing = true;
  }
  return raw(
    `<svg class="spark" viewBox="0 0 ${width + 2} ${height}" aria-hidden="true"><path d="${path}"/></svg>`,
  );
}

const shapes = {
  ok: '<circle cx="5" cy="5" r="3"/>',
  info: '<path d="M5 1 9 5 5 9 1 5z"/>',
  warning: '<path d="M5 .8 9.6 9H.4z"/>',
  critical: '<path d="M1 1h8v8H1z"/>',
  unknown: '<circle cx="5" cy="5" r="3.2"/>',
};

/** The shape of a state: ● ok, ◆ info, ▲ warning, ■ critical, ○ unknown. Its colour comes from the class. */
export function shape(health: keyof typeof shapes): Html {
  return raw(`<svg class="shape ${health}" viewBox="0 0 10 10" aria-hidden="true">${shapes[health]}</svg>`);
}

const icons = {
  overview: '<path d="M2 2h5v7H2zM9 2h5v4H9zM9 8h5v6H9zM2 11h5v3H2z"/>',
  nodes: '<path d="M2 3h12v4H2zM2 9h12v4H2zM4.5 5h.1M4.5 11h.1"/>',
  pods: '<path d="M8 1.5 14 5v6l-6 3.5L2 11V5zM2 5l6 3.5L14 5M8 8.5V14.5"/>',
  workloads: '<path d="m8 1.5 6 3-6 3-6-3zM2 8l6 3 6-3M2 11.5l6 3 6-3"/>',
  network: '<path d="M6 2h4v3H6zM1.5 11h4v3h-4zM10.5 11h4v3h-4zM8 5v3M3.5 11V8h9v3"/>',
  config:
    '<path d="M2 4h6M12 4h2M2 8h2M8 8h6M2 12h7M13 12h1"/><circle cx="10" cy="4" r="1.7"/><circle cx="6" cy="8" r="1.7"/><circle cx="11" cy="12" r="1.7"/>',
  namespaces: '<path d="M1.5 3.5h5l1.5 2h6.5v8h-13z"/>',
  events: '<path d="M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z"/>',
  usage: '<path d="M2 14h12M3.5 11.5V7M7 11.5v-9M10.5 11.5V5M13.5 11.5V8.5"/>',
  alerts: '<path d="M3.5 12V7a4.5 4.5 0 0 1 9 0v5M2 12h12M6.5 14.5h3"/>',
  clusters:
    '<circle cx="8" cy="8" r="2"/><circle cx="8" cy="2.8" r="1.3"/><circle cx="3" cy="12" r="1.3"/><circle cx="13" cy="12" r="1.3"/><path d="M8 4v2M6.5 9.5l-2.5 1.8M9.5 9.5l2.5 1.8"/>',
  settings:
    '<circle cx="8" cy="8" r="2.2"/><path d="M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4"/>',
  audit: '<path d="M3 1.5h7l3 3v10H3zM10 1.5v3h3M5.5 8h5M5.5 11h5"/>',
  more: '<path d="M3 8h.1M8 8h.1M13 8h.1"/>',
  search: '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 4 4"/>',
  light:
    '<circle cx="8" cy="8" r="3"/><path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1"/>',
  dark: '<path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z"/>',
  system: '<path d="M2 3h12v8H2zM6 14h4M8 11v3"/>',
  language:
    '<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c2 2 2.5 4 2.5 6S10 12 8 14c-2-2-2.5-4-2.5-6S6 4 8 2z"/>',
  user: '<circle cx="8" cy="5.5" r="2.8"/><path d="M2.5 14c.5-3 2.7-4.5 5.5-4.5s5 1.5 5.5 4.5"/>',
  keys: '<path d="M1.5 4h13v8h-13zM4 6.5h.1M6.5 6.5h.1M9 6.5h.1M11.5 6.5h.1M5 9.5h6"/>',
  close: '<path d="m3.5 3.5 9 9M12.5 3.5l-9 9"/>',
  larger: '<path d="M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5 9 7M2.5 13.5 7 9"/>',
  smaller: '<path d="M13 7H9V3M3 9h4v4M9 7l4.5-4.5M7 9l-4.5 4.5"/>',
  copy: '<path d="M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1"/>',
  previous: '<path d="M10 3 5 8l5 5"/>',
  next: '<path d="m6 3 5 5-5 5"/>',
  down: '<path d="m3 6 5 5 5-5"/>',
  commands: '<path d="M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10.5h3"/>',
};
export type Icon = keyof typeof icons;

/** A line drawing of 16 by 16 in the text's colour; it says nothing by itself, so a label stands beside it. */
export function icon(name: Icon): Html {
  return raw(`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${icons[name]}</svg>`);
}

/** How full something is, as a bar: amber from 80 %, red from 95 %. */
export function meter(share: number): Html {
  const level = share >= 0.95 ? " critical" : share >= 0.8 ? " warning" : "";
  const filled = Math.round(Math.min(1, Math.max(0, share)) * 60);
  return raw(
    `<svg class="meter" viewBox="0 0 60 4" preserveAspectRatio="none" aria-hidden="true"><rect width="60" height="4" rx="2"/><rect class="fill${level}" width="${filled}" height="4" rx="2"/></svg>`,
  );
}
