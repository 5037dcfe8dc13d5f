/** Of alerts: when channels are told, what is being maintained, and who is told next. */
import { formatCount } from "../parts/format.ts";

const n = formatCount;

export const alertTimesEn = {
  times: {
    days: { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" } as Record<
      string,
      string
    >,
    comma: ", ",
    in: "in",
    openFor: "open for another",
    activeTimes: "Only at these times",
    activeTimesHint:
      "Such as Mon-Fri 08:00-18:00, one a line; 22:00-06:00 passes midnight. Empty: always. What fires outside is told when the next of these begins, if it still fires then.",
    now: "Now:",
    active: "active",
    quiet: "quiet",
    quietUntil: (when: string) => `quiet until ${when}`,
    zone: "Time zone",
    zoneHint: "Whose clocks these are: Europe/Berlin, Asia/Shanghai, UTC.",
  },

  maintenance: {
    badge: "maintenance",
    now: "In maintenance",
    hides: (count: number) => (count === 1 ? "hides 1 alert" : `hides ${n(count)} alerts`),
    when: "When",
    state: "State",
    states: { open: "Open", scheduled: "scheduled", over: "over" },
    reason: "Why",
    lasting: (duration: string) => `for ${duration}`,
    add: "Plan maintenance",
    addHow:
      "While a window is open, nobody is told of what it matches. What still fires when it ends is told then.",
    types: { once: "Once", weekly: "Weekly", cron: "By cron" },
    addTitle: (type: string) => `New maintenance window: ${type}`,
    editTitle: (name: string) => `Maintenance window ${name}`,
    from: "From",
    to: "To",
    toHint: "Where it is not after the begin, it is on the next day.",
    days: "Days",
    expression: "Cron expression",
    expressionHint:
      "Minute, hour, day, month, weekday: 0 22 * * 6#2 is the second Saturday of a month at 22:00.",
    duration: "Duration",
    durationHint: "30m, 4h, 2d.",
    openings: "It is open:",
    noOpening: "It does not open any more.",
    preview: "Show when, and what it hides",
    save: "Save",
    remove: "Remove the window",
    removeHow: "What it hides is told again.",
    nothing: "No maintenance is planned",
    nothingHow:
      "A maintenance window keeps alerts from being told of during planned work, once or again and again.",
  },
};
