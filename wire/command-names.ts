/**
 * The types of commands and what is known of each without its schema: the agent's memory is bounded, and it
 * needs no more than this until the first command comes. Those of AtlHyper 1.x keep its names and targets.
 *
 * - `object`: what the target names. `pod` {ns, pod} · `node` {node} · `workload` {ns, kind, name} ·
 *   `resource` {apiVersion, kind, ns?, name?}.
 * - `writes`: changes the cluster, so what was there is recorded before, and the object's commands are done in
 *   the order asked. The others only read: their results are held in memory and not in the database.
 * - `danger`: asks first, naming what will happen.
 * - `tries`: with `dryRun: true` it changes nothing and says what it would do.
 * - `args`, all optional unless it says otherwise; any of them may carry `expect`, what an undo wants to find:
 *   PodDelete {gracePeriodSeconds, force} · PodEvict {gracePeriodSeconds, waitSeconds, dryRun: true gives
 *   `data` {blockedBy?}} · ScaleWorkload {replicas: needed} · UpdateImage {images: {container: image}}, or {image, container}, {image, all: true}, 1.x {newImage}
 *   · RolloutUndo {revision: the previous by default, dryRun: true gives `data` {from, to, revisions}} ·
 *   CronJobSuspend {suspend: true by default}.
 * - `stream`: lasts as long as somebody looks, over a WebSocket that the agent opens outward.
 */
export const commandTypes = {
  PodRestart: { object: "pod", writes: true, danger: true },
  PodDelete: { object: "pod", writes: true, danger: true },
  PodEvict: { object: "pod", writes: true, danger: true, tries: true },
  PodGetLogs: { object: "pod", writes: false },
  PodLogsFollow: { object: "workload", writes: false, stream: true },
  PodExec: { object: "pod", writes: true, stream: true },
  NodeCordon: { object: "node", writes: true },
  NodeUncordon: { object: "node", writes: true },
  NodeDrain: { object: "node", writes: true, danger: true, tries: true },
  ScaleWorkload: { object: "workload", writes: true },
  UpdateImage: { object: "workload", writes: true },
  RolloutRestart: { object: "workload", writes: true, danger: true },
  RolloutUndo: { object: "workload", writes: true, danger: true, tries: true },
  RolloutPause: { object: "workload", writes: true },
  RolloutResume: { object: "workload", writes: true },
  CronJobTrigger: { object: "workload", writes: true },
  CronJobSuspend: { object: "workload", writes: true },
  JobRetry: { object: "workload", writes: true },
  ResourceGet: { object: "resource", writes: false },
  ResourceList: { object: "resource", writes: false },
  ResourceApply: { object: "resource", writes: true, danger: true, tries: true },
  ResourceDelete: { object: "resource", writes: true, danger: true },
} as const satisfies Record<string, CommandInfo>;

interface CommandInfo {
  object: "pod" | "node" | "workload" | "resource";
  writes: boolean;
  danger?: true;
  tries?: true;
  stream?: true;
}

export type CommandType = keyof typeof commandTypes;
export const commandTypeNames = Object.keys(commandTypes) as CommandType[];
export const isCommandType = (text: string): text is CommandType => Object.hasOwn(commandTypes, text);
export const infoOf = (type: CommandType): CommandInfo => commandTypes[type];

/**
 * Whether a command changes something with these arguments. `dryRun` counts only where the type knows it: for all
 * others it is a word in the arguments, and they do what they do.
 */
export function changesSomething(type: CommandType, args: Record<string, unknown> = {}): boolean {
  const { writes, tries } = infoOf(type);
  return writes && !(tries && args.dryRun === true);
}

/**
 * What a command is about, as one text: commands with the same one are carried out in the order asked. Empty
 * for commands that only read and for exec sessions, which wait for nobody.
 */
export function orderKeyOf(type: string, target: Record<string, string>): string {
  if (!isCommandType(type) || !infoOf(type).writes || infoOf(type).stream) return "";
  const { ns = "", pod, node, kind = "", name = "" } = target;
  if (pod !== undefined) return `Pod/${ns}/${pod}`;
  if (node !== undefined) return `Node//${node}`;
  return `${kind}/${ns}/${name}`;
}
