import type { Volume } from "../../../wire/common.ts";
import type { Pod } from "../../../wire/pod.ts";

/** The Kubernetes kind of the object that a volume's content comes from, where it is one that has a page. */
export function volumeKind(volume: Volume): "" | "ConfigMap" | "PersistentVolumeClaim" {
  const type = (volume.type ?? "").toLowerCase();
  if (type.includes("configmap")) return "ConfigMap";
  return type === "pvc" || type.includes("persistentvolumeclaim") ? "PersistentVolumeClaim" : "";
}

/** The name of that object. AtlHyper 1.x sends the source as Kubernetes has it, as an object. */
export function volumeSource({ source }: Volume): string {
  if (typeof source === "string") return source;
  const { claimName, name } = (source ?? {}) as { claimName?: unknown; name?: unknown };
  return String(claimName ?? name ?? "");
}

export function claimsOf(pod: Pod): string[] {
  return unique(
    (pod.volumes ?? []).filter((one) => volumeKind(one) === "PersistentVolumeClaim").map(volumeSource),
  );
}

/** ConfigMaps that a pod mounts, also within a projected volume, or takes its environment from. */
export function configMapsOf(pod: Pod): string[] {
  const projected = (pod.volumes ?? []).flatMap((one) =>
    typeof one.source === "string" && one.type === "projected" ? named(one.source) : [],
  );
  return unique([
    ...(pod.volumes ?? []).filter((one) => volumeKind(one) === "ConfigMap").map(volumeSource),
    ...projected,
    ...(pod.containers ?? []).flatMap((one) => (one.env ?? []).flatMap((two) => named(two.source ?? ""))),
  ]);
}

/** `configmap <name>/<key>` and the like, as the agent words sources. */
function named(text: string): string[] {
  return [...text.matchAll(/configmap ([^\s/,]+)/gi)].map((match) => match[1]!);
}

function unique(names: string[]): string[] {
  return [...new Set(names)].filter((one) => one !== "");
}
