import { type Opening, type Weekday, type WeekTime, weekdays } from "../../../views/schedule-model.ts";
import { problem } from "../../../wire/problem.ts";
import { localOf, momentOf } from "./zone.ts";

const minuteMs = 60_000;
const dayMinutes = 24 * 60;

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The opening that holds at a time, or else the first after it. One whose end is not after its begin ends on the next day. */
export function weeklyOpening({ days, from, to }: WeekTime, zone: string, atMs: number): Opening | undefined {
  const today = localOf(atMs, zone).toPlainDate();
  const overnight = minutesOf(to) <= minutesOf(from);
  for (let ahead = -1; ahead <= 8; ahead++) {
    const date = today.add({ days: ahead });
    if (!days.includes(weekdays[date.dayOfWeek - 1]!)) continue;
    const startsMs = momentOf(date.toPlainDateTime(from), zone);
    const ends = momentOf((overnight ? date.add({ days: 1 }) : date).toPlainDateTime(to), zone);
    // All of it would lie in the hour that is skipped: it is as long as ever, after it.
    const endsMs = ends > startsMs ? ends : startsMs + lengthOf(from, to) * minuteMs;
    if (endsMs > atMs) return { startsMs, endsMs };
  }
  return undefined;
}

const lengthOf = (from: string, to: string) =>
  (minutesOf(to) - minutesOf(from) + dayMinutes) % dayMinutes || dayMinutes;

const written =
  /^(?:(?<days>[a-z]{3}(?:\s*[-,]\s*[a-z]{3})*)\s+)?(?<from>\d{1,2}:\d\d)\s*-\s*(?<to>\d{1,2}:\d\d)$/;

/** Times of the week as people write them, one a line: `Mon-Fri 08:00-18:00`; without days: every day. 422. */
export function parseWeekTimes(text: string, pointer: string): WeekTime[] {
  return text
    .split(/[\n;]+/)
    .map((one) => one.trim())
    .filter(Boolean)
    .map((line) => {
      const { days, from, to } = written.exec(line.toLowerCase().replace(/[–—]/g, "-"))?.groups ?? {};
      if (from === undefined || to === undefined)
        throw problem(422, `times are written as Mon-Fri 08:00-18:00: ${line.slice(0, 50)} is not`, {
          pointer,
        });
      return checkWeekTime({ days: daysOf(days, pointer), from: padded(from), to: padded(to) }, pointer);
    });
}

const padded = (time: string) => time.padStart(5, "0");

function daysOf(text: string | undefined, pointer: string): WeekTime["days"] {
  if (text === undefined) return weekdays;
  const indexOf = (name: string) => {
    const index = weekdays.indexOf(name as Weekday);
    if (index < 0) throw problem(422, `${name} is no day: Mon, Tue, Wed, Thu, Fri, Sat or Sun`, { pointer });
    return index;
  };
  const chosen = new Set<number>();
  for (const part of text.replace(/\s+/g, "").split(",")) {
    const [first = "", last = first, ...more] = part.split("-");
    if (more.length > 0) throw problem(422, "days are written as Mon-Fri or Mon,Wed", { pointer });
    // From Saturday to Monday goes over the end of the week.
    for (let day = indexOf(first); ; day = (day + 1) % 7) {
      chosen.add(day);
      if (day === indexOf(last)) break;
    }
  }
  return weekdays.filter((_, index) => chosen.has(index));
}

/** In one way of writing: each day once, in order, and midnight as 00:00. 422 where no day is chosen. */
export function checkWeekTime({ days, from, to }: WeekTime, pointer: string): WeekTime {
  const right = (time: string) => (time === "24:00" ? "00:00" : time);
  const wrong = [right(from), right(to)].find((one) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(one));
  if (wrong !== undefined)
    throw problem(422, `${wrong.slice(0, 10)} is no time of a day: 00:00 to 24:00`, { pointer });
  const chosen = weekdays.filter((one) => days.includes(one));
  if (chosen.length === 0) throw problem(422, "choose a day of the week", { pointer });
  return { days: chosen, from: right(from), to: right(to) };
}
