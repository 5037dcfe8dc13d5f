const dayMs = 86_400_000;

const of = (read: (date: Date) => number) => (seconds: number) => read(new Date(Math.floor(seconds) * 1000));

/** What calendar and clock say, in UTC, at a time in seconds since 1970. */
export const dates: Readonly<Record<string, (seconds: number) => number>> = {
  minute: of((date) => date.getUTCMinutes()),
  hour: of((date) => date.getUTCHours()),
  day_of_week: of((date) => date.getUTCDay()),
  day_of_month: of((date) => date.getUTCDate()),
  day_of_year: of((date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear())) / dayMs) + 1),
  days_in_month: of((date) =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  ),
  month: of((date) => date.getUTCMonth() + 1),
  year: of((date) => date.getUTCFullYear()),
};
