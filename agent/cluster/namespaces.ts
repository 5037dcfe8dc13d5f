import { resources } from "../kube/resource.ts";
import { membersOf } from "../lists/text.ts";
import type { LimitRangeObject, ResourceQuotaObject } from "../project/kube.ts";
import {
  type Counts,
  joinNamespace,
  type LimitRangeView,
  projectLimitRange,
  projectNamespace,
  projectQuota,
  type Quota,
} from "../project/namespace.ts";
import { type TrackedList, trackSimple } from "./simple.ts";
import { type AnyTracker, type Diagnosis, nameOf, namespaceOf, type Tracker } from "./tracker.ts";

type CountName = keyof Counts;

const phaseCounts: Record<string, CountName> = {
  Running: "podsRunning",
  Pending: "podsPending",
  Failed: "podsFailed",
  Succeeded: "podsSucceeded",
};
const podCounts: CountName[] = ["pods", ...Object.values(phaseCounts)];

/** How many objects of each kind are in each namespace. */
export class NamespaceCounts {
  readonly #counts = new Map<string, Partial<Record<CountName, number>>>();
  /** What can be counted: a kind that may not be read is absent, not 0. */
  readonly #counted = new Set<CountName>();
  onChange: (namespace: string) => void = () => {};

  /** The kind is known in full: where nothing was counted, there is nothing. */
  setCounted(name: CountName): void {
    for (const one of name === "pods" ? podCounts : [name]) this.#counted.add(one);
  }

  add(namespace: string, name: CountName, by: number): void {
    const counts = this.#counts.get(namespace) ?? {};
    counts[name] = (counts[name] ?? 0) + by;
    if (counts[name] === 0) delete counts[name];
    if (Object.keys(counts).length > 0) this.#counts.set(namespace, counts);
    else this.#counts.delete(namespace);
    this.onChange(namespace);
  }

  pod(namespace: string, before: string | undefined, after: string | undefined): void {
    if (before === after) return;
    for (const [phase, by] of [[before, -1] as const, [after, 1] as const]) {
      if (phase === undefined) continue;
      this.add(namespace, "pods", by);
      const name = phaseCounts[phase];
      if (name) this.add(namespace, name, by);
    }
  }

  of(namespace: string): Counts {
    const counts = this.#counts.get(namespace);
    return Object.fromEntries([...this.#counted].map((name) => [name, counts?.[name] ?? 0]));
  }
}

/** Namespaces with what is counted in them, their quotas and limit ranges. */
export function trackNamespaces(
  diagnosis: Diagnosis,
  counts: NamespaceCounts,
): { namespaces: TrackedList; quotas: AnyTracker; limitRanges: AnyTracker } {
  const quotas = trackInside(resources.resourcequotas, (object) =>
    projectQuota(object as unknown as ResourceQuotaObject),
  );
  const limitRanges = trackInside(resources.limitranges, (object) =>
    projectLimitRange(object as unknown as LimitRangeObject),
  );
  const namespaces = trackSimple({
    kind: "namespace",
    resource: resources.namespaces,
    diagnosis,
    project: projectNamespace,
    join: (name) =>
      membersOf(
        joinNamespace(counts.of(name), quotas.of(name) as Quota[], limitRanges.of(name) as LimitRangeView[]),
      ),
  });
  const touch = (name: string) => {
    if (namespaces.items.has(name)) namespaces.list.touch(name);
  };
  counts.onChange = touch;
  quotas.onChange = touch;
  limitRanges.onChange = touch;
  return { namespaces, quotas: quotas.tracker, limitRanges: limitRanges.tracker };
}

/** The few objects of a kind that are shown as part of their namespace. */
function trackInside(
  resource: AnyTracker["resource"],
  project: (object: Parameters<AnyTracker["project"]>[0]) => object,
) {
  const byNamespace = new Map<string, Map<string, object>>();
  const inside = {
    onChange: (_namespace: string) => {},
    of: (namespace: string): object[] => [...(byNamespace.get(namespace)?.values() ?? [])],
    tracker: {
      resource,
      items: new Map(),
      project: (object) => JSON.stringify(project(object)),
      change(change) {
        const namespace = namespaceOf(change.key);
        const list = byNamespace.get(namespace) ?? new Map<string, object>();
        if (change.type === "upsert") list.set(nameOf(change.key), JSON.parse(change.item));
        else list.delete(nameOf(change.key));
        byNamespace.set(namespace, list);
        inside.onChange(namespace);
      },
    } as Tracker<string>,
  };
  return inside;
}

/** Objects that are only counted. */
export function trackCounted(
  resource: AnyTracker["resource"],
  name: CountName,
  counts: NamespaceCounts,
): Tracker<true> {
  return {
    resource,
    items: new Map(),
    project: () => true,
    change({ type, key }) {
      counts.add(namespaceOf(key), name, type === "delete" ? -1 : 1);
    },
  };
}

/** Counts the changes of a kind that is tracked for itself. */
export function countChange(
  counts: NamespaceCounts,
  name: CountName,
  change: { type: "upsert" | "delete"; key: string; previous: unknown },
): void {
  if (change.type === "delete") counts.add(namespaceOf(change.key), name, -1);
  else if (change.previous === undefined) counts.add(namespaceOf(change.key), name, 1);
}
