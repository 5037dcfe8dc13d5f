import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diagnose, startAlertMaster } from "../alert/testing.ts";
import { lab, scale } from "../control/lab.ts";
import { startTestMaster } from "../harness.ts";

const { master, cluster, ask } = await startAlertMaster();
afterAll(() => master.stop());

const marked = async (query: string) =>
  (await ask(`/api/v1/annotations?cluster=${cluster.id}${query}`)).body as {
    items: { what: string; text: string; ref?: string; until_ms?: number; name: string }[];
    total: number;
  };

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 6000;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("it did not come");
    await Bun.sleep(30);
  }
}

test("a command that was carried out is marked with who asked for it, one that only reads is not", async () => {
  const agent = lab(master, cluster, await master.apiToken("operator"));
  await agent.watch();
  const { body } = await agent.enqueue(scale(5));
  const { body: read } = await agent.enqueue({ type: "PodGetLogs", target: { ns: "shop", pod: "web-1" } });
  await agent.watch();
  await agent.ack({ commandID: body.id, status: "success" }, { commandID: read.id, status: "success" });
  const { items, total } = await marked("&kind=Deployment&namespace=shop&name=web");
  expect(items).toMatchObject([
    { what: "command", name: "web", ref: body.id, text: "web: Scaled to 5 · test operator" },
  ]);
  expect(total).toBe(1);
  expect((await marked("&what=command")).total).toBe(1);
});

test("a command that ended as the master was killed is marked when that starts again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-marked-"));
  const first = await startTestMaster({ data: folder });
  const home = await first.addCluster("home");
  const agent = lab(first, home, await first.apiToken("operator"));
  await agent.watch();
  const { body } = await agent.enqueue(scale(3));
  await agent.watch();
  await agent.ack({ commandID: body.id, status: "success" });
  first.parts.marks.forget(home.id);
  await first.stop();
  const again = await startTestMaster({ data: folder });
  const { body: found } = await again.api(`/api/v1/annotations?cluster=${home.id}`);
  expect(found.items).toMatchObject([{ what: "command", ref: body.id }]);
  await again.stop();
  rmSync(folder, { recursive: true });
});

test("an alert is marked from when it fires, on the workload whose pods are in trouble", async () => {
  await cluster.push("/ingest/podlist", "pod_list_snapshot", {
    pods: [
      {
        summary: { name: "web-1", namespace: "shop", owners: [{ kind: "StatefulSet", name: "web" }] },
      },
    ],
  });
  await diagnose(cluster, "web-1");
  const of = "&kind=StatefulSet&namespace=shop&name=web&what=alert";
  const [alert] = await until(async () => {
    const { items } = await marked(of);
    return items.length > 0 ? items : undefined;
  });
  expect(alert).toMatchObject({ name: "web", text: "PodCrashLooping: web" });
  expect(alert).not.toHaveProperty("until_ms");
});

test("what is asked wrongly is answered with what would be right", async () => {
  const detail = async (query: string) => (await ask(`/api/v1/annotations?${query}`)).body.detail as string;
  expect(await detail("")).toContain("cluster is missing");
  expect(await detail(`cluster=${cluster.id}&kind=Pod`)).toContain("kind and name belong together");
  expect(await detail(`cluster=${cluster.id}&what=party`)).toContain("one of alert, reboot, deploy");
  expect(await detail(`cluster=${cluster.id}&from=2000&to=1000`)).toContain("from must not be after to");
});
