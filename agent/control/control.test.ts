import { expect, test } from "bun:test";
import { createEvents } from "../events.ts";
import { tokenAccess } from "../kube/access.ts";
import { KubeClient } from "../kube/client.ts";
import { commandAnnotation } from "../operate/operation.ts";
import { type WireMaster, startWireMaster, until } from "../testing/wire-master.ts";
import { startControl, type ControlOptions } from "./control.ts";
import { defaultRules } from "./rules.ts";
import { kinds } from "../../simkube/kinds.ts";
import { type SimKube, startSimKube } from "../../simkube/server.ts";

const times = { backoffMs: 10, backoffMaxMs: 50, refusedMs: 50, unknownMs: 50, verifyMs: 300, awayMs: 3000 };

function start(master: WireMaster, kube: SimKube, more: Partial<ControlOptions> = {}) {
  const client = new KubeClient(tokenAccess(kube.url, kube.token));
  const loop = startControl({
    link: { url: master.url, token: "atlc_test" },
    client,
    clusterId: "c",
    run: Bun.randomUUIDv7(),
    startedAtMs: Date.now(),
    rules: defaultRules,
    legacy: false,
    events: createEvents(() => {}),
    times,
    ...more,
  });
  return Object.assign(loop, { [Symbol.asyncDispose]: () => loop.stop() });
}

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
  await using _loop = start(master, kube);
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
  await using _loop = start(master, kube);
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
