import { formatCount } from "../parts/format.ts";

const n = formatCount;

/** Of alerts' rules: what one would have done. */
export const rulePreviewEn = {
  rulePreview: {
    button: "Try it out",
    range: "Over the last",
    ranges: { "1d": "day", "7d": "7 days", "30d": "30 days" },
    title: "What it would have done",
    never: (range: string) => `It would not have fired within the last ${range}.`,
    fired: (count: number, objects: number, range: string) =>
      `Within the last ${range} it would have fired ${count === 1 ? "once" : `${n(count)} times`}, about ${objects === 1 ? "1 object" : `${n(objects)} objects`}.`,
    atLeast: (count: number, range: string) =>
      `Within the last ${range} it would have fired ${n(count)} times; the newest are shown.`,
    muted: (count: number, total: number) =>
      count === total
        ? "Nobody would have been told: silences or maintenance held all the time."
        : `Of ${n(count)} of these nobody would have been told: a silence or maintenance held all the time.`,
    hidden: "hidden",
    many: "That is often: longer times, or levels further apart, make it quieter.",
    now: (count: number) =>
      count === 0
        ? "It holds for nothing now."
        : count === 1
          ? "It holds for 1 object now:"
          : `It holds for ${n(count)} objects now:`,
    more: (count: number) => `and ${n(count)} more`,
    firesNow: "fires now",
    times: (count: number) => (count === 1 ? "once" : `${n(count)} times`),
    object: "Object",
    when: "When it would have fired",
    how: "How often, and how long in all",
    list: "Each time",
    from: "From",
    lasted: "For",
    peak: "Furthest",
    basis: {
      values: {
        mean: (step: string) => `From means over ${step}.`,
        furthest: (step: string) => `From the furthest value within each ${step}: the rule does not wait.`,
      },
      gone: (count: number) =>
        count === 1 ? "1 object among them is gone." : `${n(count)} objects among them are gone.`,
      occurrences:
        "From what agents diagnosed, as it is kept; of pods that are gone, under the workload whose name they have.",
      events: "From the events that are kept. What came often is taken as spread evenly.",
      present: "Of what this looks at, nothing is kept: only how it is now can be told.",
    },
    nothing: "Nothing has or had such values: look at the group, the series and the scope.",
    known: "It goes back no further than",
    partly: (looked: number, there: number) =>
      `Only ${n(looked)} of ${n(there)} were looked at in the time there is for it: take a shorter time, or a narrower scope.`,
  },
};
