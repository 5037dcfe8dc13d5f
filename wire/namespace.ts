import { type Static, Type as T } from "@sinclair/typebox";
import { Labels, Maybe, Name, Quantities } from "./common.ts";

const Count = T.Optional(T.Number());

export const Namespace = T.Object({
  summary: T.Object({
    name: Name,
    uid: T.Optional(T.String()),
    phase: T.Optional(T.String()),
    createdAt: T.Optional(T.String()),
    labels: Maybe(Labels),
    annotations: Maybe(Labels),
  }),
  /** A kind that the agent may not read, or does not read (secrets), is absent rather than 0. */
  counts: Maybe(
    T.Object({
      pods: Count,
      podsRunning: Count,
      podsPending: Count,
      podsFailed: Count,
      podsSucceeded: Count,
      deployments: Count,
      statefulSets: Count,
      daemonSets: Count,
      jobs: Count,
      cronJobs: Count,
      services: Count,
      ingresses: Count,
      configMaps: Count,
      secrets: Count,
      persistentVolumeClaims: Count,
      networkPolicies: Count,
      serviceAccounts: Count,
    }),
  ),
  quotas: Maybe(
    T.Array(
      T.Object({
        name: T.String(),
        scopes: Maybe(T.Array(T.String())),
        hard: Maybe(Quantities),
        used: Maybe(Quantities),
      }),
    ),
  ),
  limitRanges: T.Optional(T.Unknown()),
  metrics: T.Optional(T.Unknown()),
  badges: Maybe(T.Array(T.String())),
});

export type Namespace = Static<typeof Namespace>;
