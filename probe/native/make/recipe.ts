import { Missing } from "./toolchain.ts";

/**
 * Runs a recipe for the kinds of machines that its words name, or for all; gives the exit code: 2 for a word that is
 * none of them, 1 where something is missing on this machine, both told in words.
 */
export async function recipe(
  words: readonly string[],
  known: readonly string[],
  work: (wanted: readonly string[]) => void | Promise<void>,
): Promise<number> {
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) {
    process.stderr.write(`there is no ${unknown} here: ${known.join(", ")}\n`);
    return 2;
  }
  try {
    await work(words.length > 0 ? words : known);
    return 0;
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
