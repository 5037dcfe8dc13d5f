/** A moment as it stands in addresses: ISO 8601's basic format, which needs no escaping; to the second. */
export function momentText(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** The moment that a text names, in ms; undefined where it names none. */
export function parseMoment(text: string | null | undefined): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "");
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // The 31st of February is no day, whatever a clock makes of it.
  return momentText(ms) === text ? ms : undefined;
}

/** A time with a beginning and an end, in ms. */
export interface Interval {
  fromMs: number;
  toMs: number;
}

/** `20261124T100000Z-20261124T103000Z` */
export function intervalText({ fromMs, toMs }: Interval): string {
  return `${momentText(fromMs)}-${momentText(toMs)}`;
}

export function parseInterval(text: string | null | undefined): Interval | undefined {
  const [from, to, ...more] = (text ?? "").split("-");
  const fromMs = parseMoment(from);
  const toMs = parseMoment(to);
  return more.length === 0 && fromMs !== undefined && toMs !== undefined && fromMs < toMs
    ? { fromMs, toMs }
    : undefined;
}

/** A moment for people, where nothing but text can stand. */
export function momentWords(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
