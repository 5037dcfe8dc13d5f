import { expect, test } from "bun:test";
import type { CommandSet } from "../../wire/control.ts";
import { startTestMaster, type TestCluster } from "../harness.ts";
import { createControl } from "./create.ts";
import { lab, post, scale } from "./lab.ts";

async function start(config: Parameters<typeof startTestMaster>[0] = {}) {
  const master = await startTestMaster(config);
  const cluster = await master.addCluster("home");
  const all = lab(master, cluster, await master.apiToken("operator"));
  // Its first message tells which cluster the token is for.
  await all.watch();
  return { master, cluster, ...all, [Symbol.asyncDispose]: () => master.stop() };
}

test("a command goes from whoever asks to the agent, and its end back", async () => {
  await using l = await start();
  const { status, body } = await l.enqueue(scale(5));
  expect(status).toBe(200);
  const set = await l.watch();
  expect(set.body.commands).toMatchObject([{ id: body.id, op: "add", ...scale(5) }]);
  expect(await l.command(body.id)).toMatchObject({ state: "fetched", fetched_ms: expect.any(Number) });
  await l.ack({ commandID: body.id, status: "success", message: "scaled", verified: "yes" });
  expect(await l.command(body.id)).toMatchObject({ state: "succeeded", message: "scaled", verified: "yes" });
  expect((await l.watch(set.body.rv)).status).toBe(304);
});

test("a parked watch answers at once when something is asked for, and with 304 when nothing is", async () => {
  await using l = await start();
  const parked = l.watch(0, 20);
  await Bun.sleep(50);
  const began = performance.now();
  const { body } = await l.enqueue(scale(1));
  expect((await parked).body.commands[0]!.id).toBe(body.id);
  expect(performance.now() - began).toBeLessThan(1000);
  const { body: set } = await l.watch();
  expect((await l.watch(set.rv, 0.05)).status).toBe(304);
});

test("an end is told once: what is doubled, late or about others changes nothing", async () => {
  await using l = await start();
  const other = await l.master.addCluster("other");
  const foreign = lab(l.master, other, l.operator);
  const { body } = await l.enqueue(scale(2));
  await l.watch();
  expect((await foreign.ack({ commandID: body.id, status: "success" })).status).toBe(200);
  expect(await l.command(body.id)).toMatchObject({ state: "fetched" });
  await l.ack({ commandID: body.id, status: "failed", errorCode: "NotFound", message: "gone" });
  expect((await l.ack({ commandID: body.id, status: "success" })).status).toBe(200);
  expect(await l.command(body.id)).toMatchObject({ state: "failed", errorCode: "NotFound" });
  expect((await l.ack({ commandID: "unknown", status: "success" })).status).toBe(200);
});

test("the same idem is the same command, and another content under it is refused", async () => {
  await using l = await start();
  const one = await l.enqueue({ ...scale(3), idem: "a" });
  const again = await l.enqueue({ ...scale(3), idem: "a" });
  expect(again.body.id).toBe(one.body.id);
  const other = await l.enqueue({ ...scale(4), idem: "a" });
  expect(other).toMatchObject({ status: 409, body: { pointer: "/command/idem" } });
  expect((await l.watch()).body.commands).toHaveLength(1);
});

test("what was there is kept before anything is done, and handed to whoever goes on", async () => {
  await using l = await start();
  const { body } = await l.enqueue(scale(3));
  await l.watch();
  const told = { commandID: body.id, ts_ms: 1 };
  expect((await l.progress("one", { ...told, before: { replicas: 1 } })).status).toBe(200);
  expect((await l.progress("two", { ...told, before: { replicas: 2 } })).status).toBe(409);
  const { commands } = (await l.watch()).body;
  expect(commands[0]!.before).toEqual({ replicas: 1 });
  // Who was handed the record may go on from it.
  const handed = { ...told, before: { replicas: 2 }, replaces: { replicas: 1 } };
  expect((await l.progress("two", handed)).status).toBe(200);
  expect((await l.progress("one", { ...told, before: { replicas: 9 } })).status).toBe(409);
  await l.progress("two", { ...told, message: "1 of 3", done: 1, total: 3 });
  expect(await l.command(body.id)).toMatchObject({ state: "running", progress: { done: 1, total: 3 } });
  await l.ack({ commandID: body.id, status: "success" });
  expect((await l.progress("two", { ...told, before: {} })).status).toBe(404);
});

