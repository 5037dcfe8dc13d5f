import type { Points } from "../history/points.ts";
import { type Grid, keyOf, type Row, type Value } from "./evaluate/rows.ts";
import type { QueryFault } from "./fault.ts";
import type { Labels } from "./names.ts";

const headers = { "content-type": "application/json", "cache-control": "no-store" };
/** So much is written at once. */
const pieceLength = 65_536;
/** More rows are not sorted: nobody reads them one by one. */
const mostSorted = 2000;

export const success = (data: unknown): Response => Response.json({ status: "success", data }, { headers });

export function failure({ errorType, message, status }: QueryFault): Response {
  return Response.json({ status: "error", errorType, error: message }, { status, headers });
}

/** The value of an expression at one moment. */
export function atOnce(value: Value, { startMs }: Grid): Response {
  const time = startMs / 1000;
  if (value.type === "string") return success({ resultType: "string", result: [time, value.value] });
  if (value.type === "scalar")
    return success({ resultType: "scalar", result: [time, numberText(value.values[0]!)] });
  const there = value.rows.filter((row) => row.has[0]);
  return streamed(
    "vector",
    there,
    ({ labels, values }) =>
      `{"metric":${JSON.stringify(labels)},"value":[${time},"${numberText(values[0]!)}"]}`,
  );
}

/** The values of an expression at each moment of a grid. */
export function overTime(
  value: Exclude<Value, { type: "string" }>,
  { startMs, stepMs, count }: Grid,
): Response {
  const rows: readonly Row[] =
    value.type === "vector"
      ? value.rows
      : [{ labels: {}, values: value.values, has: new Uint8Array(count).fill(1) }];
  return streamed("matrix", inOrder(rows), ({ labels, values, has }) => {
    const pairs: string[] = [];
    for (let at = 0; at < count; at++)
      if (has[at]) pairs.push(`[${(startMs + at * stepMs) / 1000},"${numberText(values[at]!)}"]`);
    return seriesText(labels, pairs);
  });
}

/** Samples as they are. */
export function samples(all: readonly { labels: Labels; points: Points }[]): Response {
  return streamed("matrix", inOrder(all), ({ labels, points: { times, values } }) =>
    seriesText(
      labels,
      Array.from(times, (time, at) => `[${time / 1000},"${numberText(values[at]!)}"]`),
    ),
  );
}

const seriesText = (labels: Labels, pairs: readonly string[]) =>
  `{"metric":${JSON.stringify(labels)},"values":[${pairs.join(",")}]}`;

function inOrder<T extends { labels: Labels }>(rows: readonly T[]): readonly T[] {
  if (rows.length > mostSorted) return rows;
  return rows
    .map((row) => ({ row, key: keyOf(row.labels) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);
}

export function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}

/** A list that may be long. */
export function listed(all: readonly unknown[], warnings: readonly string[] = []): Response {
  const end = warnings.length > 0 ? `],"warnings":${JSON.stringify(warnings)}}` : "]}";
  return inPieces('{"status":"success","data":[', all, (one) => JSON.stringify(one), end);
}

const streamed = <T>(resultType: string, rows: readonly T[], text: (row: T) => string): Response =>
  inPieces(`{"status":"success","data":{"resultType":"${resultType}","result":[`, rows, text, "]}}");

/** Written piece by piece: a long answer is neither held as a whole nor made in one go. */
function inPieces<T>(start: string, rows: readonly T[], text: (row: T) => string, end: string): Response {
  function* pieces(): Generator<string> {
    let piece = start;
    for (const [number, row] of rows.entries()) {
      piece += number === 0 ? text(row) : `,${text(row)}`;
      if (piece.length < pieceLength) continue;
      yield piece;
      piece = "";
    }
    yield piece + end;
  }
  const all = pieces();
  const first = all.next().value as string;
  const second = all.next();
  if (second.done) return new Response(first, { headers });
  const encoder = new TextEncoder();
  const waiting = [first, second.value];
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = waiting.shift() ?? all.next().value;
      if (next === undefined) controller.close();
      else controller.enqueue(encoder.encode(next));
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  return new Response(body, { headers });
}
