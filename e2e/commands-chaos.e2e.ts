import { expect, test } from "bun:test";
import { join } from "node:path";
import type { KubeObject } from "../agent/kube/object.ts";
import { resources } from "../agent/kube/resource.ts";
import { commandAnnotation } from "../agent/operate/operation.ts";
import { random, startBadNetwork } from "./lib/bad-network.ts";
import { kubelabMissing, startKubelab } from "./lib/kubelab.ts";
import { kubeClient, type Observer, observe } from "./lib/observer.ts";
import { type Process, api, runOnce, start, temporaryFolder } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = kubelabMissing();
if (missing) console.log(`skipped: commands under kills and a bad network: ${missing}`);

/** `ATLHYPER_CHAOS=10000` for as many as one likes: some minutes for each thousand on a slow machine. */
const total = Number(process.env.ATLHYPER_CHAOS ?? 2500);
const seed = Number(process.env.ATLHYPER_SEED ?? Math.floor(Math.random() * 1e9));
const space = "chaos";

interface Planned {
  type: string;
  target: Record<string, string>;
  args?: object;
}
interface Asked extends Planned {
  id: string;
}
interface Ended {
  id: string;
  type: string;
  state: string;
  errorCode?: string;
  message?: string;
}

/** What can be done again and again to one object, and how an object of the kind is made. */
interface Plan {
  /** Of all commands, in percent. */
  share: number;
  objects: number;
  manifest(name: string): object;
  step(name: string, n: number): Planned;
}

const meta = (name: string) => ({ name, namespace: space });
const container = { name: "main", image: "example.test/app:0" };
/** Waits for a node that never comes: its pods stay as they are. */
const template = (name: string) => ({
  metadata: { labels: { app: name } },
  spec: { containers: [container], terminationGracePeriodSeconds: 0 },
});
const workload = (kind: string, name: string) => ({ ns: space, kind, name });
const resource = (kind: string, name: string) => ({ apiVersion: "v1", kind, ns: space, name });

const plans: Record<string, Plan> = {
  image: {
    share: 34,
    objects: 60,
    manifest: (name) => ({
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: meta(name),
      spec: {
        schedule: "0 0 1 1 *",
        suspend: true,
        jobTemplate: {
          spec: { suspend: true, template: { spec: { ...template(name).spec, restartPolicy: "Never" } } },
        },
      },
    }),
    step: (name, n) =>
      n % 10 === 9
        ? { type: "CronJobTrigger", target: workload("CronJob", name) }
        : {
            type: "UpdateImage",
            target: workload("CronJob", name),
            args: { images: { main: `example.test/app:${n + 1}` } },
          },
  },
  scale: {
    share: 14,
    objects: 30,
    manifest: (name) => ({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: meta(name),
      spec: {
        replicas: 0,
        serviceName: name,
        selector: { matchLabels: { app: name } },
        template: template(name),
      },
    }),
    step: (name, n) => ({
      type: "ScaleWorkload",
      target: workload("StatefulSet", name),
      args: { replicas: n + 1 },
    }),
  },
  rollout: {
    share: 10,
    objects: 20,
    manifest: (name) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: meta(name),
      spec: {
        replicas: 0,
        revisionHistoryLimit: 1,
        selector: { matchLabels: { app: name } },
        template: template(name),
      },
    }),
    step: (name, n) => ({
      type: ["RolloutRestart", "RolloutPause", "RolloutResume"][n % 3]!,
      target: workload("Deployment", name),
    }),
  },
  cordon: {
    share: 14,
    objects: 20,
    manifest: (name) => ({ apiVersion: "v1", kind: "Node", metadata: { name } }),
    step: (name, n) => ({ type: n % 2 === 0 ? "NodeCordon" : "NodeUncordon", target: { node: name } }),
  },
  apply: {
    share: 16,
    objects: 40,
    manifest: (name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: meta(name), data: { n: "0" } }),
    step: (name, n) => ({
      type: "ResourceApply",
      target: resource("ConfigMap", name),
      args: {
        force: true,
        manifest: {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: meta(name),
          data: { n: String(n + 1) },
        },
      },
    }),
  },
  delete: {
    share: 12,
    objects: Number.POSITIVE_INFINITY,
    manifest: (name) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: meta(name),
      spec: { nodeSelector: { never: "there" }, containers: [container], terminationGracePeriodSeconds: 0 },
    }),
    step: (name) => ({ type: "PodDelete", target: { ns: space, pod: name } }),
  },
};

