import type { ObjectReference } from "../../wire/common.ts";

/**
 * Who owns the owners of pods: ReplicaSets by Deployments, Jobs by CronJobs. Pods name their owner only; the
 * chain above is looked up when a pod is sent, and pods that came before their owner are told when it comes.
 */
export class Owners {
  readonly #above = new Map<string, ObjectReference | null>();
  readonly #waiting = new Map<string, Set<string>>();
  /** A pod's owners may have become known. */
  onKnown: (pod: string) => void = () => {};

  /** `owner` owns the object of the kind under the key; null where nobody does. */
  set(kind: string, key: string, owner: ObjectReference | undefined): void {
    const id = `${kind}/${key}`;
    this.#above.set(id, owner ?? null);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    for (const pod of waiting) this.onKnown(pod);
  }

  delete(kind: string, key: string): void {
    this.#above.delete(`${kind}/${key}`);
  }

  /** The chain above a pod as JSON, nearest first: its owner (as `Kind/name`) and who owns that. */
  chain(pod: string, namespace: string, owner: string | undefined): string {
    if (owner === undefined) return "";
    const [kind = "", name = ""] = owner.split("/", 2);
    const chain: ObjectReference[] = [{ kind, name }];
    if (kind === "ReplicaSet" || kind === "Job") {
      const id = `${kind}/${namespace}/${name}`;
      const above = this.#above.get(id);
      if (above) chain.push(above);
      else if (above === undefined) this.#wait(id, pod);
    }
    return JSON.stringify(chain);
  }

  #wait(id: string, pod: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting) waiting.add(pod);
    else this.#waiting.set(id, new Set([pod]));
  }
}
