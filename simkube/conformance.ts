import { expect } from "bun:test";

export interface Call {
  body?: unknown;
  contentType?: string;
  query?: Record<string, string | number | boolean>;
  /** In place of the credentials the API would be asked with. */
  token?: string;
}

/** A Kubernetes API under test: simulated or real. The namespace is new and empty for each case. */
export interface Api {
  namespace: string;
  call(method: string, path: string, call?: Call): Promise<Response>;
}

export interface Case {
  name: string;
  run(api: Api): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of a foreign API, looked into field by field
type Answer = any;

export const conformance: Case[] = [];
const behaves = (name: string, run: (api: Api) => Promise<void>) => conformance.push({ name, run });

const configmaps = (api: Api) => `/api/v1/namespaces/${api.namespace}/configmaps`;
const pods = (api: Api) => `/api/v1/namespaces/${api.namespace}/pods`;
const deployments = (api: Api) => `/apis/apps/v1/namespaces/${api.namespace}/deployments`;

async function answer(api: Api, status: number, method: string, path: string, call?: Call): Promise<Answer> {
  const response = await api.call(method, path, call);
  const text = await response.text();
  if (response.status !== status)
    throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

/** The Status of a refusal. */
async function refusal(api: Api, status: number, method: string, path: string, call?: Call): Promise<Answer> {
  const value = await answer(api, status, method, path, call);
  expect(value).toMatchObject({ kind: "Status", apiVersion: "v1", status: "Failure", code: status });
  return value;
}

/** Every event of a watch that ends by itself after a second. */
async function watched(api: Api, path: string, query: Call["query"]): Promise<Answer[]> {
  const response = await api.call("GET", path, { query: { watch: true, timeoutSeconds: 1, ...query } });
  const text = await response.text();
  expect(response.status).toBe(200);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

const configmap = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>) => ({
  metadata: { name, ...(labels ? { labels } : {}) },
  data,
});

/** A pod that no node takes, so that it stays as it was created. */
const homelessPod = (name: string) => ({
  metadata: { name },
  spec: {
    nodeSelector: { "example.org/nowhere": "true" },
    containers: [{ name: "main", image: "example.org/app:1" }],
  },
});

const deployment = (name: string, replicas = 0) => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "main", image: "example.org/app:1" }] },
    },
  },
});

behaves("tells its version", async (api) => {
  const version = await answer(api, 200, "GET", "/version");
  expect(version.gitVersion).toMatch(/^v1\.\d+/);
});

behaves("lists the kinds of a group with their verbs and subresources", async (api) => {
  const list = await answer(api, 200, "GET", "/apis/apps/v1");
  expect(list).toMatchObject({ kind: "APIResourceList", groupVersion: "apps/v1" });
  const found = list.resources.find((one: Answer) => one.name === "deployments");
  expect(found).toMatchObject({ kind: "Deployment", namespaced: true });
  expect(found.verbs).toContain("watch");
  expect(list.resources.map((one: Answer) => one.name)).toContain("deployments/scale");
});

behaves("refuses a wrong token with 401 and a Status", async (api) => {
  expect((await refusal(api, 401, "GET", "/api/v1/pods", { token: "wrong" })).reason).toBe("Unauthorized");
});

behaves("answers 404 for a kind and for a group it does not have", async (api) => {
  const one = await api.call("GET", "/api/v1/unheardofs");
  const other = await api.call("GET", "/apis/example.org/v1/things");
  expect([one.status, other.status]).toEqual([404, 404]);
});

