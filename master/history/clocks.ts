/** A node's time counts as it is told while it is this near to ours. */
const nearMs = 30_000;
/** What is older than this is not late but of a clock that is wrong. */
const latestMs = 3_600_000;
/** Samples of a wrong clock stay behind by the same time, within this; late ones come faster than they were taken. */
const steadyMs = 2500;

/**
 * When samples were taken, by our own clock: what the probe tells, where its clock can be believed. One that is late
 * goes to its own time. A clock that is wrong, or that has jumped, is known by samples that stay behind, or ahead, by
 * the same: they count as of now.
 */
export class Clocks {
  readonly #behind = new Map<number, number>();
  readonly #told = new Map<number, number>();

  /** Whether a subject has told of this moment just before. */
  again(subject: number, told: number): boolean {
    if (this.#told.get(subject) === told) return true;
    this.#told.set(subject, told);
    return false;
  }

  /** `told` may be no number. */
  timeOf(subject: number, told: number, now: number): number {
    const behind = now - told;
    if (Math.abs(behind) <= nearMs) {
      this.#behind.delete(subject);
      return told;
    }
    if (!(behind > 0 && behind <= latestMs)) return now;
    const before = this.#behind.get(subject);
    this.#behind.set(subject, behind);
    return before !== undefined && Math.abs(before - behind) <= steadyMs ? now : told;
  }

  forget(subject: number): void {
    this.#behind.delete(subject);
    this.#told.delete(subject);
  }
}
