import { expect, test } from "bun:test";
import type { AlertView } from "../../views/alert-model.ts";
import { alertView } from "../../views/testing/viewing.ts";
import { channelDefaults } from "../notify/channels.ts";
import { escalating } from "./escalate.ts";
import { deciding } from "./group.ts";
import { muting } from "./inhibit.ts";
import { differing } from "./differences.ts";

const now = 1_700_000_000_000;

/** Runs steps to the end: what came of it, and how often others got their turn. */
function watched<T>(steps: Generator<unknown, T>): { value: T; turns: number } {
  for (let turns = 0; ; turns++) {
    const { value, done } = steps.next();
    if (done) return { value: value as T, turns };
  }
}

function firing(name: string, rule: string, labels: Record<string, string>): AlertView {
  const { ack: _, ...plain } = alertView(name);
  return { ...plain, fingerprint: name, rule, cluster: "c1", state: "firing", labels: { rule, ...labels } };
}

test("when everything breaks at once, others get their turn at each alert, in each part of judging", () => {
  const alerts = new Map<string, AlertView>();
  for (let n = 0; n < 500; n++) {
    const node = firing(`node-${n}`, "node-not-ready", { cluster: "prod", node: `n${n}`, kind: "Node" });
    alerts.set(node.fingerprint, node);
  }
  for (let n = 0; n < 3000; n++) {
    // Of a thousand the node is not down.
    const pod = firing(`pod-${n}`, "pod", { cluster: "prod", node: `n${n % 750}`, kind: "Pod" });
    alerts.set(pod.fingerprint, pod);
  }
  const owners = new Map([["c1", "t1"]]);
  const silences = watched(muting(alerts.values(), [], owners, now));
  expect(silences.turns).toBe(3500);
  expect(silences.value.size).toBe(2000);
  expect(silences.value.get("pod-751")).toMatchObject({ by: "inhibition", fingerprint: "node-1" });

  const open = { alerts, muted: silences.value, owners, now };
  const policy = {
    ...{ id: "p", name: "on call", enabled: true, severities: [], matchers: [], repeats: 0, createdMs: 1 },
    steps: [{ afterMs: 1000, channel: "h" }],
  };
  const escalated = watched(escalating({ ...open, policies: [policy], states: new Map() }));
  expect(escalated.turns).toBeGreaterThanOrEqual(3000);
  expect(escalated.value.states.size).toBe(1500);

  const channel = { ...channelDefaults, id: "h", groupBy: ["node"], groupWaitMs: 0 };
  const decided = watched(deciding({ ...open, channels: [channel], groups: new Map() }));
  expect(decided.turns).toBeGreaterThanOrEqual(1500);
  expect(decided.value.notices).toHaveLength(750);

  expect(watched(differing(new Map(), alerts, now)).turns).toBe(3500);
});

test("an alert does not stand for itself, nor one in another cluster for it", () => {
  const one = firing("a", "agent-silent", { cluster: "prod", kind: "Cluster" });
  const elsewhere = { ...firing("b", "pod", { cluster: "prod", kind: "Pod" }), cluster: "c2" };
  const without = firing("c", "pod", { kind: "Pod" });
  const here = firing("d", "pod", { cluster: "prod", kind: "Pod" });
  const { value } = watched(muting([one, elsewhere, without, here], [], new Map(), now));
  expect([...value.keys()]).toEqual(["d"]);
});
