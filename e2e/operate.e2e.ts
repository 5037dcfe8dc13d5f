/**
 * Every operation of the agent on pods, nodes and workloads of a real cluster with a real node, with the rights
 * of the manifests, each with its undo; and again while the agent is killed in the middle of it.
 */
import { afterAll, expect, test } from "bun:test";
import { operatorPermissions, permissions } from "../agent/permissions.ts";
import { realNodeMissing, startKubelab } from "./lib/kubelab.ts";
import { deployment, namespace, pod } from "./lib/manifests.ts";
import { type Moment, startOperator } from "./lib/operator.ts";
import { eventually } from "./lib/wait.ts";

const missing = realNodeMissing();
const lab = missing === undefined ? await startKubelab({ port: 31443, node: true }) : undefined;
const operator = lab && (await startOperator(lab));
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
});
if (missing) console.log(`skipped: operations on a real cluster: ${missing}`);

interface Found {
  // biome-ignore lint/suspicious/noExplicitAny: objects of a foreign API, looked into field by field
  [field: string]: any;
}
const get = async (kind: string, name: string, ns = "work"): Promise<Found> =>
  JSON.parse(await lab!.kubectl(["get", kind, name, "-n", ns, "-o", "json"]));
const list = async (kind: string, selector = ""): Promise<Found[]> =>
  JSON.parse(await lab!.kubectl(["get", kind, "-n", "work", "-l", selector, "-o", "json"])).items;
const uidsOf = async (app: string) =>
  (await list("pods", `app=${app}`))
    .filter((one) => !one.metadata.deletionTimestamp)
    .map((one) => one.metadata.uid as string);
const workload = (kind: string, name: string) => ({ kind, ns: "work", name });

const forever = ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1; done"];
const template = (name: string) => ({
  metadata: { labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 1,
    nodeSelector: { "kubernetes.io/hostname": "kubelab-1" },
    containers: [{ name: "main", image: "localhost/busybox:1", imagePullPolicy: "Never", command: forever }],
  },
});
const set = (kind: string, name: string, more: object = {}) => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace: "work" },
  spec: { selector: { matchLabels: { app: name } }, template: template(name), ...more },
});
const cronJob = (name: string) => ({
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name, namespace: "work" },
  spec: {
    schedule: "0 0 1 1 *",
    jobTemplate: { spec: { template: { spec: { ...template(name).spec, restartPolicy: "Never" } } } },
  },
});

const it = (name: string, run: () => Promise<void>) => test.skipIf(missing !== undefined)(name, run, 180_000);

it("brings up what is worked on", async () => {
  await lab!.apply(namespace("work"));
  await lab!.apply(
    deployment("work", "web", 2, { command: forever }),
    deployment("work", "killed", 1, { command: forever }),
    set("StatefulSet", "db", { replicas: 2, serviceName: "db" }),
    set("DaemonSet", "each"),
    cronJob("nightly"),
    pod("work", "alone", { command: forever }),
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "web", namespace: "work" },
      spec: { minAvailable: 2, selector: { matchLabels: { app: "web" } } },
    },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "broken", namespace: "work" },
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            ...template("broken").spec,
            restartPolicy: "Never",
            // It never runs: one that ends at once may have been seen running.
            containers: [{ ...template("broken").spec.containers[0], command: ["/no-such-program"] }],
          },
        },
      },
    },
  );
  for (const what of ["deployment/web", "deployment/killed", "statefulset/db", "daemonset/each"])
    await lab!.kubectl(["rollout", "status", what, "-n", "work", "--timeout=120s"]);
  await lab!.kubectl(["wait", "job/broken", "-n", "work", "--for=condition=Failed", "--timeout=60s"]);
  await eventually("the agent watches", () => operator!.master.control.watches.length > 0);
});

