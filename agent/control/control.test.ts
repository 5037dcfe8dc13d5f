import { expect, test } from "bun:test";
import { createEvents } from "../events.ts";
import { startLoop } from "../testing/control-loop.ts";
import { commandAnnotation } from "../operate/operation.ts";
import { startWireMaster, until } from "../testing/wire-master.ts";
import { kinds } from "../../simkube/kinds.ts";
import { type SimKube, startSimKube } from "../../simkube/server.ts";

const labels = { app: "web" };
const deployment = (replicas: number) => ({
  metadata: { name: "web" },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }] } },
  },
});
const target = { ns: "default", kind: "Deployment", name: "web" };
const replicasOf = (kube: SimKube) => kube.rest.get(kinds.deployments, "default", "web").spec!.replicas;

test("a command is carried out within moments, recorded before, and acked with how it is undone", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.deployments, "default", deployment(3));
  await using master = startWireMaster();
  await using _loop = startLoop(master, kube);
  await until("watch", () => master.control.watches.length > 0);
  const id = master.control.enqueue({ type: "ScaleWorkload", target, args: { replicas: 5 } });
  const ack = await master.control.ended(id);
  expect(ack).toMatchObject({ status: "success", verified: "no", attempt: 1 });
  expect(replicasOf(kube)).toBe(5);
  const { metadata } = kube.rest.get(kinds.deployments, "default", "web");
  expect(metadata.annotations?.[commandAnnotation]).toBe(id);
  expect(master.control.told.find((one) => one.before !== undefined)?.before).toEqual({
    uid: metadata.uid,
    was: { replicas: 3 },
  });
  const undone = await master.control.run(ack.undo!);
  expect(undone.status).toBe("success");
  expect(replicasOf(kube)).toBe(3);
});

test("an undo is refused with the reason once the object has moved on", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.deployments, "default", deployment(3));
  await using master = startWireMaster();
  await using _loop = startLoop(master, kube);
  const { undo } = await master.control.run({ type: "ScaleWorkload", target, args: { replicas: 5 } });
  const now = kube.rest.get(kinds.deployments, "default", "web");
  kube.rest.update(kinds.deployments, "default", "web", { ...now, spec: { ...now.spec, replicas: 7 } });
  expect(await master.control.run(undo!)).toMatchObject({
    status: "failed",
    errorCode: "Conflict",
    message:
      "Deployment default/web has changed since: its replicas are 7 now, not 5 as that command left it.",
  });
  expect(replicasOf(kube)).toBe(7);
});

const pod = (name: string) => ({
  metadata: { name },
  spec: { containers: [{ name: "web", image: "web:1" }] },
});
const deletePod = (name: string) => ({ type: "PodDelete", target: { ns: "default", pod: name } });

test("commands for one object are done in the order asked, all others side by side", async () => {
  const writes: string[] = [];
  const { promise: beside, resolve: go } = Promise.withResolvers<void>();
  await using kube = await startSimKube({
    async intercept(request) {
      if (request.method !== "PATCH") return undefined;
      writes.push(
        ((await request.clone().json()) as { spec: { replicas: number } }).spec.replicas.toString(),
      );
      await beside;
      return undefined;
    },
  });
  kube.rest.create(kinds.deployments, "default", deployment(3));
  kube.rest.create(kinds.pods, "default", pod("p"));
  await using master = startWireMaster();
  const ids = [7, 2, 9, 1].map((replicas) =>
    master.control.enqueue({ type: "ScaleWorkload", target, args: { replicas } }),
  );
  const other = master.control.enqueue(deletePod("p"));
  await using _loop = startLoop(master, kube);
  await master.control.ended(other);
  expect(writes.length).toBeLessThan(2);
  go();
  const acks = await Promise.all(ids.map((id) => master.control.ended(id)));
  expect(acks.map((ack) => [ack.status, ack.verified])).toEqual([
    ["success", "superseded"],
    ["success", "superseded"],
    ["success", "superseded"],
    ["success", "no"],
  ]);
  expect(writes).toEqual(["7", "2", "9", "1"]);
  expect(replicasOf(kube)).toBe(1);
});

