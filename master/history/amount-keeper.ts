import type { AmountTables } from "../database/metrics/amounts.ts";
import { type Amounts, encodeAmounts, merged, mostPods, nodeAmounts, workloadAmounts } from "./amounts.ts";
import { type Names, ofNode } from "./names.ts";
import type { Samples } from "./samples.ts";
import { tiers } from "./tiers.ts";

/** Keeps what each subject used beside its blocks. All of it is part of the caller's transaction. */
export class AmountKeeper {
  readonly tables: AmountTables;
  readonly #names: Names;

  constructor(tables: AmountTables, names: Names) {
    this.tables = tables;
    this.#names = names;
  }

  /** What samples of a subject come to; nothing of a cluster as a whole. */
  of(subject: number, samples: Samples): Amounts {
    const found = this.#names.subjects.byID(subject);
    if (!found || found.kind === "Cluster") return new Map();
    return ofNode(found)
      ? nodeAmounts(samples, (id) => this.#names.series.byID(id))
      : workloadAmounts(samples);
  }

  /** Of a block that is sealed. */
  sealed(start: number, subject: number, samples: Samples): void {
    this.#put(0, start, subject, this.of(subject, samples));
  }

  /** Of a block that is made of those below; of those of samples it is given what they come to. */
  rolled(tier: number, start: number, subject: number, samples: readonly Amounts[]): void {
    if (tier === 1) {
      this.#put(tier, start, subject, merged(samples));
      return;
    }
    const pieces: Uint8Array[] = [];
    const { span } = tiers[tier]!;
    for (let at = start; at < start + span; at += tiers[tier - 1]!.span) {
      const data = this.tables.get(tier - 1, at, subject);
      if (data) pieces.push(data);
    }
    this.#put(tier, start, subject, merged(pieces, tier > 1 ? mostPods : undefined));
  }

  #put(tier: number, start: number, subject: number, amounts: Amounts): void {
    if (amounts.size > 0) this.tables.put(tier, start, subject, encodeAmounts(amounts));
  }
}
