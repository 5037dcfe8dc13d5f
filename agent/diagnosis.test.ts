import { expect, setSystemTime, test } from "bun:test";
import { AgentDiagnosis } from "./diagnosis.ts";
import { EventQueue } from "./push/event-queue.ts";
import { until } from "./testing/wire-master.ts";

test("the silence of a probe and the state of its node are occurrences of the same node, each with its own end", async () => {
  const queue = new EventQueue(10);
  const diagnosis = new AgentDiagnosis(queue);
  const events = () => queue.peek(10, 1e6).events;
  try {
    const node = { kind: "Node", name: "n1", node: "n1", uid: "node-uid" };
    diagnosis.ready("Node");
    diagnosis.probeHeard("n1");
    diagnosis.observe(node, []);
    setSystemTime(Date.now() + 61_000);
    const pressure = {
      family: "DiskPressure",
      reason: "DiskPressure",
      severity: "warning",
      category: "node",
      message: "full",
    } as const;
    diagnosis.observe(node, [pressure]);
    await until("both", () => events().length === 2);
    expect(
      events()
        .map((event) => `${event.reason} ${event.uid}`)
        .sort(),
    ).toEqual(["DiskPressure node-uid", "ProbeSilent node-uid"]);
    diagnosis.probeHeard("n1");
    diagnosis.observe(node, [pressure]);
    setSystemTime(Date.now() + 6000);
    diagnosis.probeHeard("n1");
    diagnosis.observe(node, [pressure]);
    await until("over", () => events().some((event) => event.resolved_ts_ms !== undefined));
    expect(events().filter((event) => event.resolved_ts_ms === undefined)).toMatchObject([
      { reason: "DiskPressure" },
    ]);
  } finally {
    setSystemTime();
    diagnosis.stop();
  }
});
