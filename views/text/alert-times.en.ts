/** Of alerts: when channels are told, what is being maintained, and who is told next. */
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
};
