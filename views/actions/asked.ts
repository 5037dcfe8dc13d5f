import type { DifferenceLine } from "../parts/difference.ts";
import type { Reason } from "./offers.ts";
import type { Action, ActionObject } from "./registry.ts";

/** What the datasource knows around an object that an action would touch. */
export interface Around {
  /** Of a workload, or on a node. */
  pods: number;
  ready: number;
  autoscaler?: { name: string; min: number; max: number };
}

/** Pods that go together, of one owner: how many of how many, and how many of the others are ready. */
export interface OwnerShare {
  /** `Deployment web`; empty for pods that nothing makes again. */
  owner: string;
  going: number;
  all: number;
  stayReady: number;
}

/** What going back to a revision would change, as the agent was asked; or why that is not known. */
export type Rollback =
  | {
      revision: number;
      from: number;
      revisions: { revision: number; current: boolean; images: string[] }[];
      difference: DifferenceLine[];
    }
  | { problem: string };

/** Whether a pod can be evicted now, as the API server says: what stands against it, or why that is not known. */
export type Evictable = { blockedBy?: string } | { problem: string };

/** A dialog that is open: what is to be done, with what, and what was entered so far. */
export interface Asked {
  action: Action;
  /** All of one kind. */
  objects: readonly ActionObject[];
  leftOut: readonly { name: string; reason: Reason }[];
  around: readonly Around[];
  owners: readonly OwnerShare[];
  rollback?: Rollback;
  /** Of the first pods that are to be evicted. */
  evictable?: readonly Evictable[];
  /** Sent along, so that the same dialog sent twice is one command. */
  idem: string;
  values: Readonly<Record<string, string>>;
  /** By the field's name; "" is the whole form's. */
  faults: Readonly<Record<string, string>>;
  /** Where Cancel leads on a page of its own; undefined in a dialog. */
  back: string | undefined;
}
