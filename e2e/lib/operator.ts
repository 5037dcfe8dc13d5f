import { join, resolve } from "node:path";
import { startWireMaster, type WireMaster } from "../../agent/testing/wire-master.ts";
import type { AckResult } from "../../wire/control.ts";
import { progressRoute } from "../../wire/routes.ts";
import type { Kubelab } from "./kubelab.ts";
import { type Process, start } from "./product.ts";
import { type Recorder, recordCalls } from "./recorder.ts";

/** Where an agent is killed: before its record is stored, some ms after, before its ack is taken, or after. */
export type Moment = { at: "recording" | "recorded" | "acking" | "acked"; afterMs?: number };

/**
 * An agent process with the rights of the manifests, and the other end of its wire, which can kill it at a chosen
 * moment of a command.
 */
export interface Operator extends AsyncDisposable {
  readonly master: WireMaster;
  readonly agent: Process;
  /** What the agent has asked the API server for. */
  readonly asked: Recorder["asked"];
  run(type: string, target: Record<string, string>, args?: Record<string, unknown>): Promise<AckResult>;
  undo(ack: AckResult): Promise<AckResult>;
  /** kill -9, and another in its place. */
  replaceAgent(): Promise<void>;
  /** A second agent of the same cluster, as a mistake would have it. */
  secondAgent(): Process;
  /** Runs a command while its agent is killed at that moment and another takes its place. */
  runWithKill(
    type: string,
    target: Record<string, string>,
    args: Record<string, unknown>,
    moment: Moment,
  ): Promise<AckResult>;
}

const limitMs = 120_000;

export async function startOperator(lab: Kubelab): Promise<Operator> {
  const { kubeconfig, recorder } = await wayOfAgent(lab);
  const master = startWireMaster();
  const launch = () =>
    start("agent", {
      KUBECONFIG: kubeconfig,
      ATLHYPER_MASTER_URL: master.url,
      ATLHYPER_TOKEN: "atlc_test",
    });
  let agent = launch();
  const enqueue = (type: string, target: Record<string, string>, args?: Record<string, unknown>) =>
    master.control.enqueue({ type, target, args, createdAt_ms: Date.now() });

  /** Kills the agent once; resolves when it is dead. */
  function killAt({ at, afterMs = 0 }: Moment): Promise<void> {
    const { promise, resolve: killed } = Promise.withResolvers<void>();
    const kill = async () => {
      master.intercept = undefined;
      await agent.stop("SIGKILL");
      killed();
    };
    master.intercept = async (route) => {
      const told = route === progressRoute;
      if (told !== (at === "recording" || at === "recorded") || (!told && !route.endsWith("/ack")))
        return undefined;
      if (at === "recording" || at === "acking") {
        await kill();
        return new Response(null, { status: 503 });
      }
      setTimeout(kill, afterMs);
      master.intercept = undefined;
      return undefined;
    };
    return promise;
  }

  return {
    master,
    get agent() {
      return agent;
    },
    asked: recorder.asked,
    run: (type, target, args) => master.control.ended(enqueue(type, target, args), limitMs),
    undo: ({ undo }) => master.control.ended(enqueue(undo!.type, undo!.target, undo!.args), limitMs),
    secondAgent: launch,
    async replaceAgent() {
      await agent.stop("SIGKILL");
      agent = launch();
    },
    async runWithKill(type, target, args, moment) {
      const killed = killAt(moment);
      const id = enqueue(type, target, args);
      await killed;
      agent = launch();
      return master.control.ended(id, limitMs);
    },
    async [Symbol.asyncDispose]() {
      await agent.stop();
      await master.stop();
      recorder[Symbol.dispose]();
    },
  };
}

/** The rights of the agent's service account, with both roles of the manifests, and what is asked for noted. */
async function wayOfAgent(lab: Kubelab): Promise<{ kubeconfig: string; recorder: Recorder }> {
  await lab.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "atlhyper" } });
  for (const file of ["rbac.yaml", "rights/rbac-operator.yaml"])
    await lab.kubectl(["apply", "-f", resolve(import.meta.dir, `../../manifests/base/agent/${file}`)]);
  const token = (await lab.kubectl(["create", "token", "-n", "atlhyper", "atlhyper-agent"])).trim();
  const view = JSON.parse(await lab.kubectl(["config", "view", "--raw", "-o", "json"]));
  const recorder = recordCalls(view);
  view.users = [{ name: "admin", user: { token } }];
  view.clusters[0].cluster = { server: recorder.url };
  const kubeconfig = join(lab.folder, "agent.kubeconfig");
  await Bun.write(kubeconfig, JSON.stringify(view));
  return { kubeconfig, recorder };
}
