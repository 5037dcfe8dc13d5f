import type { Namespace } from "../../wire/namespace.ts";
import { annotationsOf, filled, some } from "./common.ts";
import type { LimitRangeObject, NamespaceObject, ResourceQuotaObject } from "./kube.ts";

export type Quota = NonNullable<Namespace["quotas"]>[number];
export type Counts = NonNullable<Namespace["counts"]>;

/** Without what is counted in it: `joinNamespace` brings that. */
export function projectNamespace({ metadata, status }: NamespaceObject): Namespace {
  return {
    summary: {
      name: metadata.name,
      uid: metadata.uid,
      phase: status?.phase,
      createdAt: metadata.creationTimestamp,
      labels: filled(metadata.labels),
      annotations: annotationsOf(metadata.annotations),
    },
    badges: status?.phase === "Terminating" ? ["Terminating"] : undefined,
  };
}

/** The fields that what is in a namespace brings into it. */
export function joinNamespace(
  counts: Counts,
  quotas: readonly Quota[],
  limitRanges: readonly LimitRangeView[],
): Pick<Namespace, "counts" | "quotas" | "limitRanges"> {
  return {
    counts,
    quotas: some(quotas.toSorted(byName)),
    limitRanges: some(limitRanges.toSorted(byName)),
  };
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

export function projectQuota({ metadata, spec, status }: ResourceQuotaObject): Quota {
  return {
    name: metadata.name,
    scopes: some(spec?.scopes),
    hard: filled(status?.hard ?? spec?.hard),
    used: filled(status?.used),
  };
}

export interface LimitRangeView {
  name: string;
  limits: unknown[];
}

export function projectLimitRange({ metadata, spec }: LimitRangeObject): LimitRangeView {
  return { name: metadata.name, limits: spec?.limits ?? [] };
}
