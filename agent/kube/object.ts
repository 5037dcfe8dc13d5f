/** A Kubernetes object as it comes off the wire: plain JSON, times as RFC 3339 strings. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  [field: string]: unknown;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
}

/** `namespace/name`, or `name` for what has no namespace: how informers and the wire's `removed` name objects. */
export function keyOf(meta: { name: string; namespace?: string }): string {
  return meta.namespace ? `${meta.namespace}/${meta.name}` : meta.name;
}

/**
 * The object with nothing in place of each null, which to the API is what nobody set: controllers write conditions
 * without a time, and one such time would make the master refuse the whole list. Changes the object itself;
 * who manages its fields, which is as long as the rest, is not looked through but left out.
 */
export function withoutNulls(object: KubeObject): KubeObject {
  object.metadata.managedFields = undefined;
  unset(object);
  return object;
}

function unset(value: object): void {
  if (Array.isArray(value)) {
    for (const one of value) if (typeof one === "object" && one !== null) unset(one);
    return;
  }
  const fields = value as Record<string, unknown>;
  for (const name in fields) {
    const one = fields[name];
    if (one === null) fields[name] = undefined;
    else if (typeof one === "object") unset(one);
  }
}
