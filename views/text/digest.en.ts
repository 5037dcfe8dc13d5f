import { formatCount } from "../parts/format.ts";

const n = formatCount;
const times = (count: number) => (count === 1 ? "once" : `${n(count)} times`);

/** What a digest by mail says. */
export const digestEn = {
  title: { daily: "Daily digest", weekly: "Weekly digest" },
  subject: (title: string, fired: number, firing: number) =>
    `[AtlHyper] ${title}: ${fired === 0 ? "nothing fired" : `fired ${times(fired)}`}, ${firing === 0 ? "nothing fires now" : firing === 1 ? "1 alert fires now" : `${n(firing)} alerts fire now`}`,
  span: (from: string, until: string, zone: string) => `${from} – ${until} (${zone})`,
  empty: "Nothing fired, nothing fires now, and no cluster is silent.",
  verdict: (fired: number, resolved: number) =>
    fired === 0 && resolved === 0
      ? "Nothing fired."
      : `Alerts fired ${times(fired)} and were over ${times(resolved)}.`,
  cut: "There was more than is counted here: the figures are those of the first 50,000 changes.",
  rules: "What fired, by rule",
  clusters: "By cluster",
  longest: "Longest",
  frequent: "Most frequent",
  flapping: "Flapping",
  firing: "Fires now",
  silences: "Silences that end soon",
  maintenance: "Maintenance that ends soon",
  silent: "Silent clusters",
  count: (count: number) => `${n(count)}×`,
  lasted: (time: string) => time,
  going: (time: string) => `${time}, fires still`,
  since: (time: string) => `since ${time}`,
  takenBy: (who: string) => `taken by ${who}`,
  nobody: "nobody has it",
  hidden: "silenced or covered",
  ends: (time: string) => `ends ${time}`,
  lastSeen: (time: string) => `heard last ${time}`,
  by: (who: string) => `by ${who}`,
  everything: "everything there",
  more: (count: number) => `… and ${n(count)} more`,
  open: "All alerts",
  why: "This mail comes from a channel of AtlHyper, in which it can be changed or switched off: Alerts, Channels.",
};
