/** The items with the highest scores above zero, highest first; of equal ones those that came first. */
export interface Top<T> {
  readonly items: readonly T[];
  /** Whether an item with this score would be among them: asked first, most need not be made. */
  takes(score: number): boolean;
  add(score: number, item: T): void;
}

export function topOf<T>(count: number): Top<T> {
  const items: T[] = [];
  const scores: number[] = [];
  // What an item has to have more than.
  let bar = count > 0 ? 0 : Number.POSITIVE_INFINITY;
  return {
    items,
    takes: (score) => score > bar,
    add(score, item) {
      if (!(score > bar)) return;
      let place = items.length;
      while (place > 0 && scores[place - 1]! < score) place--;
      items.splice(place, 0, item);
      scores.splice(place, 0, score);
      if (items.length > count) {
        items.pop();
        scores.pop();
      }
      if (items.length === count) bar = scores[count - 1]!;
    },
  };
}

/** The same of a list, in one pass and without sorting it all. */
export function highest<T>(items: T[], count: number, score: (item: T) => number): readonly T[] {
  const top = topOf<T>(count);
  for (const item of items) top.add(score(item), item);
  return top.items;
}
