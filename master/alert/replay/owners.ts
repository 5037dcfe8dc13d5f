import type { KindKey } from "../../../wire/kinds.ts";
import type { OwnerOf } from "./occurrences.ts";

/** How the pods of a workload are called, after its own name. */
const shapes: readonly [KindKey, string, RegExp][] = [
  ["deployment", "Deployment", /^(.+)-[a-z0-9]{6,10}-[a-z0-9]{5}$/],
  ["cronjob", "CronJob", /^(.+)-\d{6,10}-[a-z0-9]{5}$/],
  ["statefulset", "StatefulSet", /^(.+)-\d+$/],
  ["daemonset", "DaemonSet", /^(.+)-[a-z0-9]{5}$/],
  ["job", "Job", /^(.+)-[a-z0-9]{5}$/],
];

/** Who owns a pod; of one that is gone, the workload there is whose pods are called as it was. */
export function ownersBy(
  known: OwnerOf,
  has: (kind: KindKey, ref: { cluster: string; namespace: string; name: string }) => boolean,
): OwnerOf {
  const found = new Map<string, string | undefined>();
  return (cluster, namespace, pod) => {
    const key = `${cluster}/${namespace}/${pod}`;
    if (!found.has(key)) found.set(key, known(cluster, namespace, pod) ?? byName(cluster, namespace, pod));
    return found.get(key);
  };

  function byName(cluster: string, namespace: string, pod: string): string | undefined {
    for (const [kind, word, shape] of shapes) {
      const name = shape.exec(pod)?.[1];
      if (name !== undefined && has(kind, { cluster, namespace, name })) return `${word}/${name}`;
    }
    return undefined;
  }
}
