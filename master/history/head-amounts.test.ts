import { expect, test } from "bun:test";
import type { Subject } from "../database/metrics/subjects.ts";
import { type Amounts, nodeAmounts, workloadAmounts } from "./amounts.ts";
import { Head } from "./head.ts";
import { eachHeadAmount } from "./head-amounts.ts";
import type { Names } from "./names.ts";
import { cpuOf, memoryOf } from "./totals.ts";

const workload: Subject = { id: 1, cluster: "c", kind: "Deployment", namespace: "n", name: "w", seen: 0 };
const names = {} as Names;

function told(head: Head): Amounts {
  const amounts: Amounts = new Map();
  eachHeadAmount(head, workload, names, (id, sum, seconds, max) => amounts.set(id, { sum, seconds, max }));
  return amounts;
}

const byID = (amounts: Amounts) =>
  [...amounts]
    .sort((a, b) => a[0] - b[0])
    .map(([id, { sum, seconds, max }]) => ({ id, sum: Number(sum.toPrecision(12)), seconds, max }));

/** Numbers that are the same each time. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

test("what a block in progress has come to is what it would be once it is sealed: pods come and go, nodes are late", () => {
  let inOrder = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const roll = dice(seed);
    const head = new Head();
    const nodes = Array.from({ length: 1 + roll(4) }, (_, node) => ({
      pods: Array.from({ length: 1 + roll(3) }, (_, at) => 1 + node * 3 + at),
      since: roll(3) * 50 * roll(5),
      until: roll(2) === 0 ? 6000 : 300 + roll(5000),
      every: 50 + 50 * roll(3),
    }));
    const disorder = roll(4) === 0;
    if (!disorder) inOrder++;
    for (let time = 50 * roll(4); time < 6000; time += 50)
      for (const { pods, since, until, every } of nodes) {
        if (time < since || time > until || time % every !== 0 || roll(9) === 0) continue;
        const at = disorder && roll(20) === 0 ? Math.max(0, time - 50 * roll(5)) : time;
        const ids = pods.flatMap((pod) => [cpuOf(pod), memoryOf(pod)]);
        head.add(
          at,
          ids,
          ids.map(() => roll(5000)),
        );
      }
    expect(byID(told(head)), `seed ${seed}`).toEqual(byID(workloadAmounts(head.read())));
  }
  expect(inOrder).toBeWithin(150, 290);
});

test("of a node in progress the same series tell as of one that is sealed, whatever else it has", () => {
  const series = [
    ["cpu", "usage"],
    ["cpu", "user"],
    ["memory", "used"],
    ["memory", "total"],
    ["disk /", "used"],
    ["disk /", "total"],
    ["io sda", "read"],
    ["net eth0", "rx"],
    ["net lo", "rx"],
  ].map(([group, name]) => ({ group: group!, name: name! }));
  const names = { series: { byID: (id: number) => series[id - 1] } } as unknown as Names;
  const head = new Head();
  for (let time = 0; time < 600; time += 50) {
    head.add(
      time,
      [...series.keys()].map((at) => at + 1),
      [...series.keys()].map((at) => 100 * (at + 1) + (time % 7)),
    );
    head.addProcesses(time, [{ pid: time % 3, user: "root", command: `c${time % 2}`, cpu: time, memory: 5 }]);
  }
  const found: Amounts = new Map();
  const node: Subject = { ...workload, kind: "Node", namespace: "" };
  eachHeadAmount(head, node, names, (id, sum, seconds, max) => found.set(id, { sum, seconds, max }));
  expect(byID(found)).toEqual(byID(nodeAmounts(head.read(), names.series.byID)));
  expect(found.size).toBe(6);
});

test("of a cluster as a whole nothing is told", () => {
  const head = new Head();
  head.add(0, [cpuOf(1)], [5]);
  eachHeadAmount(head, { ...workload, kind: "Cluster" }, names, () => expect.unreachable());
  expect(told(head).size).toBe(2);
});
