import { expect, test } from "bun:test";
import { Counter, Gauge, Histogram, metricsText } from "./counters.ts";

test("counters and gauges are written in the text format, sorted, with their labels escaped", () => {
  const counter = new Counter("a_total", "What.");
  counter.add({ path: 'x"y\\z\n' }, 2);
  counter.add({ path: "b" });
  const gauge = new Gauge("g", "Now.", () => [[{}, 5]]);
  expect(metricsText([counter, gauge])).toBe(
    `# HELP a_total What.\n# TYPE a_total counter\na_total{path="b"} 1\na_total{path="x\\"y\\\\z\\n"} 2\n` +
      "# HELP g Now.\n# TYPE g gauge\ng 5\n",
  );
});

test("a histogram's buckets are cumulative and end with all that was observed", () => {
  const histogram = new Histogram("d_seconds", "Time.");
  for (const seconds of [0.0005, 0.003, 0.003, 60]) histogram.observe({ area: "api" }, seconds);
  const lines = histogram.lines();
  expect(lines).toContain('d_seconds_bucket{area="api",le="0.001"} 1');
  expect(lines).toContain('d_seconds_bucket{area="api",le="0.005"} 3');
  expect(lines).toContain('d_seconds_bucket{area="api",le="5"} 3');
  expect(lines).toContain('d_seconds_bucket{area="api",le="+Inf"} 4');
  expect(lines).toContain('d_seconds_sum{area="api"} 60.0065');
});