it("restarts and deletes pods, and says why it does not", async () => {
  const [web] = await list("pods", "app=web");
  const restarted = await operator!.run("PodRestart", { ns: "work", pod: web!.metadata.name });
  expect(restarted).toMatchObject({ status: "success", verified: "yes" });
  expect(await uidsOf("web")).not.toContain(web!.metadata.uid);
  expect(await operator!.run("PodRestart", { ns: "work", pod: "db-0" })).toMatchObject({
    verified: "yes",
    message: expect.stringContaining("db-0 is ready"),
  });
  const alone = { ns: "work", pod: "alone" };
  expect(await operator!.run("PodRestart", alone)).toMatchObject({ errorCode: "BadRequest" });
  expect(await operator!.run("PodDelete", alone, { force: true })).toMatchObject({ verified: "yes" });
  expect(await operator!.run("PodDelete", alone)).toMatchObject({ errorCode: "NotFound" });
  const [dns] = JSON.parse(await lab!.kubectl(["get", "pods", "-n", "kube-system", "-o", "json"]))
    .items as Found[];
  if (dns)
    expect(await operator!.run("PodDelete", { ns: "kube-system", pod: dns.metadata.name })).toMatchObject({
      errorCode: "Refused",
    });
});

it("evicts a pod, and waits for the budget that does not allow it", async () => {
  const [web] = await list("pods", "app=web");
  const target = { ns: "work", pod: web!.metadata.name };
  expect(await operator!.run("PodEvict", target, { waitSeconds: 2 })).toMatchObject({
    errorCode: "Blocked",
    message: expect.stringContaining("The disruption budget web needs 2 healthy pods and has 2 currently"),
  });
  const scaled = await operator!.run("ScaleWorkload", workload("Deployment", "web"), { replicas: 3 });
  expect(scaled).toMatchObject({ status: "success", verified: "yes" });
  expect(await operator!.run("PodEvict", target)).toMatchObject({ status: "success", verified: "yes" });
  expect(await operator!.undo(scaled)).toMatchObject({ status: "success", verified: "yes" });
  expect((await get("deployment", "web")).spec.replicas).toBe(2);
  expect(await operator!.undo(scaled)).toMatchObject({ status: "failed", errorCode: "Conflict" });
});

it("cordons and uncordons the node", async () => {
  const node = { node: "kubelab-1" };
  const ack = await operator!.run("NodeCordon", node);
  expect(ack.status).toBe("success");
  expect((await get("node", "kubelab-1")).spec.unschedulable).toBe(true);
  expect((await operator!.undo(ack)).status).toBe("success");
  expect((await get("node", "kubelab-1")).spec.unschedulable).toBeUndefined();
  expect((await operator!.run("NodeUncordon", node)).message).toBe("Node kubelab-1 is uncordoned already.");
});

for (const [kind, name] of [
  ["Deployment", "web"],
  ["StatefulSet", "db"],
  ["DaemonSet", "each"],
] as const) {
  const target = workload(kind, name);
  const image = async () => (await get(kind, name)).spec.template.spec.containers[0].image;

  it(`restarts a ${kind}, gives it an image that does not start, and takes that back twice`, async () => {
    const before = await uidsOf(name);
    expect(await operator!.run("RolloutRestart", target)).toMatchObject({ verified: "yes" });
    expect((await uidsOf(name)).filter((uid) => before.includes(uid))).toEqual([]);

    // The verification of the first ends as the second comes.
    const { control } = operator!.master;
    const id = control.enqueue({ type: "UpdateImage", target, args: { newImage: "localhost/none:1" } });
    await eventually("it is watched", () => control.told.some((one) => one.commandID === id && one.message));
    const undone = await operator!.run("RolloutUndo", target);
    expect(await control.ended(id)).toMatchObject({ status: "success", verified: "superseded" });
    expect(undone).toMatchObject({ status: "success", verified: "yes" });
    expect(await image()).toBe("localhost/busybox:1");

    const shown = await operator!.run("RolloutUndo", target, { dryRun: true });
    expect(JSON.stringify((shown.data as Found).to.template)).toContain("localhost/none:1");
    expect(JSON.stringify((shown.data as Found).from.template)).toContain("localhost/busybox:1");
    expect(await operator!.undo(await control.ended(id))).toMatchObject({ errorCode: "Conflict" });
  });
}

it("names the pods of a rollout that does not come true, and its undo heals it", async () => {
  const target = workload("Deployment", "web");
  await lab!.kubectl([
    "patch",
    "deployment",
    "web",
    "-n",
    "work",
    "-p",
    '{"spec":{"progressDeadlineSeconds":5}}',
  ]);
  const ack = await operator!.run("UpdateImage", target, { images: { main: "localhost/none:2" } });
  expect(ack).toMatchObject({ status: "success", verified: "no" });
  expect(ack.message).toMatch(/exceeded its progress deadline \(web-\S+ \(main: ErrImageNeverPull\)\)/);
  expect(await operator!.undo(ack)).toMatchObject({ status: "success", verified: "yes" });
});

