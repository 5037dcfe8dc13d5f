import type { ObjectReference } from "../../../wire/common.ts";
import { ownerKey, type Standing } from "../entry.ts";
import type { Resources } from "../resources.ts";

/** What the master needs to know of a kind, to list, search, sort and judge its objects. One file per kind. */
export interface KindFacts<T> {
  /** Judges an object. `since` is when the state was first seen, for kinds that do not tell it themselves. */
  standing(item: T, now: number): Standing;
  created(item: T): string | undefined;
  node?(item: T): string | undefined;
  uid?(item: T): string | undefined;
  /** Owners as `Kind/namespace/name`, nearest first. */
  owners?(item: T): string[];
  resources?(item: T): Resources | undefined;
  /** Further text to search: images, addresses, labels. */
  search(item: T): (string | undefined | null)[];
  /** The columns that lists sort by besides the common ones. */
  columns: Record<string, (item: T) => string | number | undefined | null>;
}

export const ok = (state: string, sinceMs = 0): Standing => ({ health: "ok", state, why: "", sinceMs });
export const info = (state: string, why = "", sinceMs = 0): Standing => ({
  health: "info",
  state,
  why,
  sinceMs,
});
export const warning = (state: string, why: string, sinceMs = 0): Standing => ({
  health: "warning",
  state,
  why,
  sinceMs,
});
export const critical = (state: string, why: string, sinceMs = 0): Standing => ({
  health: "critical",
  state,
  why,
  sinceMs,
});

/** `early` for as long as the state is younger than `afterMs`, and then `late`. */
export function patiently(
  sinceMs: number,
  afterMs: number,
  now: number,
  early: Standing,
  late: Standing,
): Standing {
  return sinceMs > 0 && now - sinceMs < afterMs ? { ...early, recheckMs: sinceMs + afterMs } : late;
}

/** The one owner that controls an object of a namespace, for `owners`; none where nothing does. */
export function controllers(summary: { namespace: string; controlledBy?: ObjectReference | null }): string[] {
  const { kind = "", name = "" } = summary.controlledBy ?? {};
  return summary.controlledBy ? [ownerKey(kind, summary.namespace, name)] : [];
}

export function labelLines(labels: Record<string, string> | null | undefined): string[] {
  return Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`);
}

export function images(containers: { image?: string | undefined }[] | null | undefined): string[] {
  return (containers ?? []).map((container) => container.image ?? "");
}

export const minute = 60_000;
