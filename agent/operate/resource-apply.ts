import { pause } from "../kube/backoff.ts";
import { KubeError } from "../kube/error.ts";
import type { KubeObject } from "../kube/object.ts";
import { badRequest, flag } from "./args.ts";
import { checkExpected, fieldManager, getObject, nameOf, pathOf, type Place } from "./change.ts";
import {
  cleaned,
  contentHash,
  isSecret,
  manifestOf,
  masked,
  readable,
  resourcePlace,
  withoutManagedFields,
  yamlOf,
} from "./manifest.ts";
import {
  commandAnnotation,
  type Json,
  type Operation,
  type OperationContext,
  OperationError,
  type Outcome,
} from "./operation.ts";

const attempts = 5;

/**
 * Applies a manifest as field manager `atlhyper` (server-side apply, KEP-555). `args`: manifest (an object, or
 * YAML of one); dryRun, which gives `data` {before, after, conflicts, expect} and changes nothing; force, to take
 * fields over from their managers; replace, to put the manifest in the object's place whole, as an undo does;
 * create, to make it anew only; expect {hash}, what the object said when the change was thought of, or {absent}.
 */
export const resourceApply: Operation = {
  type: "ResourceApply",
  async run(ctx) {
    const place = await resourcePlace(ctx);
    const manifest = manifestOf(ctx, place);
    const namespace = place.resource.kind === "Namespace" ? place.name : (place.namespace ?? "");
    if (flag(ctx.command, "dryRun")) return dryRun(ctx, place, manifest);
    if (ctx.isProtected(namespace))
      throw new OperationError(
        "Refused",
        `The agent of this cluster changes nothing in namespace ${namespace}.`,
      );
    return apply(ctx, place, manifest);
  },
};

