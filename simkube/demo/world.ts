import { apiVersionOf, type Kind, kinds } from "../kinds.ts";
import type { Fields, Stored } from "../object.ts";
import { type Rest, suffix } from "../rest.ts";
import { as, type Condition, controllerOf, type Pod, type PodStatus } from "./types.ts";

/** What goes wrong with the pods of an app while it lasts. The app is the pods' `app` label. */
export interface Fault {
  namespace: string;
  app: string;
  /** Only pods of this image; so that a rollout can be what breaks. */
  image?: string;
  effect:
    | { kind: "crash"; afterSeconds: number; exitCode: number; reason: "Error" | "OOMKilled" }
    | { kind: "unready"; message: string }
    | { kind: "busy"; cpuCores: number }
    | { kind: "leak"; bytesPerSecond: number };
}

/** Everything the demo's controllers share. Time comes only from `rest.now()`, chance only from `random`. */
export class World {
  readonly rest: Rest;
  readonly random: () => number;
  readonly faults = new Map<string, Fault>();
  /** Images that no registry has. */
  readonly missingImages = new Set<string>();
  /** Repositories that exist; any other cannot be pulled. */
  readonly repositories = new Set<string>();
  /** Nodes whose kubelet does not answer. */
  readonly silentNodes = new Set<string>();
  #serial = 0;

  constructor(rest: Rest, random: () => number) {
    this.rest = rest;
    this.random = random;
  }

  get nowMs(): number {
    return this.rest.now().getTime();
  }

  pods(): Pod[] {
    return this.rest.store.list(kinds.pods).map(as<Pod>);
  }

  podsOf(owner: { metadata: { uid: string; namespace?: string } }): Pod[] {
    return this.rest.store
      .list(kinds.pods, owner.metadata.namespace)
      .map(as<Pod>)
      .filter((pod) => controllerOf(pod.metadata)?.uid === owner.metadata.uid);
  }

  faultsOf(pod: Pod): Fault["effect"][] {
    const image = pod.spec.containers[0]?.image;
    return [...this.faults.values()]
      .filter(
        (fault) =>
          fault.namespace === pod.metadata.namespace &&
          fault.app === pod.metadata.labels?.app &&
          (fault.image === undefined || fault.image === image),
      )
      .map((fault) => fault.effect);
  }

  pullable(image: string): boolean {
    if (this.missingImages.has(image)) return false;
    return this.repositories.has(image.replace(/[:@][^/]*$/, ""));
  }

  /** A name part that no two calls share. */
  suffix(): string {
    return suffix(`${this.random()}-${++this.#serial}`);
  }

  setStatus(kind: Kind, object: { metadata: Stored["metadata"] }, status: object): void {
    this.rest.setStatus(kind, object as Stored, status as Fields);
  }

  setPodStatus(pod: Pod, status: PodStatus): void {
    this.setStatus(kinds.pods, pod, status);
  }

  /** A Kubernetes Event about an object; the same one again within its lifetime only counts up. */
  event(
    kind: Kind,
    object: { metadata: Stored["metadata"] },
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    component: string,
    host?: string,
  ): void {
    const { metadata } = object;
    const namespace = metadata.namespace ?? "default";
    const key = Bun.hash.wyhash(`${metadata.uid}|${reason}|${message}|${component}`).toString(16);
    const name = `${metadata.name}.${key}`;
    const at = this.rest.timestamp();
    const seen = this.rest.store.get(kinds.events, namespace, name);
    if (seen !== undefined) {
      this.rest.store.put(kinds.events, { ...seen, count: Number(seen.count) + 1, lastTimestamp: at });
      return;
    }
    if (this.rest.store.get(kinds.namespaces, undefined, namespace) === undefined) return;
    this.rest.create(kinds.events, namespace, {
      metadata: { name, namespace },
      involvedObject: {
        kind: kind.kind,
        ...(metadata.namespace ? { namespace } : {}),
        name: metadata.name,
        uid: metadata.uid,
        apiVersion: apiVersionOf(kind),
        resourceVersion: metadata.resourceVersion,
      },
      reason,
      message,
      type,
      source: { component, ...(host ? { host } : {}) },
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? "",
    });
  }
}

/** The conditions with one set; its transition time moves only with its status. */
export function withCondition(list: Condition[] | undefined, next: Condition, at: string): Condition[] {
  const before = list?.find((one) => one.type === next.type);
  const same = before?.status === next.status;
  const changed = { ...next, lastTransitionTime: same ? (before?.lastTransitionTime ?? at) : at };
  return before ? list!.map((one) => (one.type === next.type ? changed : one)) : [...(list ?? []), changed];
}

/** A random number generator that gives the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
