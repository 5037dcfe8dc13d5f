import { previewRanges, type PreviewRange, type RulePreview } from "../../views/rule-preview.ts";
import { problem } from "../../wire/problem.ts";
import type { Access } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import type { EventStore } from "../database/events/store.ts";
import type { ClusterFacts } from "../datasource/alert-facts.ts";
import type { ManagedDatasource } from "../datasource/datasource.ts";
import type { MetricsHistory } from "../history/history.ts";
import type { Engine } from "./engine.ts";
import { ownersBy } from "./replay/owners.ts";
import { preview } from "./replay/preview.ts";
import { checkRule, type RuleBody } from "./rule.ts";
import { inSlices } from "./slices.ts";

/** What is kept of the past, by which a rule is tried out. */
export interface Kept {
  metrics: Pick<MetricsHistory, "seenBy">;
  events: Pick<EventStore, "seenBy">;
  datasource: Pick<ManagedDatasource, "seenBy" | "ownerOfPod">;
}

export interface PreviewAsked {
  body: RuleBody;
  tenant?: string | undefined;
  /** Of the rule that it is, where it is one already: silences may name it. */
  id?: string | undefined;
  range: PreviewRange;
  /** Ends it, when nobody waits any more. */
  signal?: AbortSignal | undefined;
}

export interface Previews {
  /** What a rule would have done, as far as somebody may see it. */
  preview(by: Principal, asked: PreviewAsked): Promise<RulePreview>;
}

interface Options {
  kept: Kept | undefined;
  access: Pick<Access, "sight">;
  facts(): ClusterFacts[];
  owners: ReadonlyMap<string, string>;
  /** What hides alerts. */
  engine: Pick<Engine, "silences" | "maintenance">;
  now: () => number;
  withinMs?: number;
}

/** So long one may take: then what was not looked at is told. */
const withinMs = 5000;
/** One waits half a minute at most then, and no proxy loses its patience. */
const mostWaiting = 5;
const mostNodes = 1000;

/** Tries rules out one after the other, in slices, beside everything else. */
export function createPreviews({ kept, access, facts, owners, engine, now, ...more }: Options): Previews {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function run(by: Principal, { body, tenant, id, range, signal }: PreviewAsked): Promise<RulePreview> {
    if (!kept) throw problem(503, "there is no history here");
    const rule = {
      ...checkRule(body),
      id: id || "preview",
      enabled: true,
      ...(tenant === undefined ? {} : { tenant }),
    };
    const sight = access.sight(by);
    const seen = kept.datasource.seenBy(sight);
    const whole = kept.datasource.seenBy("everything");
    const until = performance.now() + (more.withinMs ?? withinMs);
    const steps = preview({
      rule,
      rangeMs: previewRanges[range],
      nowMs: now(),
      facts: facts(),
      owners,
      sight,
      metrics: kept.metrics.seenBy(sight),
      events: kept.events.seenBy(sight),
      ownerOf: ownersBy(kept.datasource.ownerOfPod, (kind, ref) => whole.get(kind, ref) !== undefined),
      silences: engine.silences,
      windows: engine.maintenance,
      nodes: (cluster) =>
        seen.list("node", { cluster, limit: mostNodes }).items.map((one) => one.item.summary.name),
      late: () => performance.now() > until,
    });
    return (await inSlices(steps, signal)).value;
  }

  return {
    async preview(by, asked) {
      if (waiting >= mostWaiting)
        throw problem(429, "other rules are being tried out: try again in a moment");
      waiting++;
      const before = last;
      const done = before
        .catch(() => {})
        .then(() => {
          asked.signal?.throwIfAborted();
          return run(by, asked);
        });
      last = done;
      try {
        return await done;
      } catch (error) {
        if (asked.signal?.aborted) throw problem(408, "nobody waits for it any more");
        throw error;
      } finally {
        waiting--;
      }
    },
  };
}
