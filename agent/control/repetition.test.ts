import { expect, test } from "bun:test";
import { kinds } from "../../simkube/kinds.ts";
import type { Fields } from "../../simkube/object.ts";
import { type SimKube, startSimKube } from "../../simkube/server.ts";
import { startLoop } from "../testing/control-loop.ts";
import { startWireMaster, until } from "../testing/wire-master.ts";

const labels = { app: "web" };
const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }] } };

function fill(kube: SimKube): void {
  kube.rest.create(kinds.nodes, undefined, { metadata: { name: "n1" } });
  const made = kube.rest.create(kinds.deployments, "default", {
    metadata: { name: "web" },
    spec: { replicas: 3, selector: { matchLabels: labels }, template },
  });
  const owner = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    name: "web",
    uid: made.metadata.uid,
    controller: true,
  };
  for (const revision of ["1", "2"])
    kube.rest.create(kinds.replicasets, "default", {
      metadata: {
        name: `web-${revision}`,
        labels,
        annotations: { "deployment.kubernetes.io/revision": revision },
        ownerReferences: [owner],
      },
      spec: {
        selector: { matchLabels: labels },
        template: {
          ...template,
          spec: { containers: [{ name: "web", image: revision === "2" ? "web:1" : "web:0" }] },
        },
      },
    });
  kube.rest.create(kinds.cronjobs, "default", {
    metadata: { name: "nightly" },
    spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template } } },
  });
  kube.rest.create(kinds.jobs, "default", { metadata: { name: "broken" }, spec: { template } });
  const failed = { conditions: [{ type: "Failed", status: "True" }] };
  kube.rest.setStatus(kinds.jobs, kube.rest.get(kinds.jobs, "default", "broken"), failed);
  const pod = (name: string, more: object) =>
    kube.rest.create(kinds.pods, "default", { metadata: { name, ...more }, spec: template.spec });
  pod("owned", {
    ownerReferences: [{ apiVersion: "x/v1", kind: "Thing", name: "t", uid: "u", controller: true }],
  });
  pod("alone", {});
}

const web = { kind: "Deployment", ns: "default", name: "web" };
const generation = (kube: SimKube) =>
  kube.rest.get(kinds.deployments, "default", "web").metadata.generation! - 1;
const jobs = (kube: SimKube) => kube.rest.store.count(kinds.jobs) - 1;

/** Each operation, and how often it has taken effect. */
const cases: [
  type: string,
  target: Record<string, string>,
  args: Fields,
  times: (kube: SimKube) => number,
][] = [
  ["ScaleWorkload", web, { replicas: 5 }, generation],
  ["UpdateImage", web, { newImage: "web:3" }, generation],
  ["RolloutRestart", web, {}, generation],
  ["RolloutUndo", web, {}, generation],
  ["RolloutPause", web, {}, generation],
  [
    "NodeCordon",
    { node: "n1" },
    {},
    (kube) => Number(kube.rest.get(kinds.nodes, undefined, "n1").spec?.unschedulable),
  ],
  [
    "CronJobSuspend",
    { kind: "CronJob", ns: "default", name: "nightly" },
    {},
    (kube) => Number(kube.rest.get(kinds.cronjobs, "default", "nightly").spec!.suspend),
  ],
  ["CronJobTrigger", { kind: "CronJob", ns: "default", name: "nightly" }, {}, jobs],
  ["JobRetry", { kind: "Job", ns: "default", name: "broken" }, {}, jobs],
];

test.each(cases)(
  "%s takes effect once, whichever answer on the way is lost",
  async (type, target, args, times) => {
    // The first request that writes is lost before it arrives, or its answer is; then the agent is another.
    for (const lost of ["record", "recorded", "write", "written", "ack"] as const) {
      await using back = await startSimKube();
      fill(back);
      let armed = true;
      let stop = async () => {};
      const lose = () => {
        armed = false;
        void stop();
        return new Response(null, { status: 503 });
      };
      await using kube = await startSimKube({
        store: back.store,
        token: back.token,
        async intercept(request) {
          if (!armed || request.method === "GET" || (lost !== "write" && lost !== "written"))
            return undefined;
          if (lost === "written")
            await fetch(request.url.replace(kube.url, back.url), {
              method: request.method,
              headers: request.headers,
              body: await request.text(),
            });
          return lose();
        },
      });
      await using master = startWireMaster();
      master.intercept = (route) => {
        if (!armed) return undefined;
        if (lost === "record" && route.endsWith("/progress")) return lose();
        if (lost === "ack" && route.endsWith("/ack")) return lose();
        if (lost === "recorded" && route.endsWith("/progress")) {
          armed = false;
          setTimeout(() => stop());
        }
        return undefined;
      };
      const first = startLoop(master, kube);
      stop = () => first.stop();
      const id = master.control.enqueue({ type, target, args, createdAt_ms: Date.now() });
      await until(`${type} ${lost}`, () => !armed);
      await first.stop();
      await using _second = startLoop(master, kube);
      const ack = await master.control.ended(id);
      expect({ type, lost, status: ack.status, times: times(back) }).toEqual({
        type,
        lost,
        status: "success",
        times: 1,
      });
    }
  },
  20_000,
);