it("pauses and resumes a rollout", async () => {
  const target = workload("Deployment", "web");
  const paused = await operator!.run("RolloutPause", target);
  expect((await get("deployment", "web")).spec.paused).toBe(true);
  expect(await operator!.run("RolloutRestart", target)).toMatchObject({ errorCode: "BadRequest" });
  expect(await operator!.undo(paused)).toMatchObject({ status: "success", verified: "yes" });
});

it("triggers and suspends a CronJob, and runs a failed job again", async () => {
  const target = workload("CronJob", "nightly");
  const triggered = await operator!.run("CronJobTrigger", target);
  expect(triggered).toMatchObject({ status: "success", verified: "yes" });
  const suspended = await operator!.run("CronJobSuspend", target);
  expect((await get("cronjob", "nightly")).spec.suspend).toBe(true);
  expect((await operator!.undo(suspended)).status).toBe("success");
  expect((await get("cronjob", "nightly")).spec.suspend).toBe(false);
  const retried = await operator!.run("JobRetry", workload("Job", "broken"));
  expect(retried).toMatchObject({ status: "success", verified: "no" });
  expect((await get("job", (retried.data as Found).job)).status.failed).toBe(1);
  expect(await operator!.run("JobRetry", workload("Job", (triggered.data as Found).job))).toMatchObject({
    errorCode: "BadRequest",
  });
});

it("reads a log, takes a started job back, scales a lone ReplicaSet, and looks before it drains", async () => {
  const [web] = await list("pods", "app=web");
  expect(await operator!.run("PodGetLogs", { ns: "work", pod: web!.metadata.name })).toMatchObject({
    status: "success",
  });
  const triggered = await operator!.run("CronJobTrigger", workload("CronJob", "nightly"));
  expect((await operator!.undo(triggered)).status).toBe("success");
  const names = (await list("jobs")).filter((one) => !one.metadata.deletionTimestamp);
  expect(names.map((one) => one.metadata.name)).not.toContain((triggered.data as Found).job);
  await lab!.apply(set("ReplicaSet", "lone", { replicas: 1 }));
  const scaled = await operator!.run("ScaleWorkload", workload("ReplicaSet", "lone"), { replicas: 2 });
  expect(scaled).toMatchObject({ status: "success", verified: "yes" });
  expect((await get("replicaset", "lone")).spec.replicas).toBe(2);
  expect(await operator!.run("NodeDrain", { node: "kubelab-1" }, { dryRun: true })).toMatchObject({
    status: "success",
  });
  expect((await get("node", "kubelab-1")).spec.unschedulable).toBeUndefined();
});

const moments: Moment[] = [
  { at: "recording" },
  ...[0, 2, 5, 10, 20, 60].map((afterMs): Moment => ({ at: "recorded", afterMs })),
  { at: "acking" },
  { at: "acked" },
];

for (const moment of moments)
  it(`does each command once though its agent is killed (${moment.at} ${moment.afterMs ?? ""})`, async () => {
    const killed = workload("Deployment", "killed");
    const kill = (type: string, target: Record<string, string>, args: Record<string, unknown> = {}) =>
      operator!.runWithKill(type, target, args, moment);

    const seen = new Set(await uidsOf("killed"));
    const [name] = (await list("pods", "app=killed")).map((one) => one.metadata.name as string);
    expect(await kill("PodRestart", { ns: "work", pod: name! })).toMatchObject({
      status: "success",
      verified: "yes",
    });
    const after = await uidsOf("killed");
    expect(after).toHaveLength(1);
    expect(seen.has(after[0]!)).toBe(false);

    const generation = async () => (await get("deployment", "killed")).metadata.generation as number;
    const sets = async () => (await list("replicasets", "app=killed")).length;
    const from = await generation();
    const setsBefore = await sets();
    expect(await kill("RolloutRestart", killed)).toMatchObject({ status: "success", verified: "yes" });
    expect([await generation(), await sets()]).toEqual([from + 1, Math.min(setsBefore + 1, 11)]);
    const scaled = await kill("ScaleWorkload", killed, { replicas: 2 });
    expect(scaled).toMatchObject({ status: "success", verified: "yes", undo: { args: { replicas: 1 } } });
    expect(await generation()).toBe(from + 2);
    expect(await operator!.undo(scaled)).toMatchObject({ status: "success", verified: "yes" });

    const jobs = (await list("jobs")).length;
    expect(await kill("CronJobTrigger", workload("CronJob", "nightly"))).toMatchObject({ status: "success" });
    expect((await list("jobs")).length).toBe(jobs + 1);
  });

