// What a chart that is open large draws: values of the API, one for each pixel of its width where there are so many.

/** Of seconds; beyond the last one it is as many as fit. */
const steps = [
  10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];
/** Probes push every so many seconds: as long as no more values come together, each is drawn. */
const pushSeconds = 5;

/** The step in seconds that gives a width some value a pixel; 0 for each sample as it is. */
export function stepFor(spanMs, width) {
  const least = spanMs / 1000 / Math.max(1, width);
  if (least <= pushSeconds) return 0;
  return steps.find((one) => one >= least) ?? steps.at(-1);
}

/** The lines of an answer by their keys, with their gaps as null; empty ones where there is nothing of a key. */
export function linesOf({ times, series }, keys) {
  const byKey = new Map(series.map((one) => [`${one.group}:${one.name}`, one.values]));
  return keys.map((key) => byKey.get(key) ?? times.map(() => null));
}

/** The sums of lines from the first on; null where all are missing. */
export function stacked(lines) {
  let below = lines[0]?.map(() => null) ?? [];
  return lines.map((line) => {
    below = line.map((value, at) => (value === null ? below[at] : (below[at] ?? 0) + Math.max(0, value)));
    return below;
  });
}

/** Where two samples lie further apart than this, nothing was measured between: three times the usual distance. */
export function gapOf(times) {
  const apart = times
    .slice(1)
    .map((ms, at) => ms - times[at])
    .sort((a, b) => a - b);
  return 3 * (apart[apart.length >> 1] ?? Number.POSITIVE_INFINITY);
}

/** Times with one more in each gap, and the lines with nothing there, so that a line ends where measuring did. */
export function withGaps(times, lines) {
  const most = gapOf(times);
  const at = times.flatMap((ms, i) => (i > 0 && ms - times[i - 1] > most ? [i] : []));
  if (at.length === 0) return { times, lines };
  const put = (all, between) => {
    const found = [];
    let from = 0;
    for (const i of at) {
      found.push(...all.slice(from, i), between(i));
      from = i;
    }
    return [...found, ...all.slice(from)];
  };
  return { times: put(times, (i) => times[i] - 1), lines: lines.map((line) => put(line, () => null)) };
}

/** The place of the time that is nearest to a moment; undefined where it lies further away than gaps begin. */
export function nearestTo(times, ms) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < ms) low = middle + 1;
    else high = middle;
  }
  const near = low > 0 && ms - times[low - 1] < times[low] - ms ? low - 1 : low;
  return Math.abs(times[near] - ms) <= gapOf(times) ? near : undefined;
}