test("a cancelled command is not handed out, or its agent is asked to end it", async () => {
  await using l = await start();
  const { body: waiting } = await l.enqueue(scale(1));
  expect(await l.change(waiting.id, "cancel")).toMatchObject({ status: 200, body: { state: "cancelled" } });
  expect((await l.watch()).body.commands).toEqual([]);
  const { body: fetched } = await l.enqueue(scale(2));
  await l.watch();
  expect(await l.change(fetched.id, "cancel")).toMatchObject({ body: { state: "cancelling" } });
  expect((await l.watch()).body.commands).toMatchObject([{ id: fetched.id, op: "cancel" }]);
  await l.ack({ commandID: fetched.id, status: "failed", errorCode: "Cancelled" });
  expect(await l.command(fetched.id)).toMatchObject({ state: "cancelled" });
  expect((await l.change(fetched.id, "cancel")).status).toBe(409);
});

test("a command that waits can be changed, one that an agent has cannot", async () => {
  await using l = await start();
  const { body } = await l.enqueue(scale(1));
  const update = { id: body.id, op: "update", args: { replicas: 7 } };
  expect((await l.enqueue(update)).status).toBe(200);
  expect((await l.watch()).body.commands[0]!.args).toEqual({ replicas: 7 });
  expect((await l.enqueue(update)).status).toBe(409);
});

test("what no agent fetched in time expires and says so", async () => {
  await using l = await start();
  const { body } = await l.enqueue({ ...scale(1), deadlineSeconds: 1.0005 });
  await Bun.sleep(1200);
  expect(await l.command(body.id)).toMatchObject({ state: "expired", errorCode: "TooLate" });
  expect((await l.watch()).body.commands).toEqual([]);
});

test("what can be taken back is taken back once, by a new command", async () => {
  await using l = await start();
  const { body } = await l.enqueue(scale(5));
  await l.watch();
  const undo = { ...scale(2), args: { replicas: 2, expect: { replicas: 5 } } };
  await l.ack({ commandID: body.id, status: "success", undo });
  const back = await l.change(body.id, "undo");
  expect(back).toMatchObject({ status: 200, body: { ...undo, undoOf: body.id } });
  expect(await l.command(body.id)).toMatchObject({ undoneBy: back.body.id });
  expect((await l.change(body.id, "undo")).body.id).toBe(back.body.id);
  await l.watch();
  await l.ack({ commandID: back.body.id, status: "success" });
  expect(await l.change(body.id, "undo")).toMatchObject({ status: 409 });
  expect(await l.change(back.body.id as string, "undo")).toMatchObject({ status: 409 });
});

test("what was read is given and never stored", async () => {
  await using l = await start();
  const { body } = await l.enqueue({ type: "PodGetLogs", target: { ns: "shop", pod: "web-1" } });
  await l.watch();
  await l.ack({ commandID: body.id, status: "Succeeded", message: "secret line" });
  expect(await l.command(body.id)).toMatchObject({ state: "succeeded", data: { log: "secret line" } });
  const rows = l.master.database.main.query("SELECT * FROM commands").all();
  expect(JSON.stringify(rows)).not.toContain("secret line");
});

test("two people are needed where the configuration says so", async () => {
  await using l = await start({ approve: ["danger", "ScaleWorkload"] });
  const { body } = await l.enqueue(scale(5));
  expect((await l.watch()).body.commands ?? []).toEqual([]);
  expect(await l.command(body.id)).toMatchObject({ state: "proposed" });
  expect((await l.change(body.id, "approve")).status).toBe(403);
  const second = await l.master.apiToken("operator");
  expect(await l.change(body.id, "approve", second)).toMatchObject({ body: { state: "queued" } });
  expect((await l.watch()).body.commands).toHaveLength(1);
  const { body: no } = await l.enqueue(scale(6));
  expect(await l.change(no.id, "reject", second)).toMatchObject({ body: { state: "cancelled" } });
});

test("of two agents the newer gets the commands", async () => {
  await using l = await start();
  await l.enqueue(scale(5));
  const old = { run: "old", startedAt_ms: 1000 };
  const now = { run: "now", startedAt_ms: 2000 };
  expect((await l.watch(0, 0, old)).body.commands).toHaveLength(1);
  expect((await l.watch(0, 0, now)).body.commands).toHaveLength(1);
  expect((await l.watch(0, 0, old)).body.commands).toEqual([]);
});