behaves("gives a created object its identity, and refuses it a second time", async (api) => {
  const made = await answer(api, 201, "POST", configmaps(api), { body: configmap("one", { a: "1" }) });
  expect(made).toMatchObject({ kind: "ConfigMap", apiVersion: "v1", data: { a: "1" } });
  expect(made.metadata).toMatchObject({ name: "one", namespace: api.namespace });
  expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
  expect(made.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(Number(made.metadata.resourceVersion)).toBeGreaterThan(0);
  const again = await refusal(api, 409, "POST", configmaps(api), { body: configmap("one") });
  expect(again).toMatchObject({
    reason: "AlreadyExists",
    message: 'configmaps "one" already exists',
    details: { name: "one", kind: "configmaps" },
  });
});

behaves("makes a name of generateName", async (api) => {
  const made = await answer(api, 201, "POST", configmaps(api), {
    body: { metadata: { generateName: "job-" } },
  });
  expect(made.metadata.name).toMatch(/^job-[a-z0-9]{5}$/);
});

behaves("says what is missing by name: object, and namespace of a new object", async (api) => {
  const missing = await refusal(api, 404, "GET", `${deployments(api)}/none`);
  expect(missing).toMatchObject({
    reason: "NotFound",
    message: 'deployments.apps "none" not found',
    details: { name: "none", group: "apps", kind: "deployments" },
  });
  const homeless = await refusal(api, 404, "POST", "/api/v1/namespaces/no-such-place/configmaps", {
    body: configmap("one"),
  });
  expect(homeless.message).toBe('namespaces "no-such-place" not found');
});

behaves("lists nothing in a namespace that does not exist", async (api) => {
  const list = await answer(api, 200, "GET", "/api/v1/namespaces/no-such-place/configmaps");
  expect(list.items).toEqual([]);
});

behaves("refuses what is not valid with 422 and the field", async (api) => {
  const badName = await refusal(api, 422, "POST", configmaps(api), { body: configmap("Not_A_Name") });
  expect(badName.reason).toBe("Invalid");
  expect(badName.details.causes[0].field).toBe("metadata.name");
  const empty = await refusal(api, 422, "POST", pods(api), {
    body: { metadata: { name: "p" }, spec: { containers: [] } },
  });
  expect(empty.details.causes.map((cause: Answer) => cause.field)).toContain("spec.containers");
});

behaves("refuses a body that is no JSON, or of another kind, with 400", async (api) => {
  expect((await refusal(api, 400, "POST", configmaps(api), { body: "{" })).reason).toBe("BadRequest");
  const other = { ...configmap("one"), kind: "Secret", apiVersion: "v1" };
  expect((await refusal(api, 400, "POST", configmaps(api), { body: other })).reason).toBe("BadRequest");
});

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

behaves("evicts a pod", async (api) => {
  await answer(api, 201, "POST", pods(api), { body: homelessPod("p") });
  const body = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: "p", namespace: api.namespace },
  };
  await answer(api, 201, "POST", `${pods(api)}/p/eviction`, { body });
  await refusal(api, 404, "GET", `${pods(api)}/p`);
  await refusal(api, 404, "POST", `${pods(api)}/p/eviction`, { body });
});

behaves("evicts no pod that it was only asked about", async (api) => {
  await answer(api, 201, "POST", pods(api), { body: homelessPod("p") });
  const deleteOptions = { dryRun: ["All"] };
  await answer(api, 201, "POST", `${pods(api)}/p/eviction`, {
    body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" }, deleteOptions },
  });
  await answer(api, 200, "GET", `${pods(api)}/p`);
});

behaves("evicts no other pod than that with the UID", async (api) => {
  await answer(api, 201, "POST", pods(api), { body: homelessPod("p") });
  // One that is pending would be tried for 10 s before it is refused.
  await answer(api, 200, "PATCH", `${pods(api)}/p/status`, {
    body: { status: { phase: "Running" } },
    contentType: "application/merge-patch+json",
  });
  const deleteOptions = { preconditions: { uid: "00000000-0000-0000-0000-000000000000" } };
  const refused = await refusal(api, 409, "POST", `${pods(api)}/p/eviction`, {
    body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" }, deleteOptions },
  });
  expect(refused.reason).toBe("Conflict");
});

behaves("evicts no pod that its budget cannot do without, and names the budget", async (api) => {
  const labels = { app: "web" };
  const budgets = `/apis/policy/v1/namespaces/${api.namespace}/poddisruptionbudgets`;
  await answer(api, 201, "POST", pods(api), {
    body: { ...homelessPod("p"), metadata: { name: "p", labels } },
  });
  await answer(api, 200, "PATCH", `${pods(api)}/p/status`, {
    body: { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } },
    contentType: "application/merge-patch+json",
  });
  await answer(api, 201, "POST", budgets, {
    body: { metadata: { name: "web" }, spec: { minAvailable: 1, selector: { matchLabels: labels } } },
  });
  const evict = () =>
    api.call("POST", `${pods(api)}/p/eviction`, {
      body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" } },
    });
  let refused: Answer;
  // A real budget is counted by its controller, some moments after it was made.
  for (let attempt = 0; attempt < 100; attempt++) {
    refused = await (await evict()).json();
    if (refused.message.includes("violate") && refused.details.causes[0].message.includes("has 1")) break;
    await Bun.sleep(50);
  }
  expect(refused).toMatchObject({
    kind: "Status",
    code: 429,
    reason: "TooManyRequests",
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [
        {
          reason: "DisruptionBudget",
          message: "The disruption budget web needs 1 healthy pods and has 1 currently",
        },
      ],
    },
  });
  await answer(api, 200, "GET", `${pods(api)}/p`);
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

