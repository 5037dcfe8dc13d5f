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
    another: "for another",
    activeTimes: "Only at these times",
    activeTimesHint:
      "Such as Mon-Fri 08:00-18:00, one a line; 22:00-06:00 passes midnight. Empty: always. What fires outside is told when the next of these begins, if it still fires then.",
    now: "now,",
    nowIs: "Now:",
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
    next: "Next",
    until: (when: string) => `until ${when}`,
    when: "When, and why",
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

  escalations: {
    which: "Alerts",
    steps: "Steps",
    stepsHint: "Each so long after the one before, the first after the alert began to fire: 15m, 1h.",
    off: "off",
    step: (after: string, channel: string) => `after ${after}: ${channel}`,
    thereafter: ", then ",
    again: (count: number) => (count === 1 ? "again once" : `again ${n(count)} times`),
    add: "Add an escalation",
    editTitle: (name: string) => `Escalation ${name}`,
    noChannel: "A step tells a channel, and there is none yet.",
    after: (step: number) => `Step ${step}: after`,
    channel: "Tell",
    none: "nobody",
    repeats: "Repeat all steps",
    repeatsHint: (most: number) => `So often, as long as nobody has it: 0 to ${most}.`,
    enabled: "Escalate",
    remove: "Remove the escalation",
    nothing: "No escalations yet",
    nothingHow:
      "An escalation tells further channels of what nobody acknowledges. It stops when somebody does, when it is over, and while it is muted.",
    next: (step: number, all: number) => `Next: step ${step} of ${all}`,
    allTaken: (count: number) =>
      count === 1 ? "The one step is taken." : `All ${n(count)} steps are taken.`,
    stops: "Acknowledging stops it.",
  },
};