test("the next command for an object begins only once the master has the end of the one before", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.deployments, "default", deployment(3));
  await using master = startWireMaster();
  let away = true;
  master.intercept = (route) =>
    away && route.endsWith("/ack") ? new Response(null, { status: 503 }) : undefined;
  const first = startLoop(master, kube);
  const commands = [7, 3].map((replicas) =>
    master.control.enqueue({ type: "ScaleWorkload", target, args: { replicas } }),
  );
  await until("acted", () => replicasOf(kube) === 7);
  await Bun.sleep(300);
  expect(replicasOf(kube)).toBe(7);
  await first.stop();
  away = false;
  await using _second = startLoop(master, kube);
  for (const id of commands) expect((await master.control.ended(id)).status).toBe("success");
  expect(kube.rest.get(kinds.deployments, "default", "web").metadata.generation).toBe(3);
  expect(replicasOf(kube)).toBe(3);
});

test("a command that waits behind another can be cancelled, one that has acted already is too late for it", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.deployments, "default", deployment(3));
  await using master = startWireMaster();
  await using _loop = startLoop(master, kube, { times: { verifyMs: 60_000 } });
  const first = master.control.enqueue({ type: "RolloutRestart", target });
  await until("acted", () => master.control.told.some((one) => one.message));
  master.control.cancel(first);
  const ack = await master.control.ended(first);
  expect(ack).toMatchObject({ status: "success", verified: "none" });
  expect(ack.message).toContain("it was too late to cancel");

  const { promise: cancelled, resolve: go } = Promise.withResolvers<void>();
  master.intercept = async (route) => {
    if (route.endsWith("/progress")) await cancelled;
    return undefined;
  };
  const scale = { type: "ScaleWorkload", target };
  const running = master.control.enqueue({ ...scale, args: { replicas: 4 } });
  const waiting = master.control.enqueue({ ...scale, args: { replicas: 8 } });
  await Bun.sleep(50);
  master.control.cancel(waiting);
  expect(await master.control.ended(waiting)).toMatchObject({
    status: "failed",
    errorCode: "Cancelled",
    message: "Cancelled before it was started.",
  });
  go();
  await master.control.ended(running);
  expect(replicasOf(kube)).toBe(4);
});

test("a command that is changed while it waits is judged anew, and is for its new object", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.deployments, "default", deployment(3));
  for (const name of ["a", "b"]) kube.rest.create(kinds.pods, "default", pod(name));
  kube.rest.create(kinds.pods, "kube-system", pod("dns"));
  await using master = startWireMaster();
  await using _loop = startLoop(master, kube, { times: { verifyMs: 3000 } });
  master.intercept = async (route) => {
    if (route.endsWith("/progress")) await Bun.sleep(200);
    return undefined;
  };
  const running = master.control.enqueue(deletePod("a"));
  const waiting = [1, 2].map(() => master.control.enqueue(deletePod("a")));
  await Bun.sleep(50);
  const [forbidden, moved] = waiting.map((id) => master.control.commands.get(id)!);
  forbidden!.target = { ns: "kube-system", pod: "dns" };
  moved!.target = { ns: "default", pod: "b" };
  master.control.changed();
  expect(await master.control.ended(waiting[0]!)).toMatchObject({ errorCode: "Refused" });
  expect((await master.control.ended(waiting[1]!)).message).toContain("Pod default/b");
  expect((await master.control.ended(running)).status).toBe("success");
  expect(kube.rest.store.get(kinds.pods, "kube-system", "dns")).toBeDefined();
});

test("an agent that stops in the middle leaves no ack, within moments, and the next one goes on", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.deployments, "default", deployment(3));
  await using master = startWireMaster();
  const loop = startLoop(master, kube, { times: { verifyMs: 60_000 } });
  const id = master.control.enqueue({ type: "ScaleWorkload", target, args: { replicas: 5 } });
  await until("acted", () => replicasOf(kube) === 5);
  const before = performance.now();
  await loop.stop();
  expect(performance.now() - before).toBeLessThan(1000);
  expect(master.control.acks).toEqual([]);
  await using _next = startLoop(master, kube);
  expect(await master.control.ended(id)).toMatchObject({
    status: "success",
    undo: { args: { replicas: 3 } },
  });
});

