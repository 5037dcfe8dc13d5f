import { afterAll, expect, test } from "bun:test";
import { kinds } from "../../simkube/kinds.ts";
import { startOperating, workload } from "../testing/operate.ts";
import { until } from "../testing/wire-master.ts";

const lab = await startOperating({ verifyMs: 4000 });
afterAll(() => lab[Symbol.asyncDispose]());

test("a CronJob is run now, once, under a name that follows from the command", async () => {
  const id = lab.control.enqueue({
    type: "CronJobTrigger",
    target: workload("CronJob", "backup", "photos-sync"),
  });
  const ack = await lab.control.ended(id, 8000);
  expect(ack).toMatchObject({ status: "success", verified: "yes" });
  const { job: name } = ack.data as { job: string };
  expect(name).toMatch(/^photos-sync-manual-[0-9a-f]{8}$/);
  const job = lab.get(kinds.jobs, "backup", name);
  expect(job.metadata.ownerReferences).toMatchObject([
    { kind: "CronJob", name: "photos-sync", controller: true },
  ]);
  expect(job.metadata.annotations).toEqual({
    "cronjob.kubernetes.io/instantiate": "manual",
    "atlhyper.io/command": id,
  });
  expect(ack.undo).toEqual({
    type: "ResourceDelete",
    target: { apiVersion: "batch/v1", kind: "Job", ns: "backup", name },
    args: { expect: { uid: job.metadata.uid } },
  });
}, 10_000);

test("a suspended CronJob starts nothing, and the undo lets it go on", async () => {
  const target = workload("CronJob", "backup", "photos-sync");
  const ack = await lab.run("CronJobSuspend", target);
  expect(ack.status).toBe("success");
  expect(lab.get(kinds.cronjobs, "backup", "photos-sync").spec!.suspend).toBe(true);
  expect(await lab.undo(ack)).toMatchObject({ status: "success" });
  expect(lab.get(kinds.cronjobs, "backup", "photos-sync").spec!.suspend).toBe(false);
});

test("a failed job is run again as a new one, and one that has not failed is not", async () => {
  lab.demo.rest.create(kinds.jobs, "backup", {
    metadata: { name: "once", labels: { team: "ops" } },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels: { app: "once" } },
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "main", image: "registry.example.org/none:1" }],
        },
      },
    },
  });
  const target = workload("Job", "backup", "once");
  expect(await lab.run("JobRetry", target)).toMatchObject({
    errorCode: "BadRequest",
    message: "Job backup/once has not failed: it is still tried.",
  });
  const failed = { type: "Failed", status: "True", reason: "BackoffLimitExceeded" };
  lab.demo.rest.setStatus(kinds.jobs, lab.get(kinds.jobs, "backup", "once"), {
    failed: 1,
    conditions: [failed],
  });
  const id = lab.control.enqueue({ type: "JobRetry", target });
  await until("job", () =>
    lab.demo.rest.store.list(kinds.jobs, "backup").some((one) => one.metadata.name.startsWith("once-retry-")),
  );
  const ack = await lab.control.ended(id, 8000);
  expect(ack).toMatchObject({ status: "success", verified: "no" });
  const job = lab.get(kinds.jobs, "backup", (ack.data as { job: string }).job);
  expect(job.metadata.labels).toEqual({ team: "ops" });
  expect(job.spec).toMatchObject({ backoffLimit: 0, template: { metadata: { labels: { app: "once" } } } });
}, 15_000);