/** The commands of each object in the order in which they are asked for. */
function plan(): { manifests: object[]; byObject: Map<string, Planned[]> } {
  const manifests: object[] = [];
  const byObject = new Map<string, Planned[]>();
  for (const [kind, one] of Object.entries(plans)) {
    const commands = Math.round((total * one.share) / 100);
    const objects = Math.min(one.objects, commands);
    for (let at = 0; at < objects; at++) manifests.push(one.manifest(`${kind}-${at}`));
    for (let at = 0; at < commands; at++) {
      const name = `${kind}-${at % objects}`;
      const list = byObject.get(name) ?? [];
      list.push(one.step(name, list.length));
      byObject.set(name, list);
    }
  }
  return { manifests, byObject };
}

/** Kills and starts a process again at random moments, until told to stop. */
function killAgainAndAgain(next: () => number, begin: () => Process) {
  let process = begin();
  let kills = 0;
  let going = true;
  const running = (async () => {
    while (going) {
      await Bun.sleep(2000 + next() * 6000);
      if (!going) break;
      await process.stop("SIGKILL");
      kills++;
      await Bun.sleep(next() * 500);
      process = begin();
    }
  })();
  return {
    output: () => process.output(),
    async settle() {
      going = false;
      await running;
      return kills;
    },
    stop: () => process.stop(),
  };
}

test.skipIf(missing !== undefined)(
  `each of ${total} commands takes effect once and in order, whatever is killed, lost, late or doubled`,
  async () => {
    console.log(`seed ${seed}`);
    const next = random(seed);
    const { manifests, byObject } = plan();
    await using lab = await startKubelab({ port: 31443 });
    await lab.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: space } });
    for (let at = 0; at < manifests.length; at += 200) await lab.apply(...manifests.slice(at, at + 200));
    const kube = await kubeClient(lab.kubeconfig);
    await using cronJobs = await observe(kube, resources.cronjobs, space);
    await using jobs = await observe(kube, resources.jobs, space);
    await using statefulSets = await observe(kube, resources.statefulsets, space);
    await using deployments = await observe(kube, resources.deployments, space);
    await using nodes = await observe(kube, resources.nodes, "");
    await using configMaps = await observe(kube, resources.configmaps, space);
    await using pods = await observe(kube, resources.pods, space);

    using folder = temporaryFolder();
    const port = 28_970;
    const environment = {
      ATLHYPER_DATA: folder.path,
      ATLHYPER_PORT: String(port),
      ATLHYPER_LOG_LEVEL: "warn",
    };
    const url = `http://127.0.0.1:${port}`;
    const admin = await runOnce(["token", "create", "--name", "e2e", "--role", "admin"], environment);
    const token = await runOnce(["cluster", "add", "chaos"], environment);
    const client = api(url, admin);
    await using network = startBadNetwork(url, seed + 1);
    const agentEnvironment = {
      KUBECONFIG: lab.kubeconfig,
      ATLHYPER_MASTER_URL: network.url,
      ATLHYPER_TOKEN: token,
      ATLHYPER_CLUSTER_ID: "chaos",
      ATLHYPER_LOG_LEVEL: "warn",
      ATLHYPER_VERIFY: "2s",
    };
    const master = killAgainAndAgain(next, () => start("master", environment));
    const agent = killAgainAndAgain(next, () => start("agent", agentEnvironment));
    const asked = new Map<string, Asked[]>();
    const began = performance.now();
    try {
      await enqueueAll(client, byObject, asked);
      const enqueued = performance.now() - began;
      // The last part without kills, so that the end is reached; the network stays bad.
      await eventually(
        "most commands have ended",
        async () => (await openOnes(client)) < total / 4,
        900_000,
        500,
      );
      const kills = { master: await master.settle(), agent: await agent.settle() };
      const { value: ended } = await eventually(
        "every command has ended",
        async () => {
          return (await openOnes(client)) === 0 ? everyCommand(client) : undefined;
        },
        900_000,
        1000,
      );
      for (const one of [cronJobs, jobs, statefulSets, deployments, nodes, configMaps, pods])
        await one.caughtUp();
      const seconds = (performance.now() - began) / 1000;
      console.log(`chaos_commands ${ended.size} commands`);
      console.log(`chaos_rate ${(ended.size / seconds).toFixed(1)} commands/s`);
      console.log(`enqueued in ${(enqueued / 1000).toFixed(1)} s, all ended after ${seconds.toFixed(1)} s`);
      console.log(`kills ${JSON.stringify(kills)} network ${JSON.stringify(network.counts)}`);

      const all = [...asked.values()].flat();
      expect(all.length).toBe([...byObject.values()].flat().length);
      expect(new Set(all.map((one) => one.id)).size).toBe(all.length);
      const wrong = all.filter((one) => !tookEffect(ended.get(one.id)));
      expect(wrong.map((one) => [one, ended.get(one.id)]).slice(0, 5)).toEqual([]);
      expect(kills.master).toBeGreaterThan(0);
      expect(kills.agent).toBeGreaterThan(0);

      const byKind: Record<string, Observer> = {
        image: cronJobs,
        scale: statefulSets,
        rollout: deployments,
        cordon: nodes,
        apply: configMaps,
      };
      const faults: unknown[] = [];
      for (const [name, list] of asked) {
        const observer = byKind[name.split("-")[0]!];
        if (!observer) continue;
        const wanted = list.filter((one) => one.type !== "CronJobTrigger").map((one) => one.id);
        const seen = changesOf(observer, name);
        if (JSON.stringify(seen) !== JSON.stringify(wanted)) faults.push({ name, wanted, seen });
      }
      expect(faults.slice(0, 2)).toEqual([]);

      for (const [name, list] of asked) {
        const triggered = list.filter((one) => one.type === "CronJobTrigger").map((one) => one.id);
        if (triggered.length === 0) continue;
        const made = jobs.events
          .filter(({ type, object }) => type === "ADDED" && ownerOf(object) === name)
          .map(({ object }) => object.metadata.annotations?.[commandAnnotation]);
        expect(made).toEqual(triggered);
      }
      const deleted = pods.events.filter((one) => one.type === "DELETED" && isOurs(one.object));
      expect(deleted.length).toBe([...asked.keys()].filter((name) => name.startsWith("delete-")).length);
    } finally {
      await master.settle();
      await agent.settle();
      await agent.stop();
      await master.stop();
      if (process.env.ATLHYPER_KEEP) await Bun.write(join("/tmp", "chaos-agent.log"), agent.output());
    }
  },
);

