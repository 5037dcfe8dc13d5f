/** Gives equal strings back as one, so that what the pods of a workload share is kept once. */
export interface Interner {
  (text: string): string;
  readonly size: number;
}

/**
 * Two generations: what was not asked for while a whole generation filled is forgotten, so that texts of what
 * is long gone do not stay. Forgetting costs nothing but sharing with what comes later.
 */
export function createInterner(generation = 4096): Interner {
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  const intern = (text: string): string => {
    const known = young.get(text);
    if (known !== undefined) return known;
    const shared = old.get(text) ?? text;
    if (young.size >= generation) {
      old = young;
      young = new Map();
    }
    young.set(shared, shared);
    return shared;
  };
  return Object.defineProperty(intern, "size", { get: () => young.size + old.size }) as Interner;
}
