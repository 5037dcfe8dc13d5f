import type { Finding } from "./finding.ts";

/** A probe pushes every 5 s; this long without anything is silence. */
export const silentMs = 60_000;

/**
 * Nodes that had a probe which sends nothing any more. A node that never had one is not watched: probes may
 * be placed on some nodes only.
 */
export class ProbeSilence {
  readonly #lastMs = new Map<string, number>();

  heard(node: string, atMs: number): void {
    this.#lastMs.set(node, atMs);
  }

  /** An occurrence of silence that an agent before this one told of goes on until the probe is heard. */
  expect(node: string, sinceMs: number): void {
    if (!this.#lastMs.has(node)) this.#lastMs.set(node, sinceMs);
  }

  forget(node: string): void {
    this.#lastMs.delete(node);
  }

  get nodes(): Iterable<string> {
    return this.#lastMs.keys();
  }

  findings(node: string, nowMs: number): Finding[] {
    const lastMs = this.#lastMs.get(node);
    if (lastMs === undefined || nowMs - lastMs < silentMs) return [];
    return [
      {
        family: "ProbeSilent",
        reason: "ProbeSilent",
        severity: "warning",
        category: "node",
        message: `the probe on node ${node} sends no metrics any more`,
        sinceMs: lastMs,
      },
    ];
  }
}
