import type { ConfigMap } from "../../wire/configmap.ts";
import { annotationsOf, filled, some } from "./common.ts";
import type { ConfigMapObject } from "./kube.ts";

/**
 * Keys and their sizes in bytes; contents stay in the cluster. The resourceVersion is left out: leader election
 * of old and annotations of controllers change it without a change of any key.
 * `previewBytes` > 0 sends that many characters of each text value (ATLHYPER_CONFIGMAP_PREVIEW).
 */
export function projectConfigMap(object: ConfigMapObject, previewBytes: number): ConfigMap {
  const { metadata } = object;
  const data = Object.entries(object.data ?? {}).map(([key, value]) => ({
    key,
    size: Buffer.byteLength(value),
    ...(previewBytes > 0
      ? { preview: value.slice(0, previewBytes), truncated: value.length > previewBytes }
      : {}),
  }));
  const binary = Object.entries(object.binaryData ?? {}).map(([key, value]) => ({
    key,
    size: Buffer.byteLength(value, "base64"),
  }));
  const sum = (list: { size: number }[]) => list.reduce((total, one) => total + one.size, 0);
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      labels: filled(metadata.labels),
      annotations: annotationsOf(metadata.annotations),
      createdAt: metadata.creationTimestamp,
      immutable: object.immutable || undefined,
      keys: data.length,
      binaryKeys: binary.length,
      totalSizeBytes: sum(data),
      binaryTotalSizeBytes: sum(binary),
    },
    data: some(data),
    binary: some(binary),
  };
}
