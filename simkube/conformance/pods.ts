import { expect } from "bun:test";
import { type Answer, answer, cases, homelessPod, pods, refusal } from "./kit.ts";

const { all, behaves } = cases();
export const podsCases = all;

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
