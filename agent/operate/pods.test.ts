import { afterAll, expect, test } from "bun:test";
import { kinds } from "../../simkube/kinds.ts";
import type { Stored } from "../../simkube/object.ts";
import { startOperating } from "../testing/operate.ts";
import { until } from "../testing/wire-master.ts";

const lab = await startOperating();
afterAll(() => lab[Symbol.asyncDispose]());

const bare = (name: string, more: object = {}) =>
  lab.demo.rest.create(kinds.pods, "shop", {
    metadata: { name, ...more },
    spec: { containers: [{ name: "main", image: "docker.io/library/traefik:v3" }] },
  });
const target = (pod: Stored) => ({ ns: pod.metadata.namespace!, pod: pod.metadata.name });
const isGone = (pod: Stored) =>
  lab.demo.rest.store.get(kinds.pods, pod.metadata.namespace, pod.metadata.name)?.metadata.uid !==
  pod.metadata.uid;

test("a restarted pod is gone, and the ack names the new one once that is ready", async () => {
  const [pod] = lab.podsOf("shop", "frontend");
  const ack = await lab.run("PodRestart", target(pod!));
  expect(ack).toMatchObject({ status: "success", verified: "yes" });
  expect(isGone(pod!)).toBe(true);
  const fresh = lab
    .podsOf("shop", "frontend")
    .find((one) => ack.message!.includes(`${one.metadata.name} is ready`));
  expect(fresh!.metadata.uid).not.toBe(pod!.metadata.uid);
  expect(lab.recorded(ack.commandID)).toMatchObject({
    uid: pod!.metadata.uid,
    owner: { kind: "ReplicaSet" },
  });
  expect(ack.undo).toBeUndefined();
}, 10_000);

test("a pod of a StatefulSet is restarted under its name", async () => {
  const [pod] = lab.podsOf("shop", "postgres");
  const ack = await lab.run("PodRestart", target(pod!));
  expect(ack).toMatchObject({ status: "success", verified: "yes" });
  expect(ack.message).toEndWith(": postgres-0 is ready.");
  expect(isGone(pod!)).toBe(true);
}, 10_000);

test("a pod without a controller is not restarted, and what to do instead is said", async () => {
  const pod = bare("alone");
  const ack = await lab.run("PodRestart", target(pod));
  expect(ack).toMatchObject({ status: "failed", errorCode: "BadRequest" });
  expect(ack.message).toContain("has no controller that would make it again: delete it and create it anew");
  expect(isGone(pod)).toBe(false);
});

test("a static pod is neither restarted nor deleted", async () => {
  const pod = bare("static", { annotations: { "kubernetes.io/config.mirror": "x" } });
  for (const type of ["PodRestart", "PodDelete"]) {
    const ack = await lab.run(type, target(pod));
    expect(ack).toMatchObject({ status: "failed", errorCode: "BadRequest" });
    expect(ack.message).toContain("is a static pod");
  }
});

test("nothing is changed in a protected namespace, and everything there can be read", async () => {
  const [pod] = lab.podsOf("kube-system", "coredns");
  const ack = await lab.run("PodDelete", target(pod!));
  expect(ack).toMatchObject({
    status: "failed",
    errorCode: "Refused",
    message:
      "The agent of this cluster changes nothing in namespace kube-system (ATLHYPER_PROTECT_NAMESPACES).",
  });
  expect(isGone(pod!)).toBe(false);
});

test("a pod is deleted with a grace of its own, or at once", async () => {
  const [pod, other] = lab.podsOf("shop", "cart");
  const ack = await lab.run("PodDelete", target(pod!), { gracePeriodSeconds: 1 });
  expect(ack).toMatchObject({ status: "success", verified: "yes" });
  expect(ack.message).toContain("was deleted, and ReplicaSet cart-");
  const forced = await lab.run("PodDelete", target(other!), { force: true });
  expect(forced.message).toContain("without waiting for its node");
  expect(isGone(pod!) && isGone(other!)).toBe(true);
}, 10_000);

test("a pod that is not there is NotFound, and wrong arguments are BadRequest", async () => {
  expect(await lab.run("PodDelete", { ns: "shop", pod: "none" })).toMatchObject({ errorCode: "NotFound" });
  expect(await lab.run("PodDelete", { ns: "shop" })).toMatchObject({
    errorCode: "BadRequest",
    message: "PodDelete needs the target's pod.",
  });
  const args = { gracePeriodSeconds: "soon" };
  expect(await lab.run("PodDelete", { ns: "shop", pod: "none" }, args)).toMatchObject({
    errorCode: "BadRequest",
    message: "PodDelete's gracePeriodSeconds must be a whole number, 0 at least.",
  });
});

test("an eviction goes through where the budget allows it", async () => {
  const [pod] = lab.podsOf("shop", "frontend");
  const ack = await lab.run("PodEvict", target(pod!));
  expect(ack).toMatchObject({ status: "success", verified: "yes" });
  expect(isGone(pod!)).toBe(true);
}, 10_000);

test("an eviction that a budget blocks waits and names it, and ends as Blocked", async () => {
  await until(
    "ready",
    () => lab.demo.rest.get(kinds.statefulsets, "shop", "postgres").status!.readyReplicas === 2,
  );
  const [pod] = lab.podsOf("shop", "postgres");
  const ack = await lab.run("PodEvict", target(pod!), { waitSeconds: 1 });
  const words = "The disruption budget postgres needs 2 healthy pods and has 2 currently";
  expect(ack).toMatchObject({
    status: "failed",
    errorCode: "Blocked",
    message: `Pod shop/postgres-0 was not evicted: ${words}.`,
  });
  expect(lab.control.told.some((one) => one.message === `Waiting for a budget: ${words}`)).toBe(true);
  expect(isGone(pod!)).toBe(false);
}, 10_000);

test("whether a budget allows an eviction is asked without evicting anything", async () => {
  const [blocked] = lab.podsOf("shop", "postgres");
  const words = "The disruption budget postgres needs 2 healthy pods and has 2 currently";
  expect(await lab.run("PodEvict", target(blocked!), { dryRun: true })).toMatchObject({
    status: "success",
    message: `Pod shop/postgres-0 cannot be evicted now: ${words}.`,
    data: { blockedBy: words },
  });
  const [free] = lab.podsOf("shop", "frontend");
  const ack = await lab.run("PodEvict", target(free!), { dryRun: true });
  expect(ack).toMatchObject({ status: "success", data: {} });
  expect([isGone(blocked!), isGone(free!)]).toEqual([false, false]);
}, 10_000);

test("an eviction that waits can be cancelled", async () => {
  const [pod] = lab.podsOf("shop", "postgres");
  const id = lab.control.enqueue({ type: "PodEvict", target: target(pod!), args: { waitSeconds: 60 } });
  await until("waiting", () => lab.control.told.some((one) => one.commandID === id && one.message));
  lab.control.cancel(id);
  expect(await lab.control.ended(id)).toMatchObject({ status: "failed", errorCode: "Cancelled" });
  expect(isGone(pod!)).toBe(false);
}, 10_000);
