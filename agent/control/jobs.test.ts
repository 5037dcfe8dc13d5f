import { expect, test } from "bun:test";
import { type Job, jobOf, startable } from "./jobs.ts";

const nowMs = 1000;
let count = 0;
const job = (type: string, target: Record<string, string>, more: Partial<Job> = {}, args = {}): Job => ({
  ...jobOf({ id: String(count++), type, target, args }),
  ...more,
});
const pod = (name: string, more: Partial<Job> = {}) => job("PodDelete", { ns: "shop", pod: name }, more);

test("the first job of each object may begin, in the order in which they came", () => {
  const [a1, b1, a2] = [pod("a"), pod("b"), pod("a")];
  expect(startable([a1, b1, a2], nowMs)).toEqual([a1, b1]);
  expect([a1.hurry.signal.aborted, b1.hurry.signal.aborted]).toEqual([true, false]);
});

test("one that runs holds up its object, and hurries once another waits", () => {
  const [running, alone, waiting] = [pod("a", { running: true }), pod("b", { running: true }), pod("a")];
  expect(startable([running, alone, waiting], nowMs)).toEqual([]);
  expect([running.hurry.signal.aborted, alone.hurry.signal.aborted]).toEqual([true, false]);
});

test("one that another agent has holds up its object until its time is over", () => {
  const left = pod("a", { leftUntilMs: nowMs + 1 });
  const next = pod("a");
  expect(startable([left, next], nowMs)).toEqual([]);
  expect(startable([left, next], nowMs + 1)).toEqual([left]);
});

test("what only reads, or only says what it would do, waits for nobody", () => {
  const target = { kind: "Deployment", ns: "shop", name: "web" };
  const undo = job("RolloutUndo", target, { running: true });
  const shown = job("RolloutUndo", target, {}, { dryRun: true });
  const logs = [1, 2].map(() => job("PodGetLogs", { ns: "shop", pod: "a" }));
  expect(startable([undo, shown, ...logs], nowMs)).toEqual([shown, ...logs]);
});

test("each lane has its own bound", () => {
  const writers = Array.from({ length: 100 }, (_, index) => pod(`p${index}`, { running: index < 10 }));
  const readers = Array.from({ length: 20 }, () => job("PodGetLogs", { ns: "shop", pod: "a" }));
  expect(startable([...writers, ...readers], nowMs)).toEqual([
    ...writers.slice(10, 64),
    ...readers.slice(0, 16),
  ]);
});
