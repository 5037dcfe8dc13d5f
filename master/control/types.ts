import { type TSchema, Type as T } from "@sinclair/typebox";
import { type CommandType, commandTypes } from "../../wire/command-names.ts";
import { decode } from "../../wire/check.ts";
import { problem } from "../../wire/problem.ts";

/** What each type of command takes as its target and its arguments; the agent checks again, and what it finds. */
const name = T.String({ minLength: 1, maxLength: 253 });
const targets = {
  pod: T.Object({ ns: name, pod: name }),
  node: T.Object({ node: name }),
  workload: T.Object({ ns: name, kind: name, name }),
  resource: T.Object({
    apiVersion: T.Optional(T.String({ maxLength: 200 })),
    kind: T.Optional(T.String({ maxLength: 200 })),
    ns: T.Optional(T.String({ maxLength: 253 })),
    name: T.Optional(T.String({ maxLength: 253 })),
  }),
};

/** AtlHyper 1.x writes numbers as text, too. */
const whole = (minimum: number, maximum: number) =>
  T.Union([T.Integer({ minimum, maximum }), T.String({ pattern: "^[0-9]{1,10}$" })]);
const seconds = whole(0, 86_400);
const flag = T.Boolean();
const image = T.String({ minLength: 1, maxLength: 1000, pattern: "^\\S+$" });

const args: Record<CommandType, Record<string, TSchema>> = {
  PodRestart: { gracePeriodSeconds: seconds },
  PodDelete: { gracePeriodSeconds: seconds, force: flag },
  PodEvict: { gracePeriodSeconds: seconds, waitSeconds: seconds, dryRun: flag },
  PodGetLogs: {
    container: name,
    tailLines: whole(1, 100_000),
    previous: flag,
    sinceSeconds: whole(1, 31_536_000),
    timestamps: flag,
  },
  PodLogsFollow: {},
  PodExec: {},
  NodeCordon: {},
  NodeUncordon: {},
  NodeDrain: {
    deleteEmptyDirData: flag,
    ignoreDaemonSets: flag,
    force: flag,
    gracePeriodSeconds: seconds,
    timeoutSeconds: seconds,
    dryRun: flag,
  },
  ScaleWorkload: { replicas: whole(0, 10_000) },
  UpdateImage: {
    images: T.Record(T.String({ maxLength: 253 }), image),
    image,
    newImage: image,
    container: name,
    all: flag,
  },
  RolloutRestart: {},
  RolloutUndo: { revision: whole(0, 2_147_483_647), dryRun: flag },
  RolloutPause: {},
  RolloutResume: {},
  CronJobTrigger: {},
  CronJobSuspend: { suspend: flag },
  JobRetry: {},
  ResourceGet: { reveal: flag, managedFields: flag },
  ResourceList: {
    kinds: flag,
    limit: whole(1, 1000),
    continue: T.String({ maxLength: 10_000 }),
    labelSelector: T.String({ maxLength: 2000 }),
    fieldSelector: T.String({ maxLength: 2000 }),
  },
  ResourceApply: {
    manifest: T.Union([T.Record(T.String(), T.Unknown()), T.String()]),
    dryRun: flag,
    force: flag,
    replace: T.Unknown(),
    create: flag,
  },
  ResourceDelete: {
    propagation: T.Union([T.Literal("Background"), T.Literal("Foreground"), T.Literal("Orphan")]),
    gracePeriodSeconds: seconds,
  },
};

/** Kinds of workloads by the type of command, where it is not all. */
const kinds: Partial<Record<CommandType, readonly string[]>> = {
  ScaleWorkload: ["Deployment", "StatefulSet", "ReplicaSet"],
  UpdateImage: ["Deployment", "StatefulSet", "DaemonSet", "CronJob"],
  RolloutRestart: ["Deployment", "StatefulSet", "DaemonSet"],
  RolloutUndo: ["Deployment", "StatefulSet", "DaemonSet"],
  RolloutPause: ["Deployment"],
  RolloutResume: ["Deployment"],
  CronJobTrigger: ["CronJob"],
  CronJobSuspend: ["CronJob"],
  JobRetry: ["Job"],
};

