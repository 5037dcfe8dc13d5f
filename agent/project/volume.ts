import type { Volume } from "../../wire/common.ts";
import { some } from "./common.ts";
import type { VolumeSpec } from "./kube.ts";

/**
 * The name of a volume. The service account's token volume carries a random suffix in each pod
 * (`kube-api-access-x7k2p`), which says nothing and would make the same volumes differ from pod to pod.
 */
export const mountName = (name: string): string =>
  /^kube-api-access-[a-z0-9]{5}$/.test(name) ? "kube-api-access" : name;

export function volumesOf(volumes: VolumeSpec[] | undefined): Volume[] | undefined {
  return some(volumes?.map(volumeOf));
}

/** A volume's type as its field is called, and what it comes from in one line. */
function volumeOf({ name, ...sources }: VolumeSpec): Volume {
  const type = Object.keys(sources).find((key) => sources[key as keyof typeof sources] != null);
  return { name: mountName(name), type: type ?? "emptyDir", source: sourceText(sources) };
}

function sourceText(volume: Omit<VolumeSpec, "name">): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName;
  if (volume.configMap) return volume.configMap.name;
  if (volume.secret) return volume.secret.secretName;
  if (volume.hostPath) return volume.hostPath.path;
  if (volume.nfs) return `${volume.nfs.server}:${volume.nfs.path}`;
  if (volume.csi) return volume.csi.driver;
  if (volume.image) return volume.image.reference;
  if (volume.emptyDir?.medium || volume.emptyDir?.sizeLimit)
    return [volume.emptyDir.medium, volume.emptyDir.sizeLimit].filter(Boolean).join(" ");
  if (volume.ephemeral) return volume.ephemeral.volumeClaimTemplate?.spec.storageClassName;
  if (volume.projected) {
    const parts = (volume.projected.sources ?? []).map((source) => {
      if (source.configMap) return `configmap ${source.configMap.name}`;
      if (source.secret) return `secret ${source.secret.name}`;
      if (source.serviceAccountToken) return "service account token";
      return source.downwardAPI ? "downward API" : "trust bundle";
    });
    return parts.join(", ");
  }
  return undefined;
}
