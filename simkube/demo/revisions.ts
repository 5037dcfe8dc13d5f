import { kinds } from "../kinds.ts";
import { suffix } from "../rest.ts";
import { as, controllerOf, ownerReference, type Template, type Workload } from "./types.ts";
import type { World } from "./world.ts";

interface ControllerRevision {
  apiVersion: string;
  kind: string;
  metadata: Workload["metadata"];
  revision: number;
}

/** What is stored is never changed in place, so each template has to be looked through only once. */
const hashes = new WeakMap<Template, string>();

/** The same for equal templates, in whatever order their fields stand. */
export function templateHash(template: Template): string {
  const known = hashes.get(template);
  if (known !== undefined) return known;
  const hash = suffix(canonical(template));
  hashes.set(template, hash);
  return hash;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one !== "object" || one === null || Array.isArray(one)) return one;
    const entries = Object.entries(one).filter(([, part]) => !isEmpty(part));
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

const isEmpty = (value: unknown) =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

/**
 * Keeps each template that a StatefulSet or DaemonSet had as a ControllerRevision; going back to one makes it the
 * newest again. Gives the name of the current one.
 */
export function keepRevision(world: World, set: Workload, hash: string): string {
  const name = `${set.metadata.name}-${hash}`;
  const { namespace } = set.metadata;
  const all = world.rest.store
    .list(kinds.controllerrevisions, namespace)
    .map(as<ControllerRevision>)
    .filter((one) => controllerOf(one.metadata)?.uid === set.metadata.uid);
  const newest = Math.max(0, ...all.map((one) => one.revision));
  const current = all.find((one) => one.metadata.name === name);
  if (current === undefined)
    world.rest.create(kinds.controllerrevisions, namespace, {
      metadata: {
        name,
        labels: { ...set.spec.template.metadata.labels, "controller-revision-hash": hash },
        ownerReferences: [ownerReference(set)],
      },
      data: { spec: { template: { ...set.spec.template, $patch: "replace" } } },
      revision: newest + 1,
    });
  else if (current.revision < newest)
    world.rest.store.put(kinds.controllerrevisions, { ...current, revision: newest + 1 } as never);
  return name;
}