test.each([
  ["PodRestart", "owned"],
  ["PodDelete", "alone"],
  ["PodEvict", "alone"],
])("%s that has to be repeated spares another pod of the same name", async (type, name) => {
  await using kube = await startSimKube();
  fill(kube);
  const old = kube.rest.get(kinds.pods, "default", name);
  await using master = startWireMaster();
  const id = master.control.enqueue({ type, target: { ns: "default", pod: name } });
  master.intercept = (route) => (route.endsWith("/ack") ? new Response(null, { status: 503 }) : undefined);
  const first = startLoop(master, kube);
  await until("deleted", () => kube.rest.store.get(kinds.pods, "default", name) === undefined);
  await first.stop();
  master.intercept = undefined;
  const { name: _, uid: __, resourceVersion: ___, ...metadata } = old.metadata;
  const made = kube.rest.create(kinds.pods, "default", { metadata: { ...metadata, name }, spec: old.spec });
  await using _second = startLoop(master, kube);
  expect((await master.control.ended(id)).status).toBe("success");
  expect(kube.rest.get(kinds.pods, "default", name).metadata.uid).toBe(made.metadata.uid);
});

test("a command that is handed out again after its end is only acked again, and so is another with its idem", async () => {
  await using kube = await startSimKube();
  fill(kube);
  await using master = startWireMaster();
  await using _loop = startLoop(master, kube);
  const command = { type: "RolloutRestart", target: web, idem: "once", createdAt_ms: Date.now() };
  const ack = await master.control.run({ ...command, id: "a" });
  master.control.enqueue({ ...command, id: "a" });
  await until("second ack", () => master.control.acks.filter((one) => one.commandID === "a").length === 2);
  expect(await master.control.run({ ...command, id: "b", createdAt_ms: Date.now() + 5000 })).toEqual({
    ...ack,
    commandID: "b",
  });
  expect(generation(kube)).toBe(1);
});

test("where another agent has recorded first, the command is left to it, without an ack", async () => {
  await using kube = await startSimKube();
  fill(kube);
  await using master = startWireMaster();
  await using _loop = startLoop(master, kube);
  const id = master.control.enqueue({
    type: "ScaleWorkload",
    target: web,
    args: { replicas: 5 },
    id: "taken",
  });
  master.control.recordedBy.set(id, "another");
  master.control.commands.get(id)!.before = { uid: "x", was: { replicas: 9 } };
  const command = { ...master.control.commands.get(id)!, before: undefined };
  master.control.commands.set(id, command);
  await until("asked", () =>
    master.requests.some((one) => one.route === "/control/progress" && one.status === 409),
  );
  await Bun.sleep(50);
  expect(master.control.acks).toEqual([]);
  expect(generation(kube)).toBe(0);
});

test("what comes after a command that another agent has waits too, until that one has ended", async () => {
  await using kube = await startSimKube();
  fill(kube);
  await using master = startWireMaster();
  await using _loop = startLoop(master, kube);
  master.control.recordedBy.set("a", "another");
  master.control.enqueue({ type: "ScaleWorkload", target: web, args: { replicas: 5 }, id: "a" });
  const next = master.control.enqueue({ type: "ScaleWorkload", target: web, args: { replicas: 6 } });
  await until("asked", () => master.requests.some((one) => one.status === 409));
  await Bun.sleep(100);
  expect(generation(kube)).toBe(0);
  master.control.commands.delete("a");
  master.control.changed();
  expect((await master.control.ended(next)).status).toBe("success");
});

test("what was recorded is recorded anew where the object has changed before the command took effect", async () => {
  await using kube = await startSimKube();
  fill(kube);
  await using master = startWireMaster();
  const { uid } = kube.rest.get(kinds.deployments, "default", "web").metadata;
  const before = { uid, was: { replicas: 1 } };
  const id = master.control.enqueue({ type: "ScaleWorkload", target: web, args: { replicas: 5 }, before });
  master.control.recordedBy.set(id, "an earlier agent");
  await using _loop = startLoop(master, kube);
  expect(await master.control.ended(id)).toMatchObject({
    status: "success",
    undo: { args: { replicas: 3 } },
  });
});

test("an object that was made anew since it was recorded is left alone", async () => {
  await using kube = await startSimKube();
  fill(kube);
  await using master = startWireMaster();
  const before = { uid: "another", was: { replicas: 1 } };
  const id = master.control.enqueue({ type: "ScaleWorkload", target: web, args: { replicas: 5 }, before });
  await using _loop = startLoop(master, kube);
  expect(await master.control.ended(id)).toMatchObject({ status: "failed", errorCode: "Conflict" });
  expect(generation(kube)).toBe(0);
});