behaves("creates a job with an owner, and none a second time under its name", async (api) => {
  const jobs = `/apis/batch/v1/namespaces/${api.namespace}/jobs`;
  const spec = {
    template: { spec: { ...homelessPod("p").spec, restartPolicy: "Never" } },
  };
  const uid = "00000000-0000-4000-8000-000000000000";
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "CronJob", name: "c", uid, controller: true }];
  // Suspended, so that the garbage collector's opinion of that owner is all that can happen to it.
  const body = { metadata: { name: "one", ownerReferences }, spec: { ...spec, suspend: true } };
  const made = await answer(api, 201, "POST", jobs, { body });
  expect(made.spec).toMatchObject({ suspend: true, backoffLimit: 6 });
  const unowned = { ...body, metadata: { name: "two" } };
  await answer(api, 201, "POST", jobs, { body: unowned });
  const again = await refusal(api, 409, "POST", jobs, { body: unowned });
  expect(again).toMatchObject({ reason: "AlreadyExists", message: 'jobs.batch "two" already exists' });
});

behaves("has an empty log for a pod without a node, and none for a pod that is not there", async (api) => {
  await answer(api, 201, "POST", pods(api), { body: homelessPod("p") });
  const log = await api.call("GET", `${pods(api)}/p/log`);
  expect([log.status, await log.text()]).toEqual([204, ""]);
  await refusal(api, 404, "GET", `${pods(api)}/none/log`);
  await refusal(api, 400, "GET", `${pods(api)}/p/log`, { query: { container: "other" } });
});

behaves("selects by labels and by fields, and refuses a field it does not know", async (api) => {
  await answer(api, 201, "POST", configmaps(api), { body: configmap("a", {}, { tier: "web", app: "shop" }) });
  await answer(api, 201, "POST", configmaps(api), { body: configmap("b", {}, { tier: "db" }) });
  await answer(api, 201, "POST", configmaps(api), { body: configmap("c") });
  const names = async (query: Call["query"]) =>
    (await answer(api, 200, "GET", configmaps(api), { query })).items
      .map((one: Answer) => one.metadata.name)
      .filter((name: string) => name.length === 1);
  expect(await names({ labelSelector: "tier=web" })).toEqual(["a"]);
  expect(await names({ labelSelector: "tier in (web, db),app!=shop" })).toEqual(["b"]);
  expect(await names({ labelSelector: "!tier" })).toEqual(["c"]);
  expect(await names({ labelSelector: "tier notin (web)" })).toEqual(["b", "c"]);
  expect(await names({ fieldSelector: "metadata.name=b" })).toEqual(["b"]);
  await answer(api, 201, "POST", pods(api), { body: homelessPod("p") });
  const assigned = await answer(api, 200, "GET", pods(api), { query: { fieldSelector: "spec.nodeName=" } });
  expect(assigned.items.map((one: Answer) => one.metadata.name)).toEqual(["p"]);
  await refusal(api, 400, "GET", pods(api), { query: { fieldSelector: "spec.nonsense=1" } });
});

