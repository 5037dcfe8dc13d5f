import { expect, test } from "bun:test";
import { eventsOf, fromLegacy } from "./events.ts";

const legacy = {
  Timestamp: "2025-01-02T03:04:05Z",
  Kind: "Pod",
  Namespace: "shop",
  Name: "web-1",
  Node: "n1",
  ReasonCode: "CrashLoopBackOff",
  Category: "Pod",
  Severity: "Critical",
  Message: "back-off",
};

test("an AtlHyper 1.x event becomes ours", () => {
  expect(fromLegacy(legacy, 5)).toEqual({
    id: expect.stringMatching(/^1x-[\w-]{27}$/),
    ts_ms: Date.UTC(2025, 0, 2, 3, 4, 5),
    kind: "Pod",
    namespace: "shop",
    name: "web-1",
    node: "n1",
    reason: "CrashLoopBackOff",
    category: "Pod",
    severity: "critical",
    message: "back-off",
    origin: "kubernetes",
  });
});

test("the same 1.x event has the same id, and another has another", () => {
  expect(fromLegacy(legacy, 5).id).toBe(fromLegacy({ ...legacy }, 9).id);
  expect(fromLegacy({ ...legacy, Message: "other" }, 5).id).not.toBe(fromLegacy(legacy, 5).id);
  expect(fromLegacy({ ...legacy, Timestamp: "2025-01-02T03:04:06Z" }, 5).id).not.toBe(
    fromLegacy(legacy, 5).id,
  );
});

test("a 1.x event with a time that is none happened when it was sent", () => {
  expect(fromLegacy({ ...legacy, Timestamp: "soon" }, 77).ts_ms).toBe(77);
});

test("severities of 1.x in other words become one of three", () => {
  const of = (Severity: string) => fromLegacy({ ...legacy, Severity }, 1).severity;
  expect(["error", "Warning", "Normal", ""].map(of)).toEqual(["critical", "warning", "info", "info"]);
});

test("huge texts of 1.x are cut to what is stored", () => {
  const huge = "x".repeat(100_000);
  const event = fromLegacy({ ...legacy, Name: huge, Message: huge, ReasonCode: huge }, 1);
  expect([event.name.length, event.message!.length, event.reason.length]).toEqual([1024, 8192, 200]);
});

test("no events, null and both forms side by side are taken", () => {
  expect(eventsOf({ events: null }, 1)).toEqual([]);
  const ours = { id: "a", ts_ms: 1, kind: "Pod", name: "p", reason: "r", severity: "info" as const };
  const both = eventsOf({ events: [{ ...ours, unknown: "field" } as typeof ours, legacy] }, 1);
  expect(both[0]).toEqual(ours);
  expect(both[1]?.name).toBe("web-1");
});
