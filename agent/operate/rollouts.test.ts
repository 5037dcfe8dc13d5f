import { afterAll, expect, test } from "bun:test";
import { kinds } from "../../simkube/kinds.ts";
import { imageOf, startOperating, workload } from "../testing/operate.ts";

const lab = await startOperating();
afterAll(() => lab[Symbol.asyncDispose]());

const uids = (namespace: string, app: string) => lab.podsOf(namespace, app).map((pod) => pod.metadata.uid);

test.each([
  ["Deployment", "shop", "frontend"],
  ["StatefulSet", "shop", "valkey"],
  ["DaemonSet", "monitoring", "node-exporter"],
] as const)(
  "a restarted %s has replaced all its pods when it is verified",
  async (kind, namespace, name) => {
    const before = uids(namespace, name);
    const ack = await lab.run("RolloutRestart", workload(kind, namespace, name));
    expect(ack).toMatchObject({ status: "success", verified: "yes" });
    expect(uids(namespace, name).filter((uid) => before.includes(uid))).toEqual([]);
  },
  20_000,
);

test.each([
  ["Deployment", kinds.deployments, "shop", "cart"],
  ["StatefulSet", kinds.statefulsets, "shop", "postgres"],
  ["DaemonSet", kinds.daemonsets, "monitoring", "node-exporter"],
] as const)(
  "a %s goes back to its revision before, which is shown first, and by the undo to where it was",
  async (kind, of, namespace, name) => {
    const target = workload(kind, namespace, name);
    const image = () => imageOf(lab.get(of, namespace, name));
    const old = image();
    const next = `${old.replace(/:[^/]*$/, "")}:7.7.7`;
    expect((await lab.run("UpdateImage", target, { newImage: next })).verified).toBe("yes");

    const shown = await lab.run("RolloutUndo", target, { dryRun: true });
    const data = shown.data as {
      from: { template: object };
      to: { revision: number; template: object };
      revisions: { current: boolean; images: string[] }[];
    };
    expect(JSON.stringify(data.from.template)).toContain(next);
    expect(JSON.stringify(data.to.template)).toContain(old);
    expect(data.revisions.map((one) => [one.current, one.images[0]]).slice(0, 2)).toEqual([
      [true, next],
      [false, old],
    ]);
    expect(image()).toBe(next);

    const ack = await lab.run("RolloutUndo", target);
    expect(ack).toMatchObject({ status: "success", verified: "yes" });
    expect(image()).toBe(old);
    expect(await lab.undo(ack)).toMatchObject({ status: "success", verified: "yes" });
    expect(image()).toBe(next);
    expect(await lab.undo(ack)).toMatchObject({ status: "failed", errorCode: "Conflict" });
  },
  30_000,
);

test("a revision that is not kept is named as such", async () => {
  expect(
    await lab.run("RolloutUndo", workload("Deployment", "shop", "cart"), { revision: 99 }),
  ).toMatchObject({
    errorCode: "NotFound",
    message: expect.stringContaining("Deployment shop/cart has no revision 99: those that are kept are "),
  });
  expect(await lab.run("RolloutUndo", workload("Deployment", "home", "mosquitto"))).toMatchObject({
    errorCode: "NotFound",
    message: "Deployment home/mosquitto has no earlier revision to go back to.",
  });
});

test("a paused rollout takes no restart and no undo, and goes on when it is resumed", async () => {
  const target = workload("Deployment", "shop", "frontend");
  const paused = await lab.run("RolloutPause", target);
  expect(paused).toMatchObject({ status: "success", undo: { type: "RolloutResume" } });
  expect(lab.get(kinds.deployments, "shop", "frontend").spec!.paused).toBe(true);
  for (const type of ["RolloutRestart", "RolloutUndo"])
    expect(await lab.run(type, target)).toMatchObject({
      errorCode: "BadRequest",
      message: expect.stringContaining("is paused: resume its rollout first"),
    });
  const resumed = await lab.undo(paused);
  expect(resumed).toMatchObject({ status: "success", verified: "yes" });
  expect(lab.get(kinds.deployments, "shop", "frontend").spec!.paused).toBeUndefined();
}, 15_000);
