import type { Turns } from "../../kit/turns.ts";
import { QueryFault } from "./fault.ts";

/** So long everything else in the process waits, at most; a single step may be a little longer. */
const sliceMs = 4;

export interface Limits {
  /** By `performance.now()`; the time of waiting is in it. */
  deadline: number;
  /** Of who asked: nobody waits for the answer any more. */
  signal: AbortSignal;
}

const late = () =>
  new QueryFault("timeout", "query timed out: take a longer step, a shorter range, or fewer series");

/** Runs work that pauses again and again, once it is its turn, and lets everything else go on in between. */
export async function run<T>(work: Generator<unknown, T>, turns: Turns, limits: Limits): Promise<T> {
  const done = turns.take(() => inSlices(work, limits));
  let timer: Timer | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.max(0, limits.deadline - performance.now()));
  });
  // Where the time is over it may still wait for its turn, and ends as soon as it has it.
  return Promise.race([done, over]).finally(() => clearTimeout(timer));
}

async function inSlices<T>(work: Generator<unknown, T>, { deadline, signal }: Limits): Promise<T> {
  for (;;) {
    if (signal.aborted) throw new QueryFault("canceled", "the client went away");
    const start = performance.now();
    if (start > deadline) throw late();
    while (performance.now() - start < sliceMs) {
      const next = work.next();
      if (next.done) return next.value;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
