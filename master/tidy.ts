/** After so many bytes of messages the garbage they leave is collected, but not more often than this. */
const afterBytes = 24 * 2 ** 20;
const leastMs = 5_000;

let taken = 0;
let collectedMs = Number.NEGATIVE_INFINITY;

/**
 * Counts what was taken in, and collects garbage after every 24 MiB of it. The engine by itself lets the heap
 * grow to several times what lives before it collects, and does not give pages back: with 20 clusters that is
 * 80 MB more. One collection takes some 35 ms, since what lives is mostly plain texts, a few times a minute.
 */
export function tidyAfter(bytes: number, now: number = performance.now()): boolean {
  taken += bytes;
  if (taken < afterBytes || now - collectedMs < leastMs) return false;
  taken = 0;
  collectedMs = now;
  setImmediate(() => Bun.gc(true));
  return true;
}

/** What inflating a body up to the limit leaves behind, and after how much of it that is collected at once. */
const bombBytes = 8 * 2 ** 20;
const bombsBytes = 48 * 2 ** 20;
let bombed = 0;

/**
 * For a body that was refused for its size once inflated. Many at once would otherwise leave a gigabyte to be
 * collected, whenever the engine thinks it is time. It costs the sender more than the master: each inflates first.
 */
export function tidyAfterBomb(): void {
  bombed += bombBytes;
  if (bombed < bombsBytes) return;
  bombed = 0;
  Bun.gc(true);
}
