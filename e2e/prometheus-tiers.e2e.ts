import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { prometheus, promtool } from "./lib/prometheus.ts";
import { type SideBySide, startSideBySide } from "./lib/side-by-side.ts";

const missing = !prometheus || !promtool;
if (missing)
  console.log("skipped: what is kept of minutes beside a real Prometheus: prometheus is not installed");

const day = 86_400_000;
const days = 5;
/** Samples of a day, minutes of two and a half, ten minutes of all. */
const keptMs = [day, 2.5 * day, 90 * day, 730 * day];
const config = { historyRawMs: keptMs[0]!, historyMinuteMs: keptMs[1]! };
const cpu = "atlhyper_node_cpu_usage_ratio";
const received = "atlhyper_node_net_received_bytes_per_second";
const disk = "atlhyper_node_disk_used_bytes";

describe.skipIf(missing)("minutes and ten minutes beside a Prometheus that keeps every sample", () => {
  let both: SideBySide;
  beforeAll(async () => {
    both = await startSideBySide(19_096, days * 24, { everyMs: 30_000, keptMs }, config);
  }, 300_000);
  afterAll(() => both?.[Symbol.asyncDispose]());

  const over = (fromMs: number, step: number) => ({
    start: `${fromMs / 1000}`,
    end: `${(both.seeded.endMs - 3 * 3_600_000) / 1000}`,
    step: `${step}`,
  });

  test.each([
    [cpu, 0],
    [`sum(${cpu})`, 0],
    [`${cpu} offset 2h`, 0],
    [`${disk} / ${disk} offset 1d`, 0],
    [`min_over_time(${received}[1h])`, 0],
    [`max_over_time(${received}[2h])`, 0],
    [`count_over_time(${cpu}[1h])`, 0],
    [`last_over_time(${cpu}[1h])`, 0],
    [`avg_over_time(${cpu}[1h])`, 0.001],
    [`sum_over_time(${cpu}[1h])`, 0.12],
    [`avg_over_time(${disk}[3h])`, 4096],
    [`max by (node) (max_over_time(atlhyper_node_core_usage_ratio[1d]))`, 0],
  ])("%s at whole hours of all five days, within %p", async (query, within) => {
    const range = over(both.seeded.beginMs + 2 * day, 3600);
    for (const grid of [range, over(both.seeded.beginMs + 3 * 3_600_000, 3600)]) {
      const { data } = await both.compare("query_range", { query, ...grid }, within);
      expect((data.result as unknown[]).length).toBeGreaterThan(0);
    }
  });

  test.each([
    [cpu, 0],
    [`max_over_time(${received}[10m])`, 0],
    [`count_over_time(${cpu}[5m])`, 0],
    [`avg_over_time(${cpu}[5m])`, 0.000501],
  ])("%s at whole minutes of two days, also where a node was away, within %p", async (query, within) => {
    await both.compare("query_range", { query, ...over(both.seeded.endMs - 2 * day, 60) }, within);
  });

  test("at any other moment of the past there is a value, and windows that are too short hold one", async () => {
    const grid = over(both.seeded.beginMs + 3_600_000 + 17_000, 977);
    for (const query of [cpu, `avg_over_time(${cpu}[5m])`, `increase(${disk}[5m])`, `deriv(${disk}[1h])`]) {
      const { data } = await both.ask("mine", "POST", "query_range", { query: `${query}`, ...grid });
      const result = data.result as { metric: { node: string }; values: unknown[] }[];
      const moments = Math.floor((Number(grid.end) - Number(grid.start)) / 977) + 1;
      expect(result.find(({ metric }) => metric.node === "n1")!.values).toHaveLength(moments);
    }
  });

  test("a window over everything is of all samples, whatever is kept of them", async () => {
    const time = `${(both.seeded.endMs - 3_600_000) / 1000}`;
    for (const query of [`max_over_time(${received}[4d])`, `min_over_time(${received}[4d])`])
      await both.compare("query", { query, time });
    await both.compare("query", { query: `avg_over_time(${cpu}[4d])`, time }, 0.001);
    // At either end it may be a step longer or shorter.
    await both.compare("query", { query: `count_over_time(${cpu}[4d])`, time }, 4);
  });
});
