import { expect, test } from "bun:test";
import { cpuMs } from "../../kit/testing/cpu.ts";
import { openDatabase } from "../database/database.ts";
import { createMarks, type Noted } from "./marks.ts";

const now = Date.UTC(2026, 0, 5);
const hour = 3_600_000;
const day = 24 * hour;

function lab() {
  const db = openDatabase(":memory:");
  const faults: unknown[] = [];
  const open = () =>
    createMarks(db, {
      keptMs: 730 * day,
      ownerOf: (_cluster, _namespace, pod) => (pod.startsWith("web-") ? "Deployment/web" : undefined),
      now: () => now,
      failed: (_what, error) => faults.push(error),
    });
  return { db, faults, open, marks: open() };
}
const restart = (name: string, agoMs: number, more: Partial<Noted> = {}): Noted => ({
  cluster: "c",
  what: "restart",
  kind: "Pod",
  namespace: "shop",
  name,
  atMs: now - agoMs,
  ref: "app",
  detail: { container: "app" },
  ...more,
});
const all = { cluster: "c", fromMs: now - day, toMs: now };

test("what is noted is found at once, after a new start, and only once however often it is told", () => {
  const { marks, open } = lab();
  for (let times = 0; times < 3; times++) marks.note(restart("web-1", hour));
  expect(marks.find(all)).toMatchObject({
    single: [{ name: "web-1", owner: "Deployment/web", atMs: now - hour }],
    counts: { restart: 1 },
  });
  marks.close();
  expect(open().find(all).counts).toEqual({ restart: 1 });
});

test("an object has its own, a workload those of its pods too, and of some kinds where only these are asked for", () => {
  const { marks } = lab();
  marks.note(restart("web-1", hour));
  marks.note(restart("other", hour));
  marks.note(
    restart("web", 2 * hour, { what: "deploy", kind: "Deployment", ref: "", detail: { image: "web:2" } }),
  );
  const names = (subjects: NonNullable<Parameters<typeof marks.find>[0]["subjects"]>) =>
    marks.find({ ...all, subjects }).single.map((one) => `${one.what} ${one.name}`);
  const web = { kind: "Deployment", namespace: "shop", name: "web" };
  expect(names([web])).toEqual(["deploy web"]);
  expect(names([{ ...web, owner: true }])).toEqual(["deploy web", "restart web-1"]);
  expect(
    names([
      { kind: "Pod", namespace: "shop", name: "web-1" },
      { ...web, only: ["deploy"] },
    ]),
  ).toEqual(["deploy web", "restart web-1"]);
  expect(
    names([
      { kind: "Pod", namespace: "shop", name: "web-1" },
      { ...web, only: ["scale"] },
    ]),
  ).toEqual(["restart web-1"]);
});

test("an alert is found in all the time in which it fired, and ends once", () => {
  const { marks } = lab();
  const alert = restart("n1", 3 * day, { what: "alert", kind: "Node", namespace: "", ref: "f1" });
  marks.note(alert);
  const hourAgo = { ...all, fromMs: now - hour };
  const [open] = marks.find(hourAgo).single;
  expect(open).toMatchObject({ name: "n1" });
  expect(open).not.toHaveProperty("untilMs");
  marks.end("f1", now - 2 * day);
  marks.end("f1", now);
  expect(marks.find(hourAgo).single).toEqual([]);
  expect(marks.find({ ...all, fromMs: now - 3 * day }).single).toMatchObject([{ untilMs: now - 2 * day }]);
});

test("alerts that went while nobody looked are over at the next start", () => {
  const { marks } = lab();
  for (const ref of ["f1", "f2"]) marks.note(restart("n1", hour, { what: "alert", ref }));
  marks.flush();
  marks.endOthers(new Set(["f2"]), now - 1000);
  expect(
    marks
      .find(all)
      .single.map((one) => [one.ref, one.untilMs])
      .sort(),
  ).toEqual([
    ["f1", now - 1000],
    ["f2", undefined],
  ]);
});

test("a reboot that is told twice with a moment between is one", () => {
  const { marks } = lab();
  const reboot = (agoMs: number) =>
    marks.note(
      restart("n1", agoMs, { what: "reboot", kind: "Node", namespace: "", ref: "", nearMs: 120_000 }),
    );
  reboot(hour);
  reboot(hour + 1500);
  reboot(2 * hour);
  expect(marks.find(all).counts).toEqual({ reboot: 2 });
});

test("of a part one sees its namespaces and nothing that is in none", () => {
  const { marks } = lab();
  marks.note(restart("web-1", hour));
  marks.note(restart("db-1", hour, { namespace: "secret" }));
  marks.note(restart("n1", hour, { what: "reboot", kind: "Node", namespace: "", ref: "" }));
  const seen = marks.seenBy(new Map([["c", new Set(["shop"])]]));
  expect(seen.find(all).single.map((one) => one.name)).toEqual(["web-1"]);
  expect(seen.find({ ...all, namespace: "secret" }).counts).toEqual({});
  expect(seen.find({ ...all, subjects: [{ kind: "Node", namespace: "", name: "n1" }] }).counts).toEqual({});
  expect(seen.find({ ...all, cluster: "other" }).counts).toEqual({});
  expect(marks.seenBy(new Map()).find(all).counts).toEqual({});
});

test("of thousands one is told how many there were and when, and not each by itself", () => {
  const { marks } = lab();
  for (let at = 0; at < 5000; at++) marks.note(restart(`web-${at % 7}`, at * 10_000));
  marks.flush();
  expect(cpuMs(() => marks.find(all))).toBeLessThan(200);
  const { single, many, counts } = marks.find(all);
  expect(counts.restart).toBe(5000);
  expect(single).toEqual([]);
  expect(many.length).toBeLessThanOrEqual(301);
  expect(many.reduce((sum, one) => sum + one.count, 0)).toBe(5000);
});

test("what is as old as nothing is kept is not taken", () => {
  const { marks, faults } = lab();
  marks.note(restart("web-1", 731 * day));
  marks.flush();
  expect(marks.find({ ...all, fromMs: 0 }).counts).toEqual({});
  marks.note(restart("web-1", hour));
  marks.forget("c");
  expect(marks.find(all).counts).toEqual({});
  expect(faults).toEqual([]);
});
