import type { Marked } from "../../../../views/mark.ts";
import { markKindsOf } from "../../../../views/mark.ts";
import { markOf } from "../../../../views/mark-words.ts";
import { pageHref } from "../../../../views/parts/links.ts";
import type { MarkSubject } from "../../../database/metrics/marks.ts";
import type { FoundMarks, MarksQuery } from "../../../history/marks.ts";
import type { Viewing } from "../../../../views/viewing.ts";
import type { SeenDeps } from "../../deps.ts";
import type { PageContext } from "../../page.ts";
import { endOf, spanOf } from "./past.ts";

/** What charts of the time that the address names mark: of some objects, or of a whole cluster. */
export function markedOf(
  { v, deps }: Pick<PageContext, "v" | "deps">,
  cluster: string,
  subjects?: readonly MarkSubject[],
): Marked {
  const { namespace } = v.scope;
  const { ms, toMs } = spanOf(v);
  const found = deps.marks.find({
    cluster,
    fromMs: toMs - ms,
    toMs: endOf(v),
    kinds: markKindsOf(v.query),
    ...(subjects ? { subjects } : namespace === undefined ? {} : { namespace }),
  });
  return { marks: marksOf(v, deps, { cluster }, found), counts: found.counts };
}

/** What was found as charts have it. */
export function marksOf(
  v: Pick<Viewing, "t" | "scope">,
  deps: Pick<SeenDeps, "alerts">,
  { cluster }: Pick<MarksQuery, "cluster">,
  { single, many }: FoundMarks,
): Marked["marks"] {
  const known = (fingerprint: string) => deps.alerts.get(fingerprint) !== undefined;
  return [
    ...single.map((one) => markOf(v, one, known)),
    ...many.map(({ what, atMs, count }) => ({
      atMs,
      kind: what,
      count,
      text: v.t.marks.counted[what](count),
      href: pageHref(v as Viewing, "/events", { cluster }),
    })),
  ].sort((a, b) => a.atMs - b.atMs);
}

/** What concerns a pod: its own, and what was done with the workload that it belongs to. */
export function podSubjects(
  namespace: string,
  name: string,
  owner: { kind?: string | undefined; name?: string | undefined } | undefined,
): MarkSubject[] {
  return [
    { kind: "Pod", namespace, name },
    ...(owner?.kind && owner.name
      ? [
          {
            kind: owner.kind,
            namespace,
            name: owner.name,
            only: ["deploy", "scale", "command", "alert"] as const,
          },
        ]
      : []),
  ];
}
