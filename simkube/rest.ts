import { alreadyExists, badRequest, conflict, modified, notFound } from "./api-error.ts";
import { applyDefaults } from "./defaults.ts";
import { apiVersionOf, type Kind, kinds } from "./kinds.ts";
import { type Fields, isFields, type Meta, type Stored } from "./object.ts";
import type { Store } from "./store.ts";
import { asObject, validate } from "./validate.ts";

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
  propagationPolicy?: string;
  dryRun?: string[];
}

/**
 * What may be done to objects, with the rules of the real API server: identity, generations, conflicts, status
 * apart from spec, grace and finalizers. Used by the HTTP side and by the demo's controllers alike.
 */
export class Rest {
  readonly store: Store;
  readonly now: () => Date;
  readonly #uid: () => string;

  constructor(
    store: Store,
    now: () => Date = () => new Date(),
    uid: () => string = () => crypto.randomUUID(),
  ) {
    this.store = store;
    this.now = now;
    this.#uid = uid;
  }

  timestamp(): string {
    return this.now()
      .toISOString()
      .replace(/\.\d+Z$/, "Z");
  }

  get(kind: Kind, namespace: string | undefined, name: string): Stored {
    const object = this.store.get(kind, namespace, name);
    if (object === undefined) throw notFound(kind, name);
    return object;
  }

  create(kind: Kind, namespace: string | undefined, body: unknown): Stored {
    const given = structuredClone(asObject(kind, body, namespace));
    const meta = (given.metadata ?? {}) as Partial<Meta>;
    if (meta.resourceVersion) throw badRequest("resourceVersion should not be set on objects to be created");
    const name = meta.name || (meta.generateName ? `${meta.generateName}${suffix(this.#uid())}` : "");
    if (name === "") throw badRequest("name or generateName is required");
    if (kind.namespaced && this.store.get(kinds.namespaces, undefined, namespace!) === undefined)
      throw notFound(kinds.namespaces, namespace!);
    if (this.store.get(kind, namespace, name)) throw alreadyExists(kind, name);
    const object: Stored = {
      ...given,
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata: {
        ...meta,
        name,
        ...(kind.namespaced ? { namespace } : {}),
        uid: this.#uid(),
        resourceVersion: "",
        creationTimestamp: this.timestamp(),
        ...(kind.status && given.spec !== undefined ? { generation: 1 } : {}),
      },
    } as Stored;
    delete object.metadata.deletionTimestamp;
    // A node's status may be given at its creation; that of every other kind is for its controller to write.
    if (kind.status && !["Node", "Namespace"].includes(kind.kind)) delete object.status;
    applyDefaults(kind, object);
    validate(kind, object, undefined);
    return this.store.put(kind, object);
  }

  /** PUT: the whole object, or with `subresource: "status"` its status alone. */
  update(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    body: unknown,
    subresource?: "status",
  ): Stored {
    const given = structuredClone(asObject(kind, body, namespace));
    const before = this.get(kind, namespace, name);
    const meta = (given.metadata ?? {}) as Partial<Meta>;
    if (meta.name !== undefined && meta.name !== name)
      throw badRequest(`the name of the object (${meta.name}) does not match the name on the URL (${name})`);
    if (meta.resourceVersion && meta.resourceVersion !== before.metadata.resourceVersion)
      throw modified(kind, name);
    if (meta.uid && meta.uid !== before.metadata.uid)
      throw conflict(
        kind,
        name,
        `Precondition failed: UID in precondition: ${meta.uid}, UID in object meta: ${before.metadata.uid}`,
      );
    const after =
      subresource === "status"
        ? { ...before, status: given.status as Fields }
        : this.#replaced(kind, before, given);
    return this.#save(kind, before, after as Stored);
  }

