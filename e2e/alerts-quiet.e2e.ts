import { expect, test } from "bun:test";
import { defaultRules } from "../agent/control/rules.ts";
import { tokenAccess } from "../agent/kube/access.ts";
import { startTestMaster } from "../master/harness.ts";
import { demoClusterId, startDemo } from "../simkube/demo.ts";
import { startLocalAgent } from "../command/up/local-cluster.ts";

test("the rules that come with AtlHyper say nothing on a cluster that is well", async () => {
  await using master = await startTestMaster();
  const demo = await startDemo({ seed: 7, quiet: true });
  const kube = tokenAccess(demo.url, demo.token);
  const config = { rules: { ...defaultRules, exec: false } };
  const local = { name: "well", flavour: "demo" as const, clusterID: demoClusterId, kube, config };
  const { agent, stop } = await startLocalAgent(master, local, () => undefined);
  const tell = () => demo.nodeMetrics().forEach(agent.putMetrics);
  const timer = setInterval(tell, 1000);
  const { engine } = master.parts.alerting;
  const seen = new Set<string>();
  try {
    // Not even about to fire: what `for` waits out would be here as pending.
    const until = Date.now() + 30_000;
    while (Date.now() < until) {
      for (const { name, object, state } of engine.alerts.values()) seen.add(`${name} ${object} ${state}`);
      await Bun.sleep(200);
    }
    const { body } = await master.api("/api/v1/pods");
    expect(body.total as number).toBeGreaterThan(40);
    const [facts] = master.parts.datasource.facts();
    expect(facts).toMatchObject({ live: true });
    expect(facts!.column("node", "cpu", "usage").subjects.length).toBeGreaterThan(3);
    expect([...seen]).toEqual([]);
  } finally {
    clearInterval(timer);
    await stop();
    await demo.stop();
  }
}, 60_000);
