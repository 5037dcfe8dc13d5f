import { defaultRules } from "../../agent/control/rules.ts";
import { tokenAccess } from "../../agent/kube/access.ts";
import type { Log } from "../../kit/log.ts";
import { listClusters, removeCluster } from "../../master/database/clusters.ts";
import type { Master } from "../../master/start.ts";
import type { DemoControl } from "../../master/web/deps.ts";
import { startLocalAgent } from "./local-cluster.ts";

/** How often the demo's nodes tell their metrics, as probes do. */
const metricsEveryMs = 5000;

/**
 * The demo cluster: a simulated Kubernetes in this process, and an agent that talks to it as to any other. When
 * it is switched off its cluster goes too, with its events. It is never on by itself.
 */
export function demoControl(master: () => Master, log: Log): DemoControl & { forgetOld(): Promise<void> } {
  let running: { stop(): Promise<void> } | undefined;
  let starting: Promise<void> | undefined;

  async function forgetOld(): Promise<void> {
    const { database, parts } = master();
    for (const { id, flavour } of await listClusters(database))
      if (flavour === "demo") await removeCluster(database, id);
    await parts.refreshClusters();
  }

  async function start(): Promise<void> {
    const { demoClusterId, startDemo } = await import("../../simkube/demo.ts");
    const demo = await startDemo();
    const local = await startLocalAgent(
      master(),
      {
        name: "demo",
        flavour: "demo",
        clusterID: demoClusterId,
        kube: tokenAccess(demo.url, demo.token),
        // Its containers are made up: there is nothing that a terminal could run in.
        config: { rules: { ...defaultRules, exec: false } },
      },
      log,
    );
    const tell = () => demo.nodeMetrics().forEach(local.agent.putMetrics);
    tell();
    const timer = setInterval(tell, metricsEveryMs);
    running = {
      async stop() {
        clearInterval(timer);
        await local.stop();
        await demo.stop();
      },
    };
  }

  return {
    running: () => running !== undefined,
    forgetOld,
    async start() {
      starting ??= start().finally(() => {
        starting = undefined;
      });
      await starting;
    },
    async stop() {
      await starting;
      await running?.stop();
      running = undefined;
      await forgetOld();
    },
  };
}