/** The object that is there; undefined where there is none. */
export async function findObject(ctx: OperationContext, place: Place): Promise<KubeObject | undefined> {
  try {
    return await getObject<KubeObject>(ctx, place);
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}

async function dryRun(ctx: OperationContext, place: Place, manifest: KubeObject): Promise<Outcome> {
  const current = await findObject(ctx, place);
  check(ctx, place, current);
  let conflicts: Conflict[] = [];
  let after: KubeObject;
  try {
    after = await send(ctx, place, manifest, current, true, flag(ctx.command, "force") ?? false);
  } catch (error) {
    conflicts = conflictsOf(error);
    if (conflicts.length === 0) throw error;
    after = await send(ctx, place, manifest, current, true, true);
  }
  const text = (object: KubeObject) => {
    const shown = readable(cleaned(object));
    return yamlOf(isSecret(place) ? masked(shown) : shown);
  };
  return {
    message: `${nameOf(place)} would be ${current ? "changed" : "created"}.`,
    data: {
      before: current ? text(current) : undefined,
      after: text(after),
      conflicts,
      expect: current ? { hash: contentHash(current) } : { absent: true },
    },
  };
}

async function apply(ctx: OperationContext, place: Place, manifest: KubeObject): Promise<Outcome> {
  const recorded = ctx.before as { uid: string | null; manifest: Json } | undefined;
  for (let attempt = 1; ; attempt++) {
    const current = await findObject(ctx, place);
    if (current?.metadata.annotations?.[commandAnnotation] === ctx.command.id)
      return done(place, recorded?.uid ?? undefined, recorded?.manifest, current);
    if (recorded && (recorded.uid ?? undefined) !== current?.metadata.uid)
      throw new OperationError("Conflict", `${nameOf(place)} has been deleted or made anew since.`);
    check(ctx, place, current);
    // Values of a Secret stay in the cluster, so its former state is not kept.
    const former = current && !isSecret(place) ? (cleaned(current) as Json) : null;
    await ctx.record({ uid: current?.metadata.uid ?? null, manifest: former });
    try {
      const after = await send(ctx, place, manifest, current, false, flag(ctx.command, "force") ?? false);
      return done(place, current?.metadata.uid, former, after);
    } catch (error) {
      const conflicts = conflictsOf(error);
      if (conflicts.length > 0) throw new OperationError("Conflict", conflictText(place, conflicts));
      const moved = error instanceof KubeError && error.status === 409;
      if (!moved || attempt === attempts) throw error;
      await pause(50 * attempt, ctx.signal);
      if (ctx.signal.aborted) throw ctx.signal.reason;
    }
  }
}

function done(place: Place, uid: string | undefined, former: Json | undefined, after: KubeObject): Outcome {
  const { resource, namespace, name } = place;
  const target = {
    apiVersion: resource.group === "" ? resource.version : `${resource.group}/${resource.version}`,
    kind: resource.kind,
    ...(namespace ? { ns: namespace } : {}),
    name,
  };
  if (uid === undefined)
    return {
      message: `${nameOf(place)} was created.`,
      verified: "none",
      undo: { type: "ResourceDelete", target, args: { expect: { uid: after.metadata.uid } } },
    };
  const secret = isSecret(place) ? " What it held before is not kept, so this cannot be taken back." : "";
  return {
    message: `${nameOf(place)} was changed.${secret}`,
    verified: "none",
    undo: former
      ? {
          type: "ResourceApply",
          target,
          args: { manifest: former, replace: true, expect: { hash: contentHash(after) } },
        }
      : undefined,
  };
}

function check(ctx: OperationContext, place: Place, current: KubeObject | undefined): void {
  const expect = ctx.command.args?.expect as { absent?: boolean; hash?: string } | undefined;
  const create = flag(ctx.command, "create") === true || expect?.absent === true;
  if (create && current) throw new OperationError("Conflict", `${nameOf(place)} is there already.`);
  if (expect?.hash !== undefined && current === undefined)
    throw new OperationError("Conflict", `${nameOf(place)} is gone.`);
  if (expect?.hash !== undefined && expect.hash !== contentHash(current!))
    throw new OperationError("Conflict", `${nameOf(place)} has changed since: look at it again, then apply.`);
  if (current && expect && "uid" in expect) checkExpected(ctx, place, { uid: current.metadata.uid });
}

/** Sends it under the version that was read; with `dryRun` nothing is stored. */
function send(
  ctx: OperationContext,
  place: Place,
  manifest: KubeObject,
  current: KubeObject | undefined,
  dryRun: boolean,
  force: boolean,
): Promise<KubeObject> {
  const { client, command } = ctx;
  const replace = command.args?.replace === true;
  if (replace && current === undefined && !dryRun)
    throw badRequest(`${nameOf(place)} is not there, so there is nothing to replace.`);
  const body = {
    ...manifest,
    metadata: {
      ...cleaned(manifest).metadata,
      ...(current ? { resourceVersion: current.metadata.resourceVersion } : {}),
      annotations: {
        ...manifest.metadata.annotations,
        // The mark of a dry run would stand in the difference.
        ...(dryRun ? {} : { [commandAnnotation]: command.id }),
      },
    },
  };
  const query = { fieldManager, dryRun: dryRun ? "All" : undefined };
  // Without the command's signal: an answer that is not waited for leaves open whether it took effect.
  if (replace)
    return client.json<KubeObject>("PUT", pathOf(place), {
      query,
      body: { ...body, status: current?.status },
    });
  return client
    .json<KubeObject>("PATCH", pathOf(place), {
      query: { ...query, force: force || undefined },
      contentType: "application/apply-patch+yaml",
      body,
    })
    .then(withoutManagedFields);
}

export interface Conflict {
  manager: string;
  field: string;
}

/** `conflict with "kubectl" using apps/v1` → whose field it is; the fields stand in the message (KEP-555). */
function conflictsOf(error: unknown): Conflict[] {
  if (!(error instanceof KubeError) || error.status !== 409 || error.causes.length === 0) return [];
  const named = error.causes.flatMap((cause, at) => {
    const manager = /^conflicts? with "((?:[^"\\]|\\.)*)"/.exec(cause)?.[1];
    return manager === undefined ? [] : [{ manager, field: error.fields[at] ?? "" }];
  });
  return named;
}

function conflictText(place: Place, conflicts: readonly Conflict[]): string {
  const all = conflicts.slice(0, 5).map(({ manager, field }) => `${field} belongs to ${manager}`);
  const more = conflicts.length > 5 ? ` and ${conflicts.length - 5} more` : "";
  return `${nameOf(place)} was not changed: ${all.join("; ")}${more}. Take them over, or leave them out.`;
}
