import { expect, test } from "bun:test";
import type { AgentStatus } from "../../wire/status.ts";
import { StatusLane } from "./status-lane.ts";

function laneOf() {
  const status: AgentStatus = {
    name: "home",
    flavour: "kubernetes",
    run: "r",
    agentVersion: "2",
    startedAt_ms: 1,
  };
  const lane = new StatusLane({ clusterId: () => "uid", run: "r", status: () => status, everyMs: 30_000 });
  const send = () => {
    const { sync, payload } = JSON.parse(lane.next().body as string);
    return { ...sync, payload };
  };
  return { lane, status, send };
}

test("a status is told whole once, then only that it is still so, until it changes", () => {
  const { lane, status, send } = laneOf();
  expect(send()).toEqual({ run: "r", seq: 1, mode: "full", payload: { agent: status } });
  lane.sent();
  expect(send()).toEqual({ run: "r", seq: 1, mode: "delta", payload: {} });
  lane.sent();
  status.synced = true;
  expect(send()).toEqual({ run: "r", seq: 2, mode: "full", payload: { agent: status } });
});

test("what was not taken is told whole the next time, and soon", () => {
  const { lane, status, send } = laneOf();
  send();
  lane.failed();
  expect(send()).toMatchObject({ seq: 2, mode: "full" });
  lane.sent();
  const laterMs = lane.dueMs();
  expect(send()).toMatchObject({ seq: 2, mode: "delta" });
  lane.failed();
  expect(lane.dueMs()).toBeLessThan(laterMs);
  expect(send()).toEqual({ run: "r", seq: 3, mode: "full", payload: { agent: status } });
});