behaves("lists in pages that all show the moment of the first", async (api) => {
  for (const name of ["a", "b", "c", "d", "e"])
    await answer(api, 201, "POST", configmaps(api), { body: configmap(name, {}, { page: "x" }) });
  const query = { labelSelector: "page=x", limit: 2 };
  const first = await answer(api, 200, "GET", configmaps(api), { query });
  expect(first.kind).toBe("ConfigMapList");
  expect(first.items[0].kind).toBeUndefined();
  expect(first.items.map((one: Answer) => one.metadata.name)).toEqual(["a", "b"]);
  await answer(api, 200, "DELETE", `${configmaps(api)}/d`);
  const names: string[] = [];
  let next = first.metadata.continue;
  while (next) {
    const page = await answer(api, 200, "GET", configmaps(api), { query: { ...query, continue: next } });
    expect(page.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    names.push(...page.items.map((one: Answer) => one.metadata.name));
    next = page.metadata.continue;
  }
  expect(names).toEqual(["c", "d", "e"]);
  await refusal(api, 400, "GET", configmaps(api), { query: { ...query, continue: "nonsense" } });
});

behaves("watches from a version: each change once, in order", async (api) => {
  const { metadata } = await answer(api, 200, "GET", configmaps(api));
  const made = await answer(api, 201, "POST", configmaps(api), { body: configmap("one", { a: "1" }) });
  await answer(api, 200, "PUT", `${configmaps(api)}/one`, { body: configmap("one", { a: "2" }) });
  await answer(api, 200, "DELETE", `${configmaps(api)}/one`);
  const query = { resourceVersion: metadata.resourceVersion, fieldSelector: "metadata.name=one" };
  const events = await watched(api, configmaps(api), query);
  expect(events.map((event) => event.type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
  expect(events[0].object).toMatchObject({
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { uid: made.metadata.uid },
  });
  expect(events[2].object.data).toEqual({ a: "2" });
  const versions = events.map((event) => Number(event.object.metadata.resourceVersion));
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect(new Set(versions).size).toBe(3);
});

behaves("shows leaving a selector as a deletion, and coming under it as a creation", async (api) => {
  const { metadata } = await answer(api, 200, "GET", configmaps(api));
  await answer(api, 201, "POST", configmaps(api), { body: configmap("one", {}, { tier: "web" }) });
  const path = `${configmaps(api)}/one`;
  await answer(api, 200, "PUT", path, { body: configmap("one", {}, { tier: "db" }) });
  await answer(api, 200, "PUT", path, { body: configmap("one", { a: "1" }, { tier: "web" }) });
  const query = { resourceVersion: metadata.resourceVersion, labelSelector: "tier=web" };
  const events = await watched(api, configmaps(api), query);
  expect(events.map((event) => event.type)).toEqual(["ADDED", "DELETED", "ADDED"]);
});

behaves("begins a watch without a version with what there is", async (api) => {
  await answer(api, 201, "POST", configmaps(api), { body: configmap("one") });
  const events = await watched(api, configmaps(api), { fieldSelector: "metadata.name=one" });
  expect(events.map((event) => event.type)).toEqual(["ADDED"]);
});

behaves("streams a list that ends with a marked bookmark (KEP-3157)", async (api) => {
  await answer(api, 201, "POST", configmaps(api), { body: configmap("one", {}, { stream: "x" }) });
  const query = { labelSelector: "stream=x", sendInitialEvents: true, allowWatchBookmarks: true };
  const events = await watched(api, configmaps(api), { ...query, resourceVersionMatch: "NotOlderThan" });
  expect(events.slice(0, 2).map((event) => event.type)).toEqual(["ADDED", "BOOKMARK"]);
  const { metadata } = events[1].object;
  expect(metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
  expect(Number(metadata.resourceVersion)).toBeGreaterThan(0);
  const refused = await refusal(api, 422, "GET", configmaps(api), { query: { ...query, watch: true } });
  expect(refused.reason).toBe("Invalid");
});

behaves(
  "tells a watch from a forgotten version so inside the stream, and nothing else in it",
  async (api) => {
    const events = await watched(api, "/api/v1/pods", { resourceVersion: "1" });
    // A real cluster that is young or small may still remember; then it replays.
    if (!events.some((event) => event.type === "ERROR")) return;
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ object: { kind: "Status", code: 410, reason: "Expired" } });
  },
);

behaves("shows an Event under both of its APIs", async (api) => {
  const core = `/api/v1/namespaces/${api.namespace}/events`;
  const v1 = `/apis/events.k8s.io/v1/namespaces/${api.namespace}/events`;
  await answer(api, 201, "POST", core, {
    body: {
      metadata: { name: "p.1" },
      involvedObject: { kind: "Pod", namespace: api.namespace, name: "p" },
      reason: "BackOff",
      message: "Back-off restarting failed container",
      type: "Warning",
      count: 3,
      source: { component: "kubelet" },
    },
  });
  const seen = await answer(api, 200, "GET", `${v1}/p.1`);
  expect(seen).toMatchObject({
    kind: "Event",
    apiVersion: "events.k8s.io/v1",
    regarding: { kind: "Pod", name: "p" },
    note: "Back-off restarting failed container",
    deprecatedCount: 3,
    reason: "BackOff",
    type: "Warning",
  });
  const found = await answer(api, 200, "GET", core, {
    query: { fieldSelector: "involvedObject.name=p,type=Warning" },
  });
  expect(found.items).toHaveLength(1);
});

behaves("marks a namespace it deletes, or has it gone", async (api) => {
  const path = `/api/v1/namespaces/${api.namespace}`;
  await answer(api, 200, "DELETE", path);
  const after = await api.call("GET", path);
  if (after.status !== 404) expect(((await after.json()) as Answer).status.phase).toBe("Terminating");
});
