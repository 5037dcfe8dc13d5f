import type { PersistentVolumeClaim } from "../../wire/workloads.ts";
import { annotationsOf, filled, some, told } from "./common.ts";
import type { ClaimObject } from "./kube.ts";

export function projectClaim({ metadata, spec, status }: ClaimObject): PersistentVolumeClaim {
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      createdAt: metadata.creationTimestamp,
      phase: status?.phase,
      storageClass: told(spec?.storageClassName),
      volumeName: told(spec?.volumeName),
      accessModes: some(status?.accessModes ?? spec?.accessModes),
      requested: spec?.resources?.requests?.storage,
      capacity: status?.capacity?.storage,
      volumeMode: spec?.volumeMode,
    },
    labels: filled(metadata.labels),
    annotations: annotationsOf(metadata.annotations),
  };
}
