import {
  type ActiveTimes,
  type Opening,
  type Standing,
  type WeekTime,
  weekdays,
} from "../../schedule-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { field } from "../../parts/form.ts";
import { badge } from "../../parts/state.ts";
import { until } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";

const formats = new Map<string, Intl.DateTimeFormat>();
const shapes = {
  day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  short: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  week: { weekday: "short", hour: "2-digit", minute: "2-digit" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A moment as the clocks of a zone show it. */
export function zoned(v: Viewing, ms: number, zone: string, shape: keyof typeof shapes): string {
  const key = `${v.lang} ${zone} ${shape}`;
  let format = formats.get(key);
  if (!format) {
    if (formats.size > 1000) formats.clear();
    format = new Intl.DateTimeFormat(v.lang === "zh" ? "zh-CN" : "en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      ...shapes[shape],
    });
    formats.set(key, format);
  }
  return format.format(ms);
}

const localOf = (ms: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);

/** A moment as a form takes it back. */
export const localText = (ms: number, zone: string): string =>
  localOf(ms, zone).toPlainDateTime().toString().slice(0, 16);

/** From when to when at the clocks of a zone, with what they are ahead of UTC by; said twice where that changes. */
export function openingText(v: Viewing, { startsMs, endsMs }: Opening, zone: string): string {
  const [from, to] = [localOf(startsMs, zone), localOf(endsMs, zone)];
  const clock = (of: Temporal.ZonedDateTime) => of.toPlainTime().toString().slice(0, 5);
  const offset = (of: Temporal.ZonedDateTime) => `UTC${of.offset}`;
  const begin = `${zoned(v, startsMs, zone, "day")} ${clock(from)}${from.offset === to.offset ? "" : ` ${offset(from)}`}`;
  const sameDay = from.toPlainDate().equals(to.toPlainDate());
  return `${begin} – ${sameDay ? "" : `${zoned(v, endsMs, zone, "day")} `}${clock(to)} ${offset(to)}`;
}

/** The same with how long it is until then, whose title is the viewer's own time. */
export function openingLine(v: Viewing, one: Opening, zone: string): Html {
  const t = v.t.alerts.times;
  return html`${openingText(v, one, zone)} <span class="soft">${
    one.startsMs > v.now
      ? html`${t.in} ${until(v, one.startsMs)}`
      : html`${t.now} ${t.another} ${until(v, one.endsMs)}`
  }</span>`;
}

/** Days as people write them, and as the form takes them back: `Mon-Fri`. */
export function daysText({ days }: Pick<WeekTime, "days">, names: Readonly<Record<string, string>>): string {
  const index = days.map((one) => weekdays.indexOf(one)).sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const one of index) {
    const last = runs.at(-1);
    if (last && one === last[1] + 1) last[1] = one;
    else runs.push([one, one]);
  }
  const name = (at: number) => names[weekdays[at]!]!;
  return runs
    .flatMap(([from, to]) =>
      to - from > 1 ? `${name(from)}-${name(to)}` : to > from ? [name(from), name(to)] : name(from),
    )
    .join(",");
}

const english = { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" };
const timeText = (one: WeekTime, names: Readonly<Record<string, string>>) =>
  `${daysText(one, names)} ${one.from}-${one.to}`;

/** As a form takes them back, one a line. */
export const timesText = (times: readonly WeekTime[]): string =>
  times.map((one) => timeText(one, english)).join("\n");

export const timesShown = (v: Viewing, { zone, times }: ActiveTimes): string =>
  `${times.map((one) => timeText(one, v.t.alerts.times.days)).join(v.t.alerts.times.comma)} ${zone}`;

/** Whether a channel is told something now: nothing where it always is. */
export function standingBadge(v: Viewing, of: ActiveTimes | undefined, now: Standing): Content {
  if (!of) return nothing;
  const t = v.t.alerts.times;
  const end = now.untilMs === undefined ? undefined : zoned(v, now.untilMs, of.zone, "week");
  return html` ${badge(now.open ? t.active : end === undefined ? t.quiet : t.quietUntil(end))}`;
}

/**
 * A field for a time zone, with those that there are; `ownZone`: the browser puts the viewer's own in, and has the form's
 * moments at its clocks.
 */
export function zoneField(v: Viewing, id: string, value: string, fault?: string, ownZone = false): Html {
  const t = v.t.alerts.times;
  return html`${field({ id, name: "zone", label: t.zone, value, hint: t.zoneHint, maxlength: 64, autocomplete: "off", list: "zones", fault, ownZone })}<datalist id="zones">${Intl.supportedValuesOf("timeZone").map((one) => html`<option value="${one}">`)}</datalist>`;
}
