/** Any JSON value inside an object of the API. */
export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };
export type Fields = { [field: string]: Json };

export interface Meta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  generateName?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: Owner[];
  finalizers?: string[];
}

export interface Owner {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** An object as the store keeps it: never changed in place, so that snapshots and the log may share it. */
export interface Stored {
  apiVersion: string;
  kind: string;
  metadata: Meta;
  spec?: Fields;
  status?: Fields;
  [field: string]: unknown;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