  /** Deletes at once, or marks the object where finalizers or a pod's grace ask for time. */
  delete(kind: Kind, namespace: string | undefined, name: string, options: DeleteOptions = {}): Stored {
    const object = this.get(kind, namespace, name);
    const { uid, resourceVersion } = options.preconditions ?? {};
    if (uid !== undefined && uid !== object.metadata.uid)
      throw conflict(
        kind,
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`,
      );
    if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion)
      throw conflict(
        kind,
        name,
        `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${object.metadata.resourceVersion}`,
      );
    const grace = graceOf(kind, object, options);
    if (grace === 0 && (object.metadata.finalizers ?? []).length === 0) {
      if (kind.kind === "Namespace") this.#emptyNamespace(name);
      return this.store.remove(kind, object);
    }
    if (object.metadata.deletionTimestamp && (object.metadata.deletionGracePeriodSeconds ?? 0) <= grace)
      return object;
    const at = new Date(this.now().getTime() + grace * 1000).toISOString().replace(/\.\d+Z$/, "Z");
    return this.store.put(kind, {
      ...object,
      metadata: { ...object.metadata, deletionTimestamp: at, deletionGracePeriodSeconds: grace },
    });
  }

  /** Stores a status computed by a controller; nothing happens when it is what is there already. */
  setStatus(kind: Kind, object: Stored, status: Fields): Stored {
    const before = this.store.get(kind, object.metadata.namespace, object.metadata.name);
    if (before === undefined || Bun.deepEquals(before.status, status)) return before ?? object;
    return this.store.put(kind, { ...before, status });
  }

  #replaced(kind: Kind, before: Stored, given: Fields): Stored {
    const meta = (given.metadata ?? {}) as Partial<Meta>;
    const after = {
      ...given,
      apiVersion: before.apiVersion,
      kind: before.kind,
      metadata: {
        ...before.metadata,
        labels: meta.labels,
        annotations: meta.annotations,
        finalizers: meta.finalizers,
        ownerReferences: meta.ownerReferences,
      },
      ...(kind.status ? { status: before.status } : {}),
    } as Stored;
    for (const field of ["labels", "annotations", "finalizers", "ownerReferences"] as const)
      if (after.metadata[field] === undefined) delete after.metadata[field];
    if (after.status === undefined) delete after.status;
    return after;
  }

  #save(kind: Kind, before: Stored, after: Stored): Stored {
    applyDefaults(kind, after);
    validate(kind, after, before);
    // A Deployment counts its annotations too: its controller hands them on to its ReplicaSets.
    const annotated =
      kind.kind === "Deployment" && !Bun.deepEquals(before.metadata.annotations, after.metadata.annotations);
    if (kind.status && (annotated || !Bun.deepEquals(before.spec, after.spec)))
      after.metadata = { ...after.metadata, generation: (before.metadata.generation ?? 1) + 1 };
    // Finalizers are done: what was only marked goes now.
    if (
      after.metadata.deletionTimestamp &&
      (after.metadata.finalizers ?? []).length === 0 &&
      before.metadata.finalizers?.length
    )
      return this.store.remove(kind, after);
    if (Bun.deepEquals(before, after)) return before;
    return this.store.put(kind, after);
  }

  #emptyNamespace(namespace: string): void {
    const seen = new Set<string>();
    for (const kind of Object.values(kinds) as Kind[]) {
      if (!kind.namespaced || seen.has(kind.storage)) continue;
      seen.add(kind.storage);
      for (const object of this.store.list(kind, namespace)) this.store.remove(kind, object);
    }
  }
}

/** Only a pod that is on a node gets time to end: its kubelet says when it has. */
function graceOf(kind: Kind, object: Stored, options: DeleteOptions): number {
  if (kind.kind !== "Pod" || !isFields(object.spec) || !object.spec.nodeName) return 0;
  if (object.status?.phase === "Succeeded" || object.status?.phase === "Failed") return 0;
  return options.gracePeriodSeconds ?? Number(object.spec.terminationGracePeriodSeconds ?? 30);
}

/** Five characters of the alphabet that generated names use (no vowels, nothing that looks like another). */
export function suffix(seed: string): string {
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  let hash = Bun.hash.wyhash(seed);
  let text = "";
  for (let i = 0; i < 5; i++) {
    text += alphabet[Number(hash % 27n)];
    hash /= 27n;
  }
  return text;
}
