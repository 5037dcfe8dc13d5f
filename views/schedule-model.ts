/** When something holds that comes and goes: the shapes that the master gives and the views render. */

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** A time of the week, `08:00` to `18:00`; where the end is not after the begin it is on the day after. */
export interface WeekTime {
  days: readonly Weekday[];
  from: string;
  to: string;
}

/** When something is open: once, by days of the week, or by cron, in an IANA time zone. */
export type Schedule =
  | { type: "once"; zone: string; startsMs: number; endsMs: number }
  | ({ type: "weekly"; zone: string } & WeekTime)
  | { type: "cron"; zone: string; expression: string; durationMs: number };

export interface Opening {
  startsMs: number;
  endsMs: number;
}

/** Whether something is open now, and until when it stays so; without an end: as far as one can see. */
export interface Standing {
  open: boolean;
  untilMs?: number;
}

/** Within these times only a channel is told; the clocks of which zone they are of. */
export interface ActiveTimes {
  zone: string;
  times: readonly WeekTime[];
}