/** Many commands for a few CronJobs while agents are killed: each changes its object, or starts a job, once. */
async function runMany(
  prefix: string,
  objects: number,
  steps: number,
  disturb: () => Promise<void>,
): Promise<void> {
  const { control } = operator!.master;
  const names = Array.from({ length: objects }, (_, index) => `${prefix}-${index}`);
  await lab!.apply(
    ...names.map((name) => {
      const manifest = cronJob(name);
      const suspended = { spec: { ...manifest.spec.jobTemplate.spec, suspend: true } };
      return { ...manifest, spec: { ...manifest.spec, jobTemplate: suspended } };
    }),
  );
  const jobsBefore = (await list("jobs")).length;
  const ids: string[] = [];
  for (let step = 1; step <= steps; step++)
    for (const name of names) {
      const target = workload("CronJob", name);
      const update = { type: "UpdateImage", target, args: { newImage: `example.org/app:${step}` } };
      ids.push(control.enqueue(step % 5 === 0 ? { type: "CronJobTrigger", target } : update));
    }
  const isOpen = () => ids.some((id) => control.commands.has(id));
  let kills = 0;
  for (const end = Date.now() + 60_000; isOpen() && Date.now() < end; kills++) await disturb();
  await eventually("all have ended", () => !isOpen(), 150_000);
  console.log(`${ids.length} commands, ${kills} kills`);
  expect(kills).toBeGreaterThan(2);
  const statuses = ids.map((id) => control.acks.find((one) => one.commandID === id)!.status);
  expect(statuses.filter((one) => one !== "success")).toEqual([]);
  for (const name of names) {
    const { metadata, spec } = await get("cronjob", name);
    const { image } = spec.jobTemplate.spec.template.spec.containers[0];
    expect([metadata.generation, image]).toEqual([1 + steps - steps / 5, `example.org/app:${steps - 1}`]);
  }
  expect((await list("jobs")).length - jobsBefore).toBe((names.length * steps) / 5);
}

it("does a thousand commands once each while its agent is killed again and again", () =>
  runMany("often", 20, 50, async () => {
    await Bun.sleep(200 + Math.random() * 400);
    await operator!.replaceAgent();
  }));

it("does each command once and in order while two agents work for the cluster, and both are killed", async () => {
  let second = operator!.secondAgent();
  await runMany("twice", 10, 40, async () => {
    await Bun.sleep(200 + Math.random() * 400);
    if (Math.random() < 0.5) return operator!.replaceAgent();
    await second.stop("SIGKILL");
    second = operator!.secondAgent();
  });
  await second.stop();
});

const listBehindWatch = (one: string) => (one.startsWith("watch ") ? one.replace("watch", "list") : []);

it("asks for everything that its roles grant, and so they grant nothing more", async () => {
  const granted = [...permissions, ...operatorPermissions].flatMap(({ group, resource, verbs }) =>
    verbs.map((verb) => `${verb} ${resource}.${group}`),
  );
  // Asked of other servers alone: lists, where watches do not begin with what is there, and the older kind of Events.
  const elsewhere = new Set(["watch events.", ...granted.flatMap(listBehindWatch)]);
  const { asked } = operator!;
  expect(granted.filter((one) => !asked.has(one) && !elsewhere.has(one))).toEqual([]);
  // What is not granted is refused by the API server, and the commands before would have failed.
  expect([...asked].filter((one) => !granted.includes(one))).toEqual([]);
});

it("names what its role does not let it do", async () => {
  await lab!.kubectl(["delete", "clusterrolebinding", "atlhyper-agent-operator"]);
  // The API server notices within moments.
  await eventually("the right is gone", async () => {
    const answer = await lab!
      .kubectl(["auth", "can-i", "patch", "nodes", "--as", "system:serviceaccount:atlhyper:atlhyper-agent"])
      .catch(() => "no");
    return answer.trim() === "no";
  });
  expect(await operator!.run("NodeCordon", { node: "kubelab-1" })).toMatchObject({
    errorCode: "Forbidden",
    message:
      "The agent may not get nodes: its role in the cluster does not allow it (see manifests/base/agent/rights/rbac-operator.yaml).",
  });
});
