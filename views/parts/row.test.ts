import { expect, test } from "bun:test";
import { Pod } from "../../wire/pod.ts";
import type { Row } from "../model.ts";
import { podList } from "../pages/pods.ts";
import { fill } from "../testing/fill.ts";
import { cluster, rowOf, viewer } from "../testing/viewing.ts";
import { texts } from "../text/text.ts";
import type { Viewing } from "../viewing.ts";
import { tableRow } from "./row.ts";

const pod = fill(Pod, "web", true) as Pod;
const draw = (v: Viewing, row: Row<Pod>) => tableRow(v, "pod", podList.columns, row).text;

test("a row that was drawn before is the one that would be drawn now, whatever has changed", () => {
  const two = [cluster("c1", "production"), cluster("c2", "staging")];
  const usage = (cpuCores: number) => ({
    cpuCores,
    memoryBytes: 1e6,
    cpuHistory: new Float32Array(30).fill(cpuCores),
    memoryHistory: new Float32Array(30),
  });
  const viewers: Partial<Viewing>[] = [
    {},
    { t: texts.zh, lang: "zh" },
    { scope: { cluster: "c1" } },
    { scope: { namespace: "web" } },
    { now: 1_800_000_900_000 },
    { clusters: two },
    { clusters: [cluster("c1", "renamed"), two[1]!] },
  ];
  const rows: Partial<Row<Pod>>[] = [
    {},
    { health: "critical", state: "CrashLoopBackOff", why: "exited with 1", sinceMs: 1_799_999_999_000 },
    { health: "critical", state: "CrashLoopBackOff", why: "exited with 2", sinceMs: 1_799_999_999_000 },
    { health: "warning" },
    { state: "Pending" },
    { createdMs: 1_799_000_000_000 },
    { cluster: "c2" },
    { usage: usage(1) },
    { usage: usage(2) },
  ];
  const all = new Set<string>();
  for (const more of [...viewers, ...viewers])
    for (const what of rows) {
      const v = viewer("/pods", more);
      const drawn = draw(v, rowOf(pod, what));
      expect(drawn).toBe(draw(v, rowOf(structuredClone(pod), what)));
      all.add(drawn);
    }
  expect(all.size).toBeGreaterThan(viewers.length * 5);
});

test("two objects of the same name keep their rows apart", () => {
  const other = structuredClone(pod);
  other.summary.restarts = 77;
  const v = viewer("/pods");
  draw(v, rowOf(pod));
  expect(draw(v, rowOf(other))).toContain(">77<");
  expect(draw(v, rowOf(pod))).not.toContain(">77<");
});
