import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/object.ts";
import { badRequest, targetText } from "./args.ts";
import type { Place } from "./change.ts";
import { findResource } from "./discovery.ts";
import type { Resource } from "../kube/resource.ts";
import { commandAnnotation, type Json, type OperationContext } from "./operation.ts";

/** What stands in the place of a Secret's value; a manifest with it in it is never applied. */
const maskPattern = /^<masked: \d+ bytes>$/;
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** The object that a command's target names: {apiVersion, kind, ns?, name}. */
export async function resourcePlace({ client, command, signal }: OperationContext): Promise<Place> {
  const resource = await findResource(
    client,
    targetText(command, "apiVersion"),
    targetText(command, "kind"),
    signal,
  );
  const namespace = command.target.ns || undefined;
  if (resource.namespaced && namespace === undefined)
    throw badRequest(`A ${resource.kind} is in a namespace: the target needs its ns.`);
  checkNamespace(resource, namespace);
  return {
    resource,
    namespace,
    name: targetText(command, "name"),
  };
}

/** What is in no namespace is not named by one: the right to a command was judged by the namespace it names. */
export function checkNamespace(resource: Resource, namespace: string | undefined): void {
  if (!resource.namespaced && namespace !== undefined)
    throw badRequest(`A ${resource.kind} is in no namespace: the target has no ns.`);
}

export const isSecret = ({ resource }: Pick<Place, "resource">): boolean =>
  resource.group === "" && resource.kind === "Secret";

/** An object without the values of a Secret: its keys and their sizes stay. */
export function masked<O extends KubeObject>(object: O): O {
  const copy = structuredClone(object) as O & {
    data?: Record<string, string>;
    stringData?: Record<string, string>;
  };
  for (const [key, value] of Object.entries(copy.data ?? {}))
    copy.data![key] = mask(Buffer.from(String(value), "base64").length);
  for (const [key, value] of Object.entries(copy.stringData ?? {}))
    copy.stringData![key] = mask(Buffer.byteLength(String(value)));
  // kubectl apply keeps all of what was applied, values too.
  if (copy.metadata.annotations?.[lastApplied] !== undefined)
    copy.metadata.annotations[lastApplied] = mask(copy.metadata.annotations[lastApplied].length);
  return copy;
}

const mask = (bytes: number) => `<masked: ${bytes} bytes>`;

/** As a person reads it: without who owns which field, and without the copy of itself that kubectl apply keeps. */
export function readable<O extends KubeObject>(object: O): O {
  const { managedFields: _, annotations, ...metadata } = object.metadata;
  const { [lastApplied]: _applied, ...others } = annotations ?? {};
  return {
    ...object,
    metadata: { ...metadata, ...(Object.keys(others).length > 0 ? { annotations: others } : {}) },
  } as O;
}

/** An object without who owns which of its fields. */
export function withoutManagedFields<O extends KubeObject>(object: O): O {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata } as O;
}

/** What is left of an object to make it again: nothing that the server gives, and no status. */
export function cleaned(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object;
  const {
    uid: _uid,
    resourceVersion: _version,
    generation: _generation,
    creationTimestamp: _created,
    deletionTimestamp: _deleted,
    deletionGracePeriodSeconds: _grace,
    managedFields: _fields,
    selfLink: _link,
    annotations: { [commandAnnotation]: _command, ...annotations } = {},
    ...metadata
  } = object.metadata;
  return {
    ...rest,
    metadata: { ...metadata, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
  } as KubeObject;
}

/** Names what an object says, apart from its status and what the server counts: the same text has the same hash. */
export function contentHash(object: KubeObject): string {
  return createHash("sha256")
    .update(canonical(cleaned(object) as Json))
    .digest("base64url")
    .slice(0, 22);
}

function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
}

export const yamlOf = (value: unknown): string => `${Bun.YAML.stringify(value, null, 2).trimEnd()}\n`;

/**
 * The manifest of a command: an object, or YAML of one. Throws a BadRequest where it is another object than the
 * target names, which is what the right to do this was judged by.
 */
export function manifestOf({ command }: OperationContext, place: Place): KubeObject {
  const object = parse(command.args?.manifest);
  const { resource, namespace, name } = place;
  const wanted = { apiVersion: command.target.apiVersion, kind: resource.kind };
  for (const key of ["apiVersion", "kind"] as const)
    if (object[key] !== wanted[key])
      throw badRequest(
        `The manifest's ${key} is ${String(object[key])}, and the command is for ${wanted[key]}.`,
      );
  const metadata = object.metadata as KubeObject["metadata"] | undefined;
  if (metadata?.name !== name)
    throw badRequest(`The manifest is named ${metadata?.name ?? "nothing"}, and the command is for ${name}.`);
  if (metadata.namespace !== undefined && metadata.namespace !== namespace)
    throw badRequest(
      `The manifest is in namespace ${metadata.namespace}, and the command is for ${namespace ?? "no namespace"}.`,
    );
  if (isMasked(object as Json))
    throw badRequest(
      "The manifest has masked values in it: put the real ones in their place, or leave the keys out.",
    );
  return withoutManagedFields({
    ...object,
    metadata: { ...metadata, ...(namespace ? { namespace } : {}) },
  });
}

function parse(manifest: unknown): KubeObject {
  let value = manifest;
  if (typeof manifest === "string")
    try {
      value = Bun.YAML.parse(manifest);
    } catch (error) {
      throw badRequest(`The manifest is not YAML: ${(error as Error).message}.`);
    }
  if (Array.isArray(value))
    throw badRequest(
      "The manifest holds several documents: apply them one by one, each is a command of its own.",
    );
  if (typeof value !== "object" || value === null || typeof (value as KubeObject).metadata !== "object")
    throw badRequest("The manifest is no Kubernetes object: it has apiVersion, kind and metadata.");
  return value as KubeObject;
}

function isMasked(value: Json): boolean {
  if (typeof value === "string") return maskPattern.test(value);
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some((one) => isMasked(one as Json));
}