/** Asks for all, each object's in order, and again with the same `idem` where no answer came. */
async function enqueueAll(
  client: ReturnType<typeof api>,
  byObject: Map<string, Planned[]>,
  asked: Map<string, Asked[]>,
): Promise<void> {
  const waiting = [...byObject];
  async function one(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, list] = next;
      const done: Asked[] = [];
      asked.set(name, done);
      for (const [n, command] of list.entries())
        done.push({ ...command, id: await enqueue(client, `${name}#${n}`, command) });
    }
  }
  await Promise.all(Array.from({ length: 24 }, one));
}

async function enqueue(client: ReturnType<typeof api>, idem: string, command: Planned): Promise<string> {
  const body = JSON.stringify({
    clusterID: "chaos",
    command: { ...command, idem, op: "add", deadlineSeconds: 86_400 },
  });
  for (;;) {
    try {
      const response = await client.raw("/control/enqueue", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(10_000),
      });
      const answer = (await response.json()) as { id?: string; detail?: string };
      if (response.ok) return answer.id!;
      if (response.status < 500 && response.status !== 429)
        throw new Refused(`${response.status} ${answer.detail}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      // The master is dead for the moment.
    }
    await Bun.sleep(100);
  }
}
class Refused extends Error {}

async function openOnes(client: ReturnType<typeof api>): Promise<number> {
  return (await client.get<{ total: number }>("/api/v1/commands?state=open&limit=1")).total;
}

async function everyCommand(client: ReturnType<typeof api>): Promise<Map<string, Ended>> {
  const found = new Map<string, Ended>();
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const page: { items: Ended[]; next?: string } = await client.get(
      `/api/v1/commands?limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
    );
    for (const one of page.items) found.set(one.id, one);
    cursor = page.next;
  }
  return found;
}

/** Without nodes no pod gets ready, so what was wanted need not come true; done it is all the same. */
function tookEffect(one: Ended | undefined): boolean {
  return one?.state === "succeeded" || (one?.state === "failed" && one.errorCode === "NotVerified");
}

/** The ids of the commands that changed an object, one for each change of the mark they leave. */
function changesOf(observer: Observer, name: string): string[] {
  const seen: string[] = [];
  for (const { object } of observer.events) {
    if (object.metadata.name !== name) continue;
    const mark = object.metadata.annotations?.[commandAnnotation];
    if (mark !== undefined && seen.at(-1) !== mark) seen.push(mark);
  }
  return seen;
}

const ownerOf = (object: KubeObject) => object.metadata.ownerReferences?.[0]?.name;
const isOurs = (object: KubeObject) => object.metadata.name.startsWith("delete-");
