import { afterAll, expect, test } from "bun:test";
import { kinds } from "../../simkube/kinds.ts";
import { imageOf, startOperating, workload } from "../testing/operate.ts";
import { until } from "../testing/wire-master.ts";

const lab = await startOperating();
afterAll(() => lab[Symbol.asyncDispose]());

const deployment = (name: string) => lab.get(kinds.deployments, "shop", name);
const frontend = workload("Deployment", "shop", "frontend");

test("a workload is scaled to a number, watched until that is there, and scaled back by the undo", async () => {
  const ack = await lab.run("ScaleWorkload", frontend, { replicas: 6 });
  expect(ack).toMatchObject({
    status: "success",
    verified: "yes",
    message: "Deployment shop/frontend was scaled from 4 to 6 replicas: 6 of 6 replicas are ready.",
  });
  expect(lab.podsOf("shop", "frontend")).toHaveLength(6);
  expect(await lab.undo(ack)).toMatchObject({ status: "success", verified: "yes" });
  expect(deployment("frontend").spec!.replicas).toBe(4);
}, 15_000);

test("a StatefulSet is scaled too, a DaemonSet is not, and a ReplicaSet only where no Deployment does it", async () => {
  const ack = await lab.run("ScaleWorkload", workload("statefulset", "shop", "valkey"), { replicas: 2 });
  expect(ack).toMatchObject({ status: "success", verified: "yes" });
  const daemons = await lab.run("ScaleWorkload", workload("DaemonSet", "monitoring", "node-exporter"), {
    replicas: 2,
  });
  expect(daemons).toMatchObject({
    errorCode: "BadRequest",
    message: "ScaleWorkload is for Deployment, StatefulSet, ReplicaSet, and not for DaemonSet.",
  });
  const [set] = lab.demo.rest.store.list(kinds.replicasets, "shop");
  const owned = await lab.run("ScaleWorkload", workload("ReplicaSet", "shop", set!.metadata.name), {
    replicas: 0,
  });
  expect(owned).toMatchObject({ errorCode: "BadRequest", message: expect.stringContaining("scale that") });
}, 15_000);

test("an autoscaler that scales the same workload is told of", async () => {
  const ack = await lab.run("ScaleWorkload", workload("Deployment", "shop", "catalog"), { replicas: 4 });
  expect(ack.status).toBe("success");
  expect(ack.message).toContain("HorizontalPodAutoscaler catalog scales it too, and may change it again.");
}, 15_000);

test("numbers that are none are refused", async () => {
  for (const replicas of [-1, 1.5, "many", undefined])
    expect(await lab.run("ScaleWorkload", frontend, { replicas })).toMatchObject({ errorCode: "BadRequest" });
  expect(deployment("frontend").spec!.replicas).toBe(4);
});

const cart = workload("Deployment", "shop", "cart");

test("a container gets another image, its rollout is watched to the end, and the undo brings the old one back", async () => {
  const old = imageOf(deployment("cart"));
  const image = `${old.replace(/:[^/]*$/, "")}:9.9.9`;
  const ack = await lab.run("UpdateImage", cart, { images: { cart: image } });
  expect(ack).toMatchObject({ status: "success", verified: "yes" });
  expect(ack.message).toContain(`was given ${image} (cart) in place of ${old} (cart): `);
  expect(lab.podsOf("shop", "cart").every((pod) => JSON.stringify(pod.spec).includes(image))).toBe(true);
  expect(await lab.undo(ack)).toMatchObject({ status: "success", verified: "yes" });
  expect(imageOf(deployment("cart"))).toBe(old);
  expect(await lab.undo(ack)).toMatchObject({ status: "failed", errorCode: "Conflict" });
}, 20_000);

test("an image that cannot be pulled is told as not verified, with the pods that fail", async () => {
  const ack = await lab.run("UpdateImage", workload("Deployment", "shop", "recommendations"), {
    newImage: "registry.example.org/nobody/has:1",
  });
  expect(ack).toMatchObject({ status: "success", verified: "no" });
  expect(ack.message).toMatch(/recommendations-\S+ \(recommendations: (ErrImagePull|ImagePullBackOff)\)/);
  expect((await lab.undo(ack)).verified).toBe("yes");
}, 20_000);

test("of several containers the one has to be named, or all asked for; init containers count", async () => {
  const { template } = deployment("payments").spec as { template: { spec: { containers: object[] } } };
  const image = imageOf(deployment("payments"));
  const init = { name: "init", image };
  const side = { name: "side", image };
  const containers = [...template.spec.containers, side];
  lab.edit(kinds.deployments, "shop", "payments", {
    paused: true,
    template: { ...template, spec: { ...template.spec, containers, initContainers: [init] } } as never,
  });
  const target = workload("Deployment", "shop", "payments");
  const newImage = `${image.replace(/:[^/]*$/, "")}:2`;
  expect(await lab.run("UpdateImage", target, { newImage })).toMatchObject({
    errorCode: "BadRequest",
    message:
      "Deployment shop/payments has the containers init, payments, side: name the one that gets the image, or ask for all.",
  });
  const one = await lab.run("UpdateImage", target, { image: newImage, container: "init" });
  expect(one).toMatchObject({ status: "success", verified: "none" });
  expect(one.message).toContain("Its rollout is paused");
  const imagesNow = () => {
    const { spec } = (
      deployment("payments").spec as { template: { spec: Record<string, { image: string }[]> } }
    ).template;
    return [...spec.initContainers!, ...spec.containers!].map((each) => each.image);
  };
  expect(imagesNow()).toEqual([newImage, image, image]);
  await lab.run("UpdateImage", target, { image: newImage, all: true });
  expect(imagesNow()).toEqual([newImage, newImage, newImage]);
  expect(await lab.run("UpdateImage", target, { images: { other: "x:1" } })).toMatchObject({
    errorCode: "BadRequest",
    message: "Deployment shop/payments has no container other: it has init, payments, side.",
  });
}, 15_000);

test("a CronJob's image is for its next jobs", async () => {
  const target = workload("CronJob", "backup", "photos-sync");
  const ack = await lab.run("UpdateImage", target, { newImage: "docker.io/library/alpine:3" });
  expect(ack).toMatchObject({ status: "success", verified: "none", undo: { type: "UpdateImage" } });
  expect(JSON.stringify(lab.get(kinds.cronjobs, "backup", "photos-sync").spec)).toContain("alpine:3");
});

test("a command that waits for the same object ends the watching of the one before", async () => {
  const missing = { newImage: "registry.example.org/nobody/has:2" };
  const target = workload("Deployment", "media", "photos");
  const first = lab.control.enqueue({ type: "UpdateImage", target, args: missing });
  await until("waiting", () => lab.control.told.some((one) => one.commandID === first && one.message));
  const second = lab.control.enqueue({ type: "ScaleWorkload", target, args: { replicas: 0 } });
  expect(await lab.control.ended(first, 1000)).toMatchObject({ status: "success", verified: "superseded" });
  expect((await lab.control.ended(second)).status).toBe("success");
}, 15_000);
