import { expect } from "bun:test";
import {
  type Answer,
  answer,
  cases,
  configmap,
  configmaps,
  deployment,
  deployments,
  homelessPod,
  pods,
  refusal,
} from "./kit.ts";

const { all, behaves } = cases();
export const changesCases = all;

behaves("refuses an update of an older version with 409, and takes one without a version", async (api) => {
  const made = await answer(api, 201, "POST", configmaps(api), { body: configmap("one", { a: "1" }) });
  const path = `${configmaps(api)}/one`;
  const next = await answer(api, 200, "PUT", path, { body: { ...made, data: { a: "2" } } });
  expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(Number(made.metadata.resourceVersion));
  const stale = await refusal(api, 409, "PUT", path, { body: { ...made, data: { a: "3" } } });
  expect(stale).toMatchObject({ reason: "Conflict", details: { name: "one", kind: "configmaps" } });
  const blind = await answer(api, 200, "PUT", path, { body: configmap("one", { a: "4" }) });
  expect(blind.data).toEqual({ a: "4" });
  expect(blind.metadata.uid).toBe(made.metadata.uid);
});

behaves("keeps the version when an update changes nothing", async (api) => {
  const made = await answer(api, 201, "POST", configmaps(api), { body: configmap("one", { a: "1" }) });
  const same = await answer(api, 200, "PUT", `${configmaps(api)}/one`, { body: made });
  expect(same.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
});

behaves("applies a merge patch: null removes, lists are replaced", async (api) => {
  await answer(api, 201, "POST", configmaps(api), { body: configmap("one", { a: "1", b: "2" }) });
  const patched = await answer(api, 200, "PATCH", `${configmaps(api)}/one`, {
    body: { data: { a: null, c: "3" } },
    contentType: "application/merge-patch+json",
  });
  expect(patched.data).toEqual({ b: "2", c: "3" });
});

behaves("applies a strategic merge patch: containers are merged by name", async (api) => {
  await answer(api, 201, "POST", deployments(api), { body: deployment("web") });
  const patched = await answer(api, 200, "PATCH", `${deployments(api)}/web`, {
    body: {
      spec: {
        template: {
          spec: {
            containers: [
              { name: "main", image: "example.org/app:2" },
              { name: "side", image: "example.org/side:1" },
            ],
          },
        },
      },
    },
    contentType: "application/strategic-merge-patch+json",
  });
  const images = patched.spec.template.spec.containers
    .map((one: Answer) => `${one.name}=${one.image}`)
    .sort();
  expect(images).toEqual(["main=example.org/app:2", "side=example.org/side:1"]);
  expect(patched.spec.template.spec.containers[0].terminationMessagePath).toBe("/dev/termination-log");
});

behaves("applies a JSON patch, and refuses it when its test fails", async (api) => {
  await answer(api, 201, "POST", configmaps(api), { body: configmap("one", { a: "1" }) });
  const contentType = "application/json-patch+json";
  const path = `${configmaps(api)}/one`;
  const good = [
    { op: "test", path: "/data/a", value: "1" },
    { op: "replace", path: "/data/a", value: "2" },
    { op: "add", path: "/data/b", value: "x" },
  ];
  expect((await answer(api, 200, "PATCH", path, { body: good, contentType })).data).toEqual({
    a: "2",
    b: "x",
  });
  expect((await refusal(api, 422, "PATCH", path, { body: good, contentType })).reason).toBe("Invalid");
});

behaves("refuses a patch of an unknown type with 415", async (api) => {
  await answer(api, 201, "POST", configmaps(api), { body: configmap("one") });
  const refused = await refusal(api, 415, "PATCH", `${configmaps(api)}/one`, {
    body: {},
    contentType: "text/plain",
  });
  expect(refused.reason).toBe("UnsupportedMediaType");
});

behaves("counts generations by spec only, and takes status only at /status", async (api) => {
  const made = await answer(api, 201, "POST", pods(api), {
    body: { ...homelessPod("p"), status: { phase: "Running" } },
  });
  expect(made.status.phase).toBe("Pending");
  expect(made.status.qosClass).toBe("BestEffort");
  await answer(api, 201, "POST", deployments(api), { body: deployment("web") });
  const merge = { contentType: "application/merge-patch+json" };
  const labelled = await answer(api, 200, "PATCH", `${deployments(api)}/web`, {
    body: { metadata: { labels: { x: "1" } } },
    ...merge,
  });
  expect(labelled.metadata.generation).toBe(1);
  const changed = await answer(api, 200, "PATCH", `${deployments(api)}/web`, {
    body: { spec: { paused: true }, status: { replicas: 7 } },
    ...merge,
  });
  expect(changed.metadata.generation).toBe(2);
  expect(changed.status.replicas ?? 0).toBe(0);
  const phase = await answer(api, 200, "PATCH", `${pods(api)}/p/status`, {
    body: { status: { message: "hello" }, spec: { hostname: "x" } },
    ...merge,
  });
  expect(phase.status.message).toBe("hello");
  expect(phase.spec.hostname).toBeUndefined();
});

behaves("scales through the subresource", async (api) => {
  await answer(api, 201, "POST", deployments(api), {
    body: { ...deployment("web"), spec: { ...deployment("web").spec, paused: true } },
  });
  const path = `${deployments(api)}/web/scale`;
  const scale = await answer(api, 200, "GET", path);
  expect(scale).toMatchObject({
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    status: { selector: "app=web" },
  });
  // Without the version, which a real controller may just have moved on.
  const metadata = { name: "web", namespace: api.namespace };
  const put = await answer(api, 200, "PUT", path, { body: { ...scale, metadata, spec: { replicas: 2 } } });
  expect(put.spec.replicas).toBe(2);
  await answer(api, 200, "PATCH", path, {
    body: { spec: { replicas: 0 } },
    contentType: "application/merge-patch+json",
  });
  expect((await answer(api, 200, "GET", `${deployments(api)}/web`)).spec.replicas).toBe(0);
});

behaves("keeps what may not change: a selector, a pod's command", async (api) => {
  await answer(api, 201, "POST", deployments(api), { body: deployment("web") });
  await answer(api, 201, "POST", pods(api), { body: homelessPod("p") });
  const contentType = "application/strategic-merge-patch+json";
  const selector = {
    spec: {
      selector: { matchLabels: { app: "other" } },
      template: { metadata: { labels: { app: "other" } } },
    },
  };
  await refusal(api, 422, "PATCH", `${deployments(api)}/web`, { body: selector, contentType });
  const command = { spec: { containers: [{ name: "main", command: ["sh"] }] } };
  await refusal(api, 422, "PATCH", `${pods(api)}/p`, { body: command, contentType });
  const image = { spec: { containers: [{ name: "main", image: "example.org/app:2" }] } };
  const changed = await answer(api, 200, "PATCH", `${pods(api)}/p`, { body: image, contentType });
  expect(changed.spec.containers[0].image).toBe("example.org/app:2");
});

behaves("deletes under preconditions, and says what it deleted", async (api) => {
  const made = await answer(api, 201, "POST", configmaps(api), { body: configmap("one") });
  const path = `${configmaps(api)}/one`;
  const other = { preconditions: { uid: "00000000-0000-0000-0000-000000000000" } };
  expect((await refusal(api, 409, "DELETE", path, { body: other })).reason).toBe("Conflict");
  const gone = await answer(api, 200, "DELETE", path, {
    body: { preconditions: { uid: made.metadata.uid } },
  });
  expect(gone).toMatchObject({
    kind: "Status",
    status: "Success",
    details: { name: "one", kind: "configmaps", uid: made.metadata.uid },
  });
  await refusal(api, 404, "DELETE", path);
});

behaves("keeps an object with finalizers until they are gone", async (api) => {
  const body = { metadata: { name: "one", finalizers: ["example.org/wait"] } };
  await answer(api, 201, "POST", configmaps(api), { body });
  const path = `${configmaps(api)}/one`;
  await answer(api, 200, "DELETE", path);
  expect((await answer(api, 200, "GET", path)).metadata.deletionTimestamp).toBeString();
  await answer(api, 200, "PATCH", path, {
    body: { metadata: { finalizers: null } },
    contentType: "application/merge-patch+json",
  });
  await refusal(api, 404, "GET", path);
});

behaves("takes a merge patch only for the version that it names", async (api) => {
  const made = await answer(api, 201, "POST", configmaps(api), { body: configmap("one", { a: "1" }) });
  const path = `${configmaps(api)}/one`;
  const contentType = "application/merge-patch+json";
  const { resourceVersion } = made.metadata;
  const body = {
    metadata: { resourceVersion, annotations: { "atlhyper.io/command": "x" } },
    data: { a: "2" },
  };
  const query = { fieldManager: "atlhyper" };
  const patched = await answer(api, 200, "PATCH", path, { body, contentType, query });
  expect(patched).toMatchObject({
    data: { a: "2" },
    metadata: { annotations: { "atlhyper.io/command": "x" } },
  });
  const refused = await refusal(api, 409, "PATCH", path, { body, contentType, query });
  expect(refused).toMatchObject({ reason: "Conflict", details: { name: "one", kind: "configmaps" } });
});

behaves(
  "counts a Deployment's generation for an annotation too, a ReplicaSet's only for its spec",
  async (api) => {
    const replicasets = deployments(api).replace("deployments", "replicasets");
    const contentType = "application/merge-patch+json";
    const body = { metadata: { annotations: { "atlhyper.io/command": "x" } } };
    const paused = { ...deployment("web").spec, paused: true };
    await answer(api, 201, "POST", deployments(api), { body: { ...deployment("web"), spec: paused } });
    await answer(api, 201, "POST", replicasets, { body: deployment("web") });
    const generation = async (list: string, patch: object) =>
      (await answer(api, 200, "PATCH", `${list}/web`, { body: patch, contentType })).metadata.generation;
    expect(await generation(deployments(api), body)).toBe(2);
    expect(await generation(replicasets, body)).toBe(1);
    const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00.123Z" };
    const restart = { spec: { template: { metadata: { annotations } } } };
    expect(await generation(deployments(api), restart)).toBe(3);
    expect(await generation(deployments(api), restart)).toBe(3);
  },
);

behaves("cordons a node, and leaves nothing of it when that is taken back", async (api) => {
  const name = `${api.namespace}-node`;
  await answer(api, 201, "POST", "/api/v1/nodes", { body: { metadata: { name } } });
  const patch = (unschedulable: boolean | null) =>
    answer(api, 200, "PATCH", `/api/v1/nodes/${name}`, {
      body: { spec: { unschedulable } },
      contentType: "application/merge-patch+json",
    });
  expect((await patch(true)).spec.unschedulable).toBe(true);
  expect((await patch(null)).spec.unschedulable).toBeUndefined();
  await answer(api, 200, "DELETE", `/api/v1/nodes/${name}`);
});
