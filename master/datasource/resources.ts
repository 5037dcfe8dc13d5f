import type { Container } from "../../wire/common.ts";
import { parseQuantity } from "../../wire/values.ts";

/** What a pod asks for and may take at most: cores and bytes, NaN where it is not said, or not of all containers. */
export interface Resources {
  cpu: { request: number; limit: number };
  memory: { request: number; limit: number };
}

/** Pods of a workload have the same: kept once. */
const shared = new Map<string, Resources>();

export function resourcesOf(containers: readonly Container[] | null | undefined): Resources | undefined {
  const running = (containers ?? []).filter((one) => one.role !== "init");
  if (running.length === 0) return undefined;
  const sum = (of: "requests" | "limits", resource: string) =>
    running.reduce((total, one) => total + parseQuantity(one.resources?.[of]?.[resource]), 0);
  const found = {
    cpu: { request: sum("requests", "cpu"), limit: sum("limits", "cpu") },
    memory: { request: sum("requests", "memory"), limit: sum("limits", "memory") },
  };
  const key = `${found.cpu.request} ${found.cpu.limit} ${found.memory.request} ${found.memory.limit}`;
  const known = shared.get(key);
  if (known) return known;
  if (shared.size > 10_000) shared.clear();
  shared.set(key, found);
  return found;
}
