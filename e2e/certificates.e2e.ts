import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join, resolve } from "node:path";
import { startWireMaster, type WireMaster } from "../agent/testing/wire-master.ts";
import { type Kubelab, kubelabMissing, startKubelab } from "./lib/kubelab.ts";
import { type Process, start } from "./lib/product.ts";
import { recordCalls, type Recorder } from "./lib/recorder.ts";
import { eventually } from "./lib/wait.ts";

const missing = kubelabMissing() ?? (Bun.which("openssl") ? undefined : "no openssl");
if (missing) console.log(`skipped: certificates of a real cluster: ${missing}`);

const day = 86_400_000;

/** An agent process with the rights of the manifests on a real API server, with and without that to read Secrets. */
describe.skipIf(missing !== undefined)("certificates in Secrets of a real cluster", () => {
  let lab: Kubelab;
  let master: WireMaster;
  let agent: Process;
  let recorder: Recorder;

  async function tls(name: string, days: number): Promise<void> {
    const [key, crt] = [join(lab.folder, `${name}.key`), join(lab.folder, `${name}.crt`)];
    const request = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ${key} -out ${crt} -days ${days} -subj /CN=${name}.test`;
    expect(await Bun.spawn(request.split(" "), { stderr: "ignore" }).exited).toBe(0);
    await lab.kubectl(["create", "secret", "tls", name, `--cert=${crt}`, `--key=${key}`, "-n", "default"]);
  }
  const rights = (file: string) => resolve(import.meta.dir, `../manifests/base/agent/${file}`);

  beforeAll(async () => {
    lab = await startKubelab({ port: 27443 });
    await lab.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "atlhyper" } });
    await lab.kubectl(["apply", "-f", rights("rbac.yaml")]);
    const token = (await lab.kubectl(["create", "token", "-n", "atlhyper", "atlhyper-agent"])).trim();
    const view = JSON.parse(await lab.kubectl(["config", "view", "--raw", "-o", "json"]));
    recorder = recordCalls(view);
    view.users = [{ name: "admin", user: { token } }];
    view.clusters[0].cluster = { server: recorder.url };
    const kubeconfig = join(lab.folder, "agent.kubeconfig");
    await Bun.write(kubeconfig, JSON.stringify(view));
    await tls("soon", 5);
    await tls("later", 300);
    await lab.kubectl(["create", "secret", "generic", "other", "--from-literal=a=hunter2", "-n", "default"]);
    master = startWireMaster();
    agent = start("agent", {
      KUBECONFIG: kubeconfig,
      ATLHYPER_MASTER_URL: master.url,
      ATLHYPER_TOKEN: "atlc_test",
      ATLHYPER_CERTIFICATES: "true",
      ATLHYPER_STATUS_EVERY: "5s",
      ATLHYPER_LOG_LEVEL: "debug",
    });
  }, 120_000);
  afterAll(async () => {
    await agent?.stop();
    await master?.[Symbol.asyncDispose]();
    recorder?.[Symbol.dispose]();
    await lab?.[Symbol.asyncDispose]();
  }, 60_000);

  test("an agent without the right says so, tells of none, and everything else goes on", async () => {
    await eventually("everything else is there", () => master.status?.synced, 60_000);
    expect(master.status!.denied).toMatchObject([{ kind: "Secret", reason: "forbidden" }]);
    expect(master.status!.certificates).toBeUndefined();
  }, 90_000);

  test("with it, the dates are told, as they change, and nothing else of any Secret", async () => {
    await lab.kubectl(["apply", "-f", rights("certificates/rbac.yaml")]);
    await agent.stop();
    agent = start("agent", {
      KUBECONFIG: join(lab.folder, "agent.kubeconfig"),
      ATLHYPER_MASTER_URL: master.url,
      ATLHYPER_TOKEN: "atlc_test",
      ATLHYPER_CERTIFICATES: "true",
      ATLHYPER_STATUS_EVERY: "5s",
      ATLHYPER_LOG_LEVEL: "debug",
    });
    const told = () =>
      master.status?.certificates?.map(({ namespace, name }) => `${namespace}/${name}`).join();
    await eventually("both", () => told() === "default/soon,default/later", 60_000);
    const [soon] = master.status!.certificates!;
    expect(Math.abs(soon!.notAfter_ms - Date.now() - 5 * day)).toBeLessThan(10 * 60_000);
    expect(master.status!.denied ?? []).toEqual([]);
    // It is renewed, under the same name.
    await lab.kubectl(["delete", "secret", "soon", "-n", "default"]);
    await tls("soon", 200);
    await eventually(
      "the new dates",
      () => (master.status?.certificates?.[0]?.notAfter_ms ?? 0) > Date.now() + 150 * day,
      30_000,
    );
    const crt = await Bun.file(join(lab.folder, "soon.crt")).text();
    const key = await Bun.file(join(lab.folder, "soon.key")).text();
    const sent = JSON.stringify(master.received) + agent.output();
    for (const text of [
      "BEGIN CERT",
      "PRIVATE KEY",
      "hunter2",
      "soon.test",
      crt.slice(60, 110),
      key.slice(60, 110),
    ])
      expect(sent).not.toContain(text);
    const asked = [...recorder.asked].filter((one) => one.includes("secrets"));
    expect(asked.filter((one) => one !== "list secrets." && one !== "watch secrets.")).toEqual([]);
  }, 150_000);
});
