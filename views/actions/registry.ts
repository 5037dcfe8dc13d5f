import type { CommandType } from "../../wire/command-names.ts";
import { apiVersions, type KindKey, kindKeys, kindNames } from "../../wire/kind-names.ts";
import type { AnyItem } from "../../wire/kinds.ts";
import type { Row } from "../model.ts";

/** An object that something is to be done with. */
export interface ActionObject {
  cluster: string;
  kind: KindKey;
  namespace: string;
  name: string;
  row: Row<AnyItem>;
}

const actionKeys = [
  "logs",
  "terminal",
  "restart",
  "scale",
  "image",
  "rollback",
  "pause",
  "resume",
  "trigger",
  "suspend",
  "unsuspend",
  "retry",
  "cordon",
  "uncordon",
  "drain",
  "evict",
  "edit",
  "delete",
] as const;
export type ActionKey = (typeof actionKeys)[number];

/** What of the object itself speaks against an action. */
export type ObjectReason =
  | { by: "noController" | "static" | "finished" | "ending" | "paused" | "notFailed" }
  | { by: "owned"; owner: string };

export interface Action {
  key: ActionKey;
  /** The command that it is, by the kind of object; other kinds have not this action. */
  types: Partial<Record<KindKey, CommandType>>;
  /** Can be done with several objects at once. */
  several?: true;
  /** Makes sense for the object as it is: what is cordoned is not cordoned again. */
  when?(row: Row<AnyItem>): boolean;
  against?(row: Row<AnyItem>, kind: KindKey): ObjectReason | undefined;
  /** It has a page of its own in place of a dialog. */
  page?(object: Omit<ActionObject, "row">): string;
}

const path = (...parts: string[]) => `/${parts.map(encodeURIComponent).join("/")}`;
type Summary = Record<string, unknown> & { controlledBy?: { kind?: string; name?: string } | null };
const summaryOf = (row: Row<AnyItem>) => row.item.summary as Summary;

const rolling = {
  deployment: "RolloutRestart",
  statefulset: "RolloutRestart",
  daemonset: "RolloutRestart",
} as const;
const paused = (row: Row<AnyItem>): ObjectReason | undefined =>
  summaryOf(row).paused === true ? { by: "paused" } : undefined;
const ownedBy = (row: Row<AnyItem>): ObjectReason | undefined => {
  const owner = summaryOf(row).controlledBy;
  return owner?.name ? { by: "owned", owner: `${owner.kind} ${owner.name}` } : undefined;
};

/** A pod that its kubelet runs from a file: the API shows it as owned by its node. */
function podIsStatic(row: Row<AnyItem>): boolean {
  const { annotations } = row.item as { annotations?: Record<string, string> | null };
  return (
    summaryOf(row).controlledBy?.kind === "Node" || annotations?.["kubernetes.io/config.mirror"] !== undefined
  );
}

function againstPod(row: Row<AnyItem>): ObjectReason | undefined {
  if (podIsStatic(row)) return { by: "static" };
  return summaryOf(row).deletedAt ? { by: "ending" } : undefined;
}

/** Everything that can be done with objects, in the order of menus. Adding one is adding an entry here. */
export const registry: readonly Action[] = [
  {
    key: "logs",
    types: {
      pod: "PodLogsFollow",
      deployment: "PodLogsFollow",
      statefulset: "PodLogsFollow",
      daemonset: "PodLogsFollow",
      replicaset: "PodLogsFollow",
      job: "PodLogsFollow",
    },
    page: ({ cluster, kind, namespace, name }) => path("logs", cluster, kind, namespace, name),
  },
  {
    key: "terminal",
    types: { pod: "PodExec" },
    against: (row) =>
      ["Succeeded", "Failed"].includes(String(summaryOf(row).phase)) ? { by: "finished" } : undefined,
    page: ({ cluster, namespace, name }) => path("terminal", cluster, namespace, name),
  },
  {
    key: "restart",
    types: { pod: "PodRestart", ...rolling },
    several: true,
    against(row, kind) {
      if (kind !== "pod") return paused(row);
      const { phase, controlledBy } = summaryOf(row);
      if (againstPod(row)) return againstPod(row);
      if (!controlledBy?.name) return { by: "noController" };
      return phase === "Succeeded" || phase === "Failed" ? { by: "finished" } : undefined;
    },
  },
  {
    key: "scale",
    types: { deployment: "ScaleWorkload", statefulset: "ScaleWorkload", replicaset: "ScaleWorkload" },
    several: true,
    against: ownedBy,
  },
  {
    key: "image",
    types: {
      deployment: "UpdateImage",
      statefulset: "UpdateImage",
      daemonset: "UpdateImage",
      cronjob: "UpdateImage",
    },
  },
  {
    key: "rollback",
    types: { deployment: "RolloutUndo", statefulset: "RolloutUndo", daemonset: "RolloutUndo" },
    against: paused,
  },
  {
    key: "pause",
    types: { deployment: "RolloutPause" },
    several: true,
    when: (row) => summaryOf(row).paused !== true,
  },
  {
    key: "resume",
    types: { deployment: "RolloutResume" },
    several: true,
    when: (row) => summaryOf(row).paused === true,
  },
  { key: "trigger", types: { cronjob: "CronJobTrigger" }, several: true },
  {
    key: "suspend",
    types: { cronjob: "CronJobSuspend" },
    several: true,
    when: (row) => summaryOf(row).suspended !== true,
  },
  {
    key: "unsuspend",
    types: { cronjob: "CronJobSuspend" },
    several: true,
    when: (row) => summaryOf(row).suspended === true,
  },
  {
    key: "retry",
    types: { job: "JobRetry" },
    several: true,
    against: (row) => (summaryOf(row).state === "Failed" ? undefined : { by: "notFailed" }),
  },
  {
    key: "cordon",
    types: { node: "NodeCordon" },
    several: true,
    when: (row) => !isCordoned(row),
  },
  {
    key: "uncordon",
    types: { node: "NodeUncordon" },
    several: true,
    when: isCordoned,
  },
  { key: "evict", types: { pod: "PodEvict" }, several: true, against: againstPod },
  {
    key: "drain",
    types: { node: "NodeDrain" },
    page: ({ cluster, name }) => path("drain", cluster, name),
  },
  {
    key: "delete",
    // Nodes and namespaces are deleted from their YAML, where more is known of them.
    types: {
      ...(Object.fromEntries(
        kindKeys
          .filter((kind) => kind !== "node" && kind !== "namespace")
          .map((kind) => [kind, "ResourceDelete"]),
      ) as Partial<Record<KindKey, "ResourceDelete">>),
      pod: "PodDelete",
    },
    several: true,
    against: (row, kind) => (kind === "pod" ? againstPod(row) : undefined),
  },
  {
    key: "edit",
    types: Object.fromEntries(kindKeys.map((kind) => [kind, "ResourceApply"])) as Record<
      KindKey,
      "ResourceApply"
    >,
    page: ({ cluster, kind, namespace, name }) =>
      `${path("resources", cluster, apiVersions[kind].replace("/", "~"), kindNames[kind].kind, namespace || "-", name)}?edit=1`,
  },
];

function isCordoned(row: Row<AnyItem>): boolean {
  const { spec } = row.item as { spec?: { unschedulable?: boolean } | null };
  return spec?.unschedulable === true || summaryOf(row).schedulable === false;
}

export const actionOf = (key: string): Action | undefined => registry.find((one) => one.key === key);
