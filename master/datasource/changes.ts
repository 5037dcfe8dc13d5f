import type { ConfigMap } from "../../wire/configmap.ts";
import type { Template } from "../../wire/deployment.ts";
import type { AnyItem, ItemOf, KindKey } from "../../wire/kinds.ts";

/** Something that was changed on purpose, or by itself, and may be why something broke afterwards. */
export interface Change {
  atMs: number;
  /** Whom it concerns: `Kind/namespace/name`. */
  subject: string;
  /** In words: `image changed to web:1.4`. */
  text: string;
}

const keptMs = 60 * 60_000;
const mostKept = 2000;
export const beforeMs = 15 * 60_000;

/** What changed in each cluster in the last hour, found by comparing objects with those they replace. */
export class Changes {
  readonly #clusters = new Map<string, Change[]>();

  add(cluster: string, change: Change): void {
    const changes = this.#clusters.get(cluster);
    if (!changes) this.#clusters.set(cluster, [change]);
    else {
      changes.push(change);
      if (changes.length > mostKept || change.atMs - changes[0]!.atMs > keptMs) changes.shift();
    }
  }

  /** The newest change of one of the subjects in the 15 minutes before a time. */
  lastBefore(cluster: string, subjects: ReadonlySet<string>, ms: number): Change | undefined {
    // A moment after counts too: the fault is often seen in the same second as the change.
    return this.#clusters
      .get(cluster)
      ?.findLast(({ atMs, subject }) => atMs <= ms + 2000 && atMs >= ms - beforeMs && subjects.has(subject));
  }

  removeCluster(cluster: string): void {
    this.#clusters.delete(cluster);
  }
}

/** The kinds of which `changeOf` can tell something. */
export const canBreak: ReadonlySet<KindKey> = new Set([
  "deployment",
  "statefulset",
  "daemonset",
  "configmap",
]);

/** What is different about an object in a way that can break something; undefined if nothing is. */
export function changeOf(kind: KindKey, before: AnyItem, after: AnyItem): string | undefined {
  switch (kind) {
    case "deployment":
    case "statefulset":
    case "daemonset":
      return templateChange(
        (before as ItemOf["deployment"]).template,
        (after as ItemOf["deployment"]).template,
      );
    case "configmap": {
      const [old, now] = [before as ConfigMap, after as ConfigMap];
      return old.summary.resourceVersion !== now.summary.resourceVersion ||
        JSON.stringify(old.data) !== JSON.stringify(now.data)
        ? `ConfigMap ${now.summary.name} changed`
        : undefined;
    }
    default:
      return undefined;
  }
}

function templateChange(
  before: Template | null | undefined,
  after: Template | null | undefined,
): string | undefined {
  if (!before || !after) return undefined;
  for (const container of after.containers ?? []) {
    const old = before.containers?.find((one) => one.name === container.name);
    if (old && old.image !== container.image) return `image changed to ${shortImage(container.image)}`;
    if (old && JSON.stringify(old.resources) !== JSON.stringify(container.resources))
      return `resources of ${container.name} changed`;
  }
  return JSON.stringify(before) === JSON.stringify(after) ? undefined : "template changed";
}

export function shortImage(image: string | undefined): string {
  return (image ?? "").split("/").at(-1) ?? "";
}

/** The ConfigMaps that a template's pods read, by name. */
export function configMapsOf(template: Template | null | undefined): string[] {
  const names: string[] = [];
  for (const volume of template?.volumes ?? []) {
    if (volume.type === "configMap" || volume.type === "configmap") {
      const source = volume.source as { name?: string } | string | undefined;
      const name = typeof source === "string" ? source : source?.name;
      if (name) names.push(name);
    }
  }
  for (const container of template?.containers ?? [])
    for (const { source } of container.env ?? []) {
      const match = /^configmap ([^\s/]+)/i.exec(source ?? "");
      if (match) names.push(match[1]!);
    }
  return names;
}
