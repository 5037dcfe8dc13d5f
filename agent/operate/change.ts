import { pause } from "../kube/backoff.ts";
import { KubeError } from "../kube/error.ts";
import type { KubeObject } from "../kube/object.ts";
import { type Resource, resourcePath } from "../kube/resource.ts";
import { mergePatch } from "./merge-patch.ts";
import { commandAnnotation, type Json, type OperationContext, OperationError } from "./operation.ts";

export interface Place {
  resource: Resource;
  namespace: string | undefined;
  name: string;
}

export interface Change<O, B> {
  /**
   * What there is, as far as the command is about it. Throws an OperationError where the object is not one that
   * the command may be done to.
   */
  read(object: O): B | Promise<B>;
  /** Makes a copy of the object what is wanted. */
  make(copy: O): void;
}

export interface Changed<O, B> {
  /** What was there; undefined where an earlier attempt has changed it without leaving a record. */
  before: B | undefined;
  object: O;
  /** Nothing had to be changed. */
  same: boolean;
}

/** Who wrote what, in the objects' managedFields. */
export const fieldManager = "atlhyper";
const attempts = 10;
/** So long the master's yes to a record counts: an object that changes all the time is not asked for each time. */
const recordMs = 5000;

export const pathOf = ({ resource, namespace, name }: Place, subresource?: string): string =>
  resourcePath(resource, namespace, name, subresource);

export const getObject = <O>(ctx: OperationContext, place: Place): Promise<O> =>
  ctx.client.json<O>("GET", pathOf(place), { signal: ctx.signal });

/** `Deployment shop/web`, `Node n1`: how messages name an object. */
export const nameOf = ({ resource, namespace, name }: Place): string =>
  `${resource.kind} ${namespace ? `${namespace}/` : ""}${name}`;

/**
 * Changes one object, once, whatever was tried before: reads it, records what is there, and patches exactly that
 * version, with the command's id as an annotation. An object that carries the id was changed by an earlier
 * attempt; one that has changed in between is read again, and recorded again where what it held is different.
 */
export async function changeObject<O extends object, B extends { [key: string]: Json }>(
  ctx: OperationContext,
  place: Place,
  { read, make }: Change<O, B>,
): Promise<Changed<O, B>> {
  const recorded = ctx.before as { uid: string; was: B } | undefined;
  let before = recorded?.was;
  let recordedAt = Number.NEGATIVE_INFINITY;
  for (let attempt = 1; ; attempt++) {
    const object = await getObject<O & KubeObject>(ctx, place);
    const { uid = "", resourceVersion, annotations } = object.metadata;
    if (annotations?.[commandAnnotation] === ctx.command.id) return { before, object, same: false };
    if (recorded !== undefined && recorded.uid !== uid)
      throw new OperationError("Conflict", `${nameOf(place)} has been deleted and made anew since.`);
    const found = await read(object);
    // Also where it is the same as before: the master's yes says that the command is still this agent's to do.
    if (!Bun.deepEquals(before, found) || performance.now() - recordedAt > recordMs) {
      recordedAt = performance.now();
      await ctx.record({ uid, was: found });
      before = found;
    }
    const copy = structuredClone(object);
    make(copy);
    const patch = mergePatch(object as unknown as Json, copy as unknown as Json) as
      | { metadata?: object }
      | undefined;
    if (patch === undefined) return { before, object, same: true };
    const metadata = {
      ...patch.metadata,
      resourceVersion,
      annotations: {
        ...(patch.metadata as KubeObject["metadata"])?.annotations,
        [commandAnnotation]: ctx.command.id,
      },
    };
    try {
      // Without the command's signal: an answer that is not waited for leaves open whether it took effect.
      const after = await ctx.client.json<O>("PATCH", pathOf(place), {
        contentType: "application/merge-patch+json",
        query: { fieldManager },
        body: { ...patch, metadata },
      });
      return { before, object: after, same: false };
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 409) || attempt === attempts) throw error;
      await pause(20 * attempt * (1 + Math.random()), ctx.signal);
      if (ctx.signal.aborted) throw ctx.signal.reason;
    }
  }
}

/**
 * For a command that takes another back: refuses where the object is no longer as that one left it, which
 * `args.expect` says. `found` is what is there now, `words` how each is told ("replicas are").
 */
export function checkExpected(
  ctx: OperationContext,
  place: Place,
  found: { [key: string]: Json | undefined },
  words: Record<string, string> = {},
): void {
  const expect = ctx.command.args?.expect as { [key: string]: Json } | undefined;
  if (typeof expect !== "object" || expect === null) return;
  for (const [key, then] of Object.entries(expect)) {
    const now = found[key];
    if (Bun.deepEquals(now, then)) continue;
    if (key === "uid")
      throw new OperationError("Conflict", `${nameOf(place)} has been deleted and made anew since.`);
    throw new OperationError(
      "Conflict",
      `${nameOf(place)} has changed since: its ${words[key] ?? `${key} is`} ${shown(now)} now, not ${shown(then)} as that command left it.`,
    );
  }
}

const shown = (value: Json | undefined) =>
  value === undefined || value === null
    ? "not set"
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
