import type { Finding, Subject } from "../diagnose/finding.ts";
import type { Change } from "../kube/informer.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Resource } from "../kube/resource.ts";

/** What an informer of one resource needs of the model: what to keep of an object, and what a change means. */
export interface Tracker<T> {
  readonly resource: Resource;
  /** Only objects that it selects. */
  readonly fieldSelector?: string;
  /** Given by the informer; empty until then. */
  items: ReadonlyMap<string, T>;
  project(object: KubeObject): T | undefined;
  same?(a: T, b: T): boolean;
  change(change: Change<T>): void;
}

/** A tracker whose items' type does not matter to who holds it. */
// biome-ignore lint/suspicious/noExplicitAny: items are read by nobody but the tracker itself
export type AnyTracker = Tracker<any>;

/** Takes what is wrong with an object, or that it is deleted; see occurrences.ts. */
export interface Diagnosis {
  observe(subject: Subject, findings: readonly Finding[]): void;
  forget(uid: string): void;
}

/** The name behind `namespace/`. */
export const nameOf = (key: string): string => key.slice(key.indexOf("/") + 1);
export const namespaceOf = (key: string): string => key.slice(0, Math.max(0, key.indexOf("/")));
