import { expect } from "bun:test";
import { type Answer, answer, cases, configmap, configmaps, deployments, pods, refusal } from "./kit.ts";

const { all, behaves } = cases();
export const objectsCases = all;

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
