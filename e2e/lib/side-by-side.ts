import { expect } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MasterConfig } from "../../master/config.ts";
import { openDatabase } from "../../master/database/database.ts";
import { startTestMaster } from "../../master/harness.ts";
import { startPrometheus } from "./prometheus.ts";
import { seedHistory, storeFor } from "./seeded-history.ts";

export interface Answer {
  status: string;
  error?: string;
  errorType?: string;
  data: { resultType: string; result: unknown };
}
type Series = { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] };

/** By labels, so that the order does not count. */
function seriesOf({ data }: Answer): Map<string, [number, string][]> {
  if (data.resultType === "scalar") return new Map([["", [data.result as [number, string]]]]);
  return new Map(
    (data.result as Series[]).map(({ metric, value, values }) => [
      JSON.stringify(Object.entries(metric).sort()),
      values ?? [value!],
    ]),
  );
}

/** Where two answers differ by more than a billionth, or than `within`; undefined where nowhere. */
export function difference(mine: Answer, theirs: Answer, within = 0): string | undefined {
  if (mine.status !== "success" || theirs.status !== "success")
    return mine.status === theirs.status ? undefined : `${mine.error} against ${theirs.error}`;
  if (mine.data.resultType !== theirs.data.resultType) return mine.data.resultType;
  const [left, right] = [seriesOf(mine), seriesOf(theirs)];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(key), right.get(key)];
    if (!a || !b) return `${a ? "only here" : "only there"}: ${key}`;
    if (a.length !== b.length) return `${a.length} values against ${b.length}: ${key}`;
    for (const [at, [time, text]] of a.entries()) {
      const [otherTime, otherText] = b[at]!;
      const [x, y] = [Number(text), Number(otherText)];
      // Where values of about one cancel each other, what is left is of their last digits.
      const least = Math.max(within, 1e-15, 1e-9 * Math.max(Math.abs(x), Math.abs(y)));
      const same = text === otherText || Math.abs(x - y) <= least;
      if (time !== otherTime || !same) return `at ${time}: ${text} against ${otherText}: ${key}`;
    }
  }
  return undefined;
}

export type SideBySide = Awaited<ReturnType<typeof startSideBySide>>;

/** A master and a real Prometheus with the same samples, to be asked the same. */
export async function startSideBySide(
  port: number,
  hours: number,
  how: Parameters<typeof seedHistory>[2] = {},
  config: Partial<MasterConfig> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-prom-"));
  const data = join(folder, "master");
  const db = openDatabase(data);
  const seeded = await seedHistory(db, hours, how);
  db.close();
  await storeFor(folder, seeded);
  const prometheus = await startPrometheus(folder, port, ["--storage.tsdb.retention.time=10y"]);
  const master = await startTestMaster({ data, ...config });
  const token = await master.apiToken();
  const spent: Record<string, { mine: number[]; theirs: number[] }> = {};
  const roots = { mine: `${master.url}/prometheus`, theirs: prometheus.url };

  async function ask(
    whom: keyof typeof roots,
    method: "GET" | "POST",
    path: string,
    parameters: Record<string, string>,
  ): Promise<Answer & { http: number }> {
    const form = new URLSearchParams(parameters);
    const address = `${roots[whom]}/api/v1/${path}`;
    const headers = { authorization: `Bearer ${token}` };
    const start = performance.now();
    const response =
      method === "GET"
        ? await fetch(`${address}?${form}`, { headers })
        : await fetch(address, { method, headers, body: form });
    const answer = (await response.json()) as Answer;
    spent[path] ??= { mine: [], theirs: [] };
    spent[path][whom].push(performance.now() - start);
    return { ...answer, http: response.status };
  }

  return {
    seeded,
    ask,
    /** Fails where the answers differ by more than a billionth, or than `within`; gives ours. */
    async compare(path: string, parameters: Record<string, string>, within?: number): Promise<Answer> {
      const mine = await ask("mine", "POST", path, parameters);
      const theirs = await ask("theirs", "POST", path, parameters);
      expect([parameters, difference(mine, theirs, within)]).toEqual([parameters, undefined]);
      return mine;
    },
    /** Prints how long queries took, in the middle. */
    printSpent() {
      const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!.toFixed(1);
      for (const path of ["query", "query_range"] as const)
        for (const [whom, name] of [
          ["mine", "here"],
          ["theirs", "prometheus"],
        ] as const)
          if (spent[path]) console.log(`promql_${path}_${name}_p50 ${median(spent[path][whom])} ms`);
    },
    async [Symbol.asyncDispose]() {
      await prometheus.stop();
      await master.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