test("when the newer of two agents is gone, the older gets what that left unfinished", async () => {
  await using l = await start();
  let now = Date.now();
  const control = createControl({ ...l.master.parts, approve: [], retentionMs: 1e9, now: () => now });
  const { signal } = new AbortController();
  const watch = async (run: string, startedMs: number, rv: number) => {
    const body = await control.queue.watch(l.cluster.id, "home", { rv, waitMs: 0, run, startedMs }, signal);
    return body === undefined ? undefined : (JSON.parse(body) as CommandSet);
  };
  await watch("old", 1000, 0);
  await watch("new", 2000, 0);
  const { id } = (await l.enqueue(scale(1))).body;
  expect((await watch("new", 2000, 0))!.commands).toHaveLength(1);
  const { rv, commands } = (await watch("old", 1000, 0))!;
  expect(commands).toEqual([]);
  now += 60_000;
  expect(await watch("old", 1000, rv)).toBeUndefined();
  now += 60_000;
  const set = (await watch("old", 1000, rv))!;
  expect(set.commands).toMatchObject([{ id }]);
  expect(await watch("old", 1000, set.rv)).toBeUndefined();
  control.stop();
});

test("the version only grows, also over a restart and against an agent that knows a later one", async () => {
  const folder = `/tmp/atlhyper-rv-${crypto.randomUUID()}`;
  const versions: number[] = [];
  let cluster: TestCluster | undefined;
  for (let n = 0; n < 3; n++) {
    const master = await startTestMaster({ data: folder });
    cluster ??= await master.addCluster("home");
    const l = lab(master, cluster, await master.apiToken("operator"));
    await l.watch();
    await l.enqueue(scale(n));
    versions.push((await l.watch()).body.rv);
    if (n === 1) versions.push((await l.watch(500, 0)).body.rv);
    await master.stop();
  }
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect(new Set(versions).size).toBe(versions.length);
  expect(versions.at(-1)).toBeGreaterThan(500);
});

test("more than is handed out at a time follows as what was handed out ends", async () => {
  await using l = await start();
  for (let n = 0; n < 450; n++) await l.enqueue(scale(n, `web-${n}`));
  const ended = new Set<string>();
  let rv = 0;
  for (let turn = 0; turn < 10 && ended.size < 450; turn++) {
    const { status, body } = await l.watch(rv, 1);
    if (status !== 200) continue;
    rv = body.rv;
    const fresh = body.commands.filter((one) => !ended.has(one.id));
    for (const { id } of fresh) ended.add(id);
    await l.ack(...fresh.map(({ id }) => ({ commandID: id, status: "success" })));
  }
  expect(ended.size).toBe(450);
});

test("what waits behind that is handed out, also by a master that was started in between", async () => {
  const folder = `/tmp/atlhyper-window-${crypto.randomUUID()}`;
  let master = await startTestMaster({ data: folder });
  const cluster = await master.addCluster("home");
  let l = lab(master, cluster, await master.apiToken("operator"));
  await l.watch();
  await Promise.all(Array.from({ length: 401 }, (_, n) => l.enqueue(scale(n, `web-${n}`))));
  const { rv, commands } = (await l.watch()).body;
  expect(commands).toHaveLength(400);
  await master.stop();
  master = await startTestMaster({ data: folder });
  l = lab(master, cluster, l.operator);
  await l.ack(...commands.map(({ id }) => ({ commandID: id, status: "success" })));
  expect((await l.watch(rv, 1)).body.commands).toHaveLength(1);
  await master.stop();
});

test("AtlHyper 1.x asks and tells by its own names", async () => {
  await using l = await start();
  const { clusterID, token } = l.cluster;
  const at = (route: string) => `${l.master.url}/t/${token}/ingest/ops/${route}`;
  await post(`${l.master.url}/ingest/ops/enqueue`, l.operator, {
    clusterID,
    command: { type: "PodRestart", target: { ns: "shop", pod: "web-1" }, idem: "x", op: "add" },
  });
  const { body } = await post(at("watch"), "", { clusterID, rv: "0", waitSeconds: 1 });
  expect(body.commands).toHaveLength(1);
  const { id } = body.commands[0]!;
  const result = { commandID: id, status: "Succeeded", startedAt: new Date().toISOString(), attempt: 1 };
  expect((await post(at("ack"), "", { clusterID, results: [result] })).status).toBe(200);
  expect(await l.command(id)).toMatchObject({ state: "succeeded", attempt: 1 });
  expect((await post(at("watch"), "", { clusterID, rv: String(body.rv), waitSeconds: 0 })).status).toBe(304);
});

