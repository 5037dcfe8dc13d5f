import type { GoneOver } from "../../../../views/pages/detail/gone.ts";
import { intervalText } from "../../../../views/parts/moment.ts";
import { ranges } from "../../../../views/parts/range.ts";
import type { SubjectRef } from "../../../history/reader.ts";
import type { PageContext } from "../../page.ts";
import { markedOf } from "./marks.ts";
import { momentOf } from "./moment.ts";
import { overTime } from "./past.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/** What something used that was last heard of at a time: of the hour before that, where the address names no time. */
export function goneOver(ctx: PageContext, ref: SubjectRef, lastMs: number): GoneOver | undefined {
  const query = new URLSearchParams(ctx.v.query);
  // The address's order stays: what is asked for is said in it, what is usual is not.
  if (!query.has("range"))
    query.set("range", intervalText({ fromMs: lastMs - 60 * minute, toMs: lastMs + 5 * minute }));
  const v = { ...ctx.v, query };
  const within = { ...ctx, v };
  const past = overTime(within, ref);
  if (!past) return undefined;
  const { cluster, kind, namespace = "", name } = ref;
  const marked = markedOf(within, cluster, [{ kind, namespace, name }]);
  return { v, of: ref, past, marked, moment: momentOf(within, ref) };
}

/** When anything was measured of something last: to two days, then to minutes; undefined where nothing ever was. */
export function lastKept({ v, deps }: PageContext, ref: SubjectRef): number | undefined {
  let range = { fromMs: v.now - ranges["2y"], toMs: v.now };
  let last: number | undefined;
  for (const stepMs of [2 * day, 10 * minute]) {
    const found = deps.metrics.over(ref, { ...range, stepMs, mean: true });
    const row = found?.times.findLastIndex((_, at) =>
      found.series.some(({ values }) => !Number.isNaN(values.avg[at]!)),
    );
    if (!found || row === undefined || row < 0) return last;
    last = found.times[row]! + found.stepMs;
    range = { fromMs: found.times[row]!, toMs: last };
  }
  return last;
}
