/** What happened, as charts mark it; the more it says, the further in front, where several fall together. */
export const markKinds = ["alert", "reboot", "deploy", "scale", "restart", "command"] as const;
export type MarkKind = (typeof markKinds)[number];

/** Something that happened at a moment, or that held for a time. */
export interface Mark {
  atMs: number;
  /** The end of what lasted; an alert without one still fires. */
  untilMs?: number;
  kind: MarkKind;
  /** How many of a kind it stands for, where they were too many to be told one by one. */
  count?: number;
  text: string;
  /** The page that tells more of it. */
  href: string;
}

/** What is marked on the charts of a page. */
export interface Marked {
  /** Of the kinds that are shown, the oldest first. */
  marks: readonly Mark[];
  /** How many there are of each kind in this time, whether shown or not. */
  counts: Readonly<Partial<Record<MarkKind, number>>>;
}

/** The kinds that an address asks for: `?marks=deploy,alert`, or `none`; all where it says nothing. */
export function markKindsOf(query: URLSearchParams): ReadonlySet<MarkKind> {
  const asked = query.get("marks");
  if (!asked) return new Set(markKinds);
  const words = asked.split(",");
  return new Set(markKinds.filter((one) => words.includes(one)));
}
