import type { Condition, ObjectReference, Selector } from "../../wire/common.ts";
import type { ConditionObject, LabelSelector, OwnerReference } from "./kube.ts";

type Map = Record<string, string>;

/** What nobody set is absent on the wire rather than empty: an empty list or map becomes undefined. */
export function some<T>(list: T[] | null | undefined): T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

export function filled<T extends object>(map: T | null | undefined): T | undefined {
  return map && Object.keys(map).length > 0 ? map : undefined;
}

/** A text that is not empty. */
export const told = (text: string | null | undefined): string | undefined => text || undefined;

/**
 * Annotations that are left out: the last applied configuration holds the whole object again, environment
 * values included, and leader election of old writes its lease here every two seconds.
 */
const leftOut = [
  "kubectl.kubernetes.io/last-applied-configuration",
  "control-plane.alpha.kubernetes.io/leader",
];

export function annotationsOf(annotations: Map | undefined): Map | undefined {
  if (annotations === undefined || !leftOut.some((key) => key in annotations)) return filled(annotations);
  return filled(Object.fromEntries(Object.entries(annotations).filter(([key]) => !leftOut.includes(key))));
}

/**
 * Conditions without their heartbeat and update times: those change every few minutes without anything having
 * changed.
 */
export function conditionsOf(conditions: ConditionObject[] | undefined): Condition[] | undefined {
  return some(
    conditions?.map(({ type, status, reason, message, lastTransitionTime }) => ({
      type,
      status,
      reason: told(reason),
      message: told(message),
      lastTransitionTime,
    })),
  );
}

/** The owner that controls an object, of which there is at most one. */
export function controllerOf(owners: OwnerReference[] | undefined): ObjectReference | undefined {
  const owner = owners?.find((one) => one.controller);
  return owner && { kind: owner.kind, name: owner.name };
}

export function selectorOf(selector: LabelSelector | undefined): Selector | undefined {
  if (selector === undefined) return undefined;
  return {
    matchLabels: filled(selector.matchLabels),
    matchExpressions: some(
      selector.matchExpressions?.map(({ key, operator, values }) => ({
        key,
        operator,
        values: some(values),
      })),
    ),
  };
}

/** A selector in one line, as `kubectl -l` takes it. */
export function selectorText(selector: LabelSelector | undefined): string | undefined {
  const terms = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    if (operator === "Exists") terms.push(key);
    else if (operator === "DoesNotExist") terms.push(`!${key}`);
    else terms.push(`${key} ${operator === "In" ? "in" : "notin"} (${(values ?? []).join(",")})`);
  }
  return told(terms.join(","));
}

/** The instant of an RFC 3339 time in epoch milliseconds, or undefined. */
export function msOf(time: string | undefined | null): number | undefined {
  if (!time) return undefined;
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}
