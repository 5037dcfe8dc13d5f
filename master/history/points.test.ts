import { expect, test } from "bun:test";
import { openDatabase } from "../database/database.ts";
import { createMetricsHistory } from "./history.ts";
import type { Points } from "./points.ts";
import type { PointsOf } from "./plain-reader.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const begin = Date.UTC(2026, 0, 5);
const length = 2.75 * day;

/** Nearly three days of a node, a value every minute: the number of it, in thousandths. Raw ones are kept for a day. */
function filled() {
  const clock = { now: begin };
  const history = createMetricsHistory(openDatabase(":memory:"), {
    keptMs: [day, 2 * day, 90 * day, 730 * day],
    maxBytes: 2 ** 40,
    findPod: () => ({
      namespace: "shop",
      name: "web-0",
      kind: "StatefulSet",
      owner: "web",
    }),
    now: () => clock.now,
    failed: (_what, error) => {
      throw error;
    },
  });
  const count = length / minute;
  for (let at = 0; at < count; at++) {
    clock.now = begin + at * minute + 1500;
    history.take("c", [
      {
        nodeName: "n1",
        timestamp: new Date(clock.now).toISOString(),
        cpu: { usage: at / 1000, cores: 1 },
        // The pod's successor has its name.
        containers: [{ id: "c", podUID: at < count / 2 ? "1" : "2", cpuCores: 0.5, memoryWorkingSet: 4096 }],
      } as never,
    ]);
    if (at % 120 === 0) {
      history.flush();
      history.settle();
    }
  }
  clock.now += hour;
  history.flush();
  history.settle();
  return history;
}

const history = filled();
const whole = { fromMs: begin, toMs: begin + length };

function read(of: Partial<PointsOf> = {}): Points {
  const { plain } = history;
  const node = plain.subjectsIn(whole).find(({ kind }) => kind === "Node")!;
  const id = plain.seriesNames().find(({ name }) => name === "usage")!.id;
  const work = plain.seriesPoints(node, [id], { range: whole, figure: "last", tier: 0, ...of });
  let next = work.next();
  while (!next.done) next = work.next();
  return next.value.get(id)!;
}

test("samples as they are, as far back as these are kept, and before that one tier after the other without a gap", () => {
  const { times, values, spans, counts } = read();
  const kinds = [...new Set(spans)];
  expect(kinds).toEqual([600_000, minute, 0]);
  let before = begin;
  for (const [at, time] of times.entries()) {
    const [span, count] = [spans![at]!, counts![at]!];
    const step = span || minute;
    expect(time - before).toBe(at === 0 || spans![at - 1] === span ? step : time - before);
    expect(count).toBe(span === 0 ? 1 : span / minute);
    // The last of a step is what there was at the end of it.
    const number = span === 0 ? (time - 1500 - begin) / minute : (time - begin) / minute - 1;
    expect(values[at]).toBeCloseTo(number / 1000, 9);
    before = time;
  }
  expect(counts!.reduce((sum, one) => sum + one, 0)).toBe(length / minute);
});

test("the tier that is asked for, made of what came where it is not stored, and finer ones where it was not made yet", () => {
  const range = { fromMs: begin + 2.5 * day, toMs: begin + length };
  expect(new Set(read({ range, tier: 1 }).spans)).toEqual(new Set([minute]));
  const { spans } = read({ range: { ...range, fromMs: begin + 1.5 * day }, tier: 2 });
  expect([spans![0], spans!.at(-1)]).toEqual([600_000, 600_000]);
  expect(new Set(read({ range, tier: 3 }).spans)).toEqual(new Set([600_000]));
});

test("each figure of a step", () => {
  const range = { fromMs: begin, toMs: begin + 600_000 };
  const first = (figure: PointsOf["figure"]) => read({ range, tier: 2, figure }).values[0];
  expect([first("min"), first("max"), first("last")]).toEqual([0, 0.009, 0.009]);
  expect(first("avg")).toBe(0.005);
});

test("a range begins with what was just before it, where that stands for a while", () => {
  const range = { fromMs: begin + hour + minute, toMs: begin + hour + 2 * minute };
  expect([...read({ range }).times]).toEqual([begin + hour - 600_000, begin + hour]);
  const later = { fromMs: begin + 2.6 * day, toMs: begin + 2.6 * day + minute };
  expect(read({ range: later }).times.length).toBe(1);
});

test("a pod and its successor of the same name are one", () => {
  const { plain } = history;
  const web = plain.subjectsIn(whole).find(({ name }) => name === "web")!;
  const range = { fromMs: begin + 2.2 * day, toMs: begin + length };
  expect(plain.podsIn(web, whole)).toHaveLength(2);
  for (const [tier, of] of [
    [0, whole],
    [1, range],
  ] as const) {
    const work = plain.podPoints(web, "cpu", plain.podsIn(web, whole), { range: of, figure: "last", tier });
    let next = work.next();
    while (!next.done) next = work.next();
    expect([...next.value.keys()]).toEqual(["web-0"]);
    const { times, values, counts } = next.value.get("web-0")!;
    expect(new Set(values)).toEqual(new Set([0.5]));
    expect(times.every((time, at) => at === 0 || time >= times[at - 1]!)).toBe(true);
    if (of === whole) expect(counts!.reduce((sum, one) => sum + one, 0)).toBe(length / minute);
  }
});
