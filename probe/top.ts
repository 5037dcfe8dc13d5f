/** The items with the highest scores above zero, highest first, in one pass and without sorting them all. */
export function highest<T>(items: T[], count: number, score: (item: T) => number): T[] {
  const top: T[] = [];
  const scores: number[] = [];
  for (const item of items) {
    const own = score(item);
    if (!(own > 0) || (top.length === count && own <= scores[count - 1]!)) continue;
    let place = top.length;
    while (place > 0 && scores[place - 1]! < own) place--;
    top.splice(place, 0, item);
    scores.splice(place, 0, own);
    if (top.length > count) {
      top.pop();
      scores.pop();
    }
  }
  return top;
}