test("who may not, gets nothing done, and it is told why", async () => {
  await using l = await start();
  const viewer = await l.master.apiToken("viewer");
  expect((await l.enqueue(scale(1), viewer)).status).toBe(403);
  expect((await l.enqueue(scale(1), l.cluster.token)).status).toBe(403);
  expect((await l.enqueue(scale(1), "nobody")).status).toBe(401);
  const { body } = await l.enqueue(scale(1));
  expect((await l.change(body.id, "cancel", viewer)).status).toBe(403);
  expect((await post(`${l.master.url}/control/watch`, l.operator, { clusterID: "x" })).status).toBe(403);
  const secret = { type: "ResourceDelete", target: { apiVersion: "v1", kind: "Secret", ns: "a", name: "b" } };
  expect((await l.enqueue(secret)).status).toBe(403);
  expect((await l.enqueue(secret, await l.master.apiToken("admin"))).status).toBe(200);
  expect((await l.watch()).body.commands).toHaveLength(2);
});

test.each([
  [{ type: "Nothing", target: {} }, "/command/type"],
  [{ type: "ScaleWorkload", target: { ns: "a", kind: "Deployment", name: "b" } }, "/command/args/replicas"],
  [
    { type: "ScaleWorkload", target: { ns: "a", kind: "Job", name: "b" }, args: { replicas: 1 } },
    "/command/target/kind",
  ],
  [
    { type: "ScaleWorkload", target: { ns: "a", kind: "Deployment", name: "b" }, args: { replicas: -1 } },
    "/command/args/replicas",
  ],
  [{ type: "PodRestart", target: { ns: "a" } }, "/command/target/pod"],
  [{ type: "PodRestart", target: { ns: "a", pod: "b" }, args: { sudo: true } }, "/command/args/sudo"],
  [{ type: "PodExec", target: { ns: "a", pod: "b" } }, "/command/type"],
  [{ type: "ResourceGet", target: { kind: "Pod", name: "x" } }, "/command/target/apiVersion"],
])("%j is refused with a pointer to %s", async (command, pointer) => {
  await using l = await start();
  expect(await l.enqueue(command)).toMatchObject({ status: 422, body: { pointer } });
});

test("an agent's own rules spare the wait for its refusal", async () => {
  await using l = await start();
  const control = { commands: ["PodRestart"], protectedNamespaces: ["kube-system"], exec: false };
  const agent = {
    name: "home",
    flavour: "kubernetes",
    run: "r",
    agentVersion: "2",
    startedAt_ms: 1,
    control,
  };
  await l.cluster.push("/ingest/agentstatus", "agent_status_snapshot", { agent });
  expect((await l.enqueue(scale(1))).status).toBe(409);
  const restart = (ns: string) => ({ type: "PodRestart", target: { ns, pod: "a" } });
  expect((await l.enqueue(restart("kube-system"))).status).toBe(409);
  expect((await l.enqueue(restart("shop"))).status).toBe(200);
});

test("a command has ended only where that is in the audit log, and its agent tells it again otherwise", async () => {
  await using l = await start();
  const { body } = await l.enqueue(scale(2));
  await l.watch();
  const { main } = l.master.database;
  main.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
  expect((await l.enqueue(scale(3))).status).toBe(500);
  expect((await l.ack({ commandID: body.id, status: "success" })).status).toBe(500);
  expect(await l.command(body.id)).toMatchObject({ state: "fetched" });
  main.run("DROP TRIGGER full");
  expect((await l.ack({ commandID: body.id, status: "success" })).status).toBe(200);
  expect(await l.command(body.id)).toMatchObject({ state: "succeeded" });
  const { items } = await l.master.parts.trail.search({ limit: 10, action: "command" }, () => true);
  expect(items.map((one) => `${one.action} ${one.result}`)).toEqual(["command.end ok", "command.enqueue ok"]);
  expect((await l.master.parts.trail.verify()).fault).toBeUndefined();
});