test("what is not known, not allowed, too late or cancelled is not begun, and says why", async () => {
  await using kube = await startSimKube({ denies: (verb) => verb === "delete" });
  kube.rest.create(kinds.pods, "default", pod("p"));
  await using master = startWireMaster();
  const rules = { commands: ["PodDelete"] as const, protectedNamespaces: [], exec: true };
  await using _loop = startLoop(master, kube, { rules });
  const codes = async (command: Parameters<typeof master.control.run>[0]) =>
    (await master.control.run(command)).errorCode;
  expect(await codes({ type: "Nonsense", target: {} })).toBe("Unsupported");
  expect(await codes({ type: "PodRestart", target: {} })).toBe("Refused");
  expect(await codes({ ...deletePod("p"), deadline_ms: Date.now() - 10_000 })).toBe("TooLate");
  expect(await codes({ ...deletePod("p"), op: "cancel" })).toBe("Cancelled");
  expect(await master.control.run(deletePod("p"))).toMatchObject({
    errorCode: "Forbidden",
    message:
      "The agent may not delete pods in namespace default: its role in the cluster does not allow it (see manifests/base/agent/rights/rbac-operator.yaml).",
  });
});

test("a deadline is judged by the master's clock", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.pods, "default", pod("p"));
  await using master = startWireMaster();
  master.control.aheadMs = -3_600_000;
  await using _loop = startLoop(master, kube);
  const deadline_ms = Date.now() - 3_500_000;
  expect(await master.control.run({ ...deletePod("p"), deadline_ms })).toMatchObject({ status: "success" });
});

test("while the API server is away a command is tried again, and counts its attempts", async () => {
  let away = true;
  await using kube = await startSimKube({
    intercept: () => (away ? new Response("gone for lunch", { status: 503 }) : undefined),
  });
  kube.rest.create(kinds.pods, "default", pod("p"));
  await using master = startWireMaster();
  await using _loop = startLoop(master, kube);
  const id = master.control.enqueue(deletePod("p"));
  await until("told", () => master.control.told.some((one) => one.message?.startsWith("Trying again: gone")));
  away = false;
  expect(await master.control.ended(id)).toMatchObject({ status: "success", attempt: 2 });
});

test("acks outlast a master that is away or does not take one of them", async () => {
  await using kube = await startSimKube();
  for (const name of ["a", "b"]) kube.rest.create(kinds.pods, "default", pod(name));
  await using master = startWireMaster();
  let refusals = [503, 502, 401];
  master.intercept = (route) => {
    const status = route.endsWith("/ack") ? refusals.shift() : undefined;
    return status === undefined ? undefined : new Response(null, { status });
  };
  await using _loop = startLoop(master, kube);
  expect((await master.control.run(deletePod("a"))).status).toBe("success");
  refusals = [422];
  master.control.enqueue(deletePod("b"));
  await until("refused", () => refusals.length === 0);
  expect((await master.control.run(deletePod("none"))).errorCode).toBe("NotFound");
});

test("a watch goes on after 401, 404, 500 and nonsense, and tells each once", async () => {
  await using kube = await startSimKube();
  await using master = startWireMaster();
  const answers = [401, 401, 404, 500, 200];
  master.intercept = (route) => {
    const status = route.endsWith("/watch") ? answers.shift() : undefined;
    return status === undefined ? undefined : Response.json({ nonsense: true }, { status });
  };
  const said: string[] = [];
  const events = createEvents((_, message, fields) => void said.push(`${message} ${fields?.status ?? ""}`));
  await using _loop = startLoop(master, kube, { events });
  expect((await master.control.run(deletePod("none"))).errorCode).toBe("NotFound");
  expect(said.filter((one) => one.includes("fetched")).map((one) => one.trim())).toEqual([
    ...[401, 404, 500, 200].map((status) => `no commands can be fetched ${status}`),
    "commands can be fetched again",
  ]);
  expect(master.control.watches[0]).toMatchObject({ clusterID: "c", rv: 0, run: expect.any(String) });
});

test("a master of AtlHyper 1.x is asked and answered in its own way", async () => {
  await using kube = await startSimKube();
  kube.rest.create(kinds.deployments, "default", deployment(3));
  await using master = startWireMaster();
  await using _loop = startLoop(master, kube, { legacy: true });
  const done = await master.control.run({ type: "ScaleWorkload", target, args: { replicas: "5" } });
  expect(done).toMatchObject({ status: "Succeeded" });
  expect(Object.keys(done).toSorted()).toEqual([
    "attempt",
    "commandID",
    "finishedAt",
    "message",
    "startedAt",
    "status",
  ]);
  expect(await master.control.run({ type: "PodLift", target: {} })).toMatchObject({
    status: "Failed",
    errorCode: "Unsupported",
  });
  expect(new Set(master.requests.map((one) => one.route))).toEqual(
    new Set(["/ingest/ops/watch", "/ingest/ops/ack"]),
  );
  expect(master.control.watches[0]).toEqual({ clusterID: "c", rv: "0", waitSeconds: 50 });
});
