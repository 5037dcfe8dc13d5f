import type { Severity } from "../../wire/event.ts";

/** What a finding is about. */
export interface Subject {
  kind: string;
  namespace?: string;
  name: string;
  uid: string;
  node?: string;
}

/**
 * What a rule sees wrong with an object as it is now. Rules are pure and know no clock: where time decides
 * whether it is worth telling, or whether it is over, they give the instants and occurrences.ts watches them.
 *
 * Severities: the finding that names the outage is the critical one: a node that is lost, a workload without
 * any replica, a rollout past its deadline, a failed pod that nothing replaces. Single pods of a workload are
 * warnings, so that fifty failing pods of one Deployment are one critical line and not fifty-one.
 */
export interface Finding {
  /**
   * Reasons that take turns in one problem share a family (ErrImagePull and ImagePullBackOff; Error and
   * CrashLoopBackOff): there is one occurrence per object, container and family.
   */
  family: string;
  container?: string;
  reason: string;
  /** Within a family the occurrence keeps the reason of the highest rank it has seen. Absent: 0. */
  rank?: number;
  severity: Severity;
  category: Category;
  message: string;
  /** Since when, in epoch ms; absent where the object does not tell: since it was first seen. */
  sinceMs?: number;
  /** How long it has to last before it is told. */
  holdMs?: number;
  /** When it is over unless something else happens: a container that crashed and runs again. */
  untilMs?: number;
  /** How often, where the object counts. */
  count?: number;
  /** It happened and needs no one any more: a pod that failed and was replaced. Told as resolved at once. */
  over?: boolean;
}

export type Category =
  | "container"
  | "image"
  | "scheduling"
  | "health"
  | "node"
  | "workload"
  | "network"
  | "storage"
  | "scaling"
  | "config"
  | "other";

const families: Record<string, string> = {
  CrashLoopBackOff: "crash",
  Error: "crash",
  Completed: "crash",
  ContainerCannotRun: "crash",
  StartError: "crash",
  OOMKilled: "oom",
  ErrImagePull: "image",
  ImagePullBackOff: "image",
  ErrImageNeverPull: "image",
  InvalidImageName: "image",
  ImageInspectError: "image",
  RegistryUnavailable: "image",
  SignatureValidationFailed: "image",
  CreateContainerConfigError: "create",
  CreateContainerError: "create",
  RunContainerError: "create",
  PreCreateHookError: "create",
  PreStartHookError: "create",
  PostStartHookError: "create",
  ContainerCreating: "slow",
  PodInitializing: "slow",
  NodeStatusUnknown: "NotReady",
  ProgressDeadlineExceeded: "rollout",
  NoReplicasAvailable: "rollout",
  ReplicasUnavailable: "rollout",
};

/** The family of a reason: the reason itself where it stands alone. */
export const familyOf = (reason: string): string => families[reason] ?? reason;

/** `1 pod`, `3 pods`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