const maxArgsBytes = 2 ** 20;
const schemas = new Map<CommandType, TSchema>();

function argsSchema(type: CommandType): TSchema {
  let schema = schemas.get(type);
  if (!schema) {
    const all = { ...args[type], expect: T.Record(T.String(), T.Unknown()) };
    schema = T.Object(
      Object.fromEntries(
        Object.entries(all).map(([key, one]) => [key, T.Optional(T.Union([one, T.Null()]))]),
      ),
      // What a stream is to show is the business of who opens it.
      { additionalProperties: "stream" in commandTypes[type] },
    );
    schemas.set(type, schema);
  }
  return schema;
}

/** 422 with a pointer to what a command of this type does not take. */
export function checkCommand(
  type: CommandType,
  target: Record<string, string>,
  given: Record<string, unknown>,
): void {
  const shape = targets[commandTypes[type].object];
  // Rights are judged by the namespace of the target: it must not be one that the agent would not look at.
  for (const key of Object.keys(target))
    if (!Object.hasOwn(shape.properties, key))
      throw problem(
        422,
        `the target of ${type} is ${Object.keys(shape.properties).join(", ")}, and has no ${key.slice(0, 50)}`,
        { pointer: `/command/target/${key.slice(0, 50)}` },
      );
  decode(shape, target, "/command/target");
  const known = { ...args[type], expect: true };
  if (!("stream" in commandTypes[type]))
    for (const key of Object.keys(given))
      if (!Object.hasOwn(known, key))
        throw problem(422, `${type} takes ${Object.keys(known).join(", ")}, and not ${key.slice(0, 50)}`, {
          pointer: `/command/args/${key.slice(0, 50)}`,
        });
  decode(argsSchema(type), given, "/command/args");
  if (JSON.stringify(given).length > maxArgsBytes)
    throw problem(413, `a command's arguments have at most ${maxArgsBytes} bytes as JSON`);
  const allowed = kinds[type];
  const kind = target.kind ?? "";
  if (allowed && !allowed.some((one) => one.toLowerCase() === kind.toLowerCase()))
    throw problem(422, `${type} is for ${allowed.join(", ")}, and not for ${kind}`, {
      pointer: "/command/target/kind",
    });
  needed(type, target, given);
}

function needed(type: CommandType, target: Record<string, string>, given: Record<string, unknown>): void {
  const lacks = (what: string, pointer: string) =>
    problem(422, `${type} needs ${what}`, { pointer: `/command/${pointer}` });
  if (type === "ScaleWorkload" && (given.replicas ?? undefined) === undefined)
    throw lacks("replicas, a whole number", "args/replicas");
  if (type === "UpdateImage" && !given.images && !given.image && !given.newImage)
    throw lacks("images, from container to image", "args/images");
  if (type === "ResourceList" && given.kinds === true) return;
  if (type.startsWith("Resource")) {
    if (!target.kind) throw lacks("the target's kind", "target/kind");
    if (!target.apiVersion) throw lacks("the target's apiVersion", "target/apiVersion");
    if (type !== "ResourceList" && !target.name) throw lacks("the target's name", "target/name");
  }
}

/** The object that a command is about, as its kind, namespace and name. */
export function objectOf(
  type: CommandType,
  target: Record<string, string>,
): { kind: string; namespace: string; name: string } {
  const { ns = "", pod, node, kind = "", name: called = "" } = target;
  if (pod !== undefined) return { kind: "Pod", namespace: ns, name: pod };
  if (node !== undefined) return { kind: "Node", namespace: "", name: node };
  // AtlHyper 1.x writes kinds in any case.
  const known = (kinds[type] ?? []).find((one) => one.toLowerCase() === kind.toLowerCase());
  return { kind: known ?? kind, namespace: ns, name: called };
}
