import { problem } from "../../../wire/problem.ts";

/** Where nobody says another one: that of the machine, which `TZ` sets. */
export const ownZone = (): string => Temporal.Now.timeZoneId();

/** 422 where there is no such time zone. */
export function checkZone(zone: string, pointer = "/zone"): string {
  try {
    if (!/^[A-Za-z]/.test(zone)) throw new RangeError("an offset knows no summer time");
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return zone;
  } catch {
    const said = zone.replace(/[^\w+/-]/g, "").slice(0, 50);
    throw problem(422, `there is no time zone ${said || "without a name"}: it is written as Europe/Berlin`, {
      pointer,
    });
  }
}

/**
 * When the clocks of a zone read a time of a day, in ms since 1970. A time that comes twice is its first, and one that
 * the clocks skip is the moment at which they do: as cron has it, so that what ends at a time and what begins at it meet.
 */
export function momentOf(local: Temporal.PlainDateTime, zone: string): number {
  const found = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (found.toPlainDateTime().equals(local)) return found.epochMilliseconds;
  return found.getTimeZoneTransition("next")?.epochMilliseconds ?? found.epochMilliseconds;
}

export const localOf = (ms: number, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
