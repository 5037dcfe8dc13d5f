import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atOnce, diagnose, startAlertMaster } from "../master/alert/testing.ts";
import { eventually } from "./lib/wait.ts";

/** Debian's: `apt-get install prometheus-alertmanager`. */
const binary = Bun.which("prometheus-alertmanager");
if (!binary) console.log("skipped: a real Alertmanager: prometheus-alertmanager is not installed");

const port = 19_093;
const server = `http://127.0.0.1:${port}`;

interface Told {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  status: { state: string };
}

describe.skipIf(!binary)("a real Alertmanager", () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-am-"));
  let child: Bun.Subprocess | undefined;
  afterAll(async () => {
    child?.kill();
    await child?.exited;
    rmSync(folder, { recursive: true, force: true });
  });

  test("is told what fires, takes it as its own, and is told when it is over", async () => {
    const config = join(folder, "alertmanager.yml");
    await Bun.write(config, "route:\n  receiver: none\nreceivers:\n  - name: none\n");
    child = Bun.spawn(
      [
        binary!,
        `--config.file=${config}`,
        `--storage.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ],
      { stdout: "ignore", stderr: "ignore" },
    );
    const known = async (): Promise<Told[]> => (await fetch(`${server}/api/v2/alerts`)).json() as never;
    await eventually("the Alertmanager is there", async () =>
      known().then(
        () => true,
        () => false,
      ),
    );
    const { master, cluster, ask } = await startAlertMaster();
    try {
      const { body: rules } = await ask("/api/v1/alert-rules");
      const {
        id,
        origin: _,
        ...rule
      } = rules.items.find((one: { id: string }) => one.id === "pod-crash-looping");
      await ask(`/api/v1/alert-rules/${id}`, { ...rule, keepMs: 0 });
      const channel = { ...atOnce, name: "am", type: "alertmanager", settings: { server } };
      const { body } = await ask("/api/v1/channels", channel);
      expect((await ask(`/api/v1/channels/${body.id}/test`, {})).body).toMatchObject({ ok: true });
      await diagnose(cluster, "pod-a");
      await eventually("the alert is there", async () => (await known()).length === 1);
      const [told] = await known();
      expect(told).toMatchObject({
        labels: {
          alertname: "PodCrashLooping",
          cluster: "prod",
          namespace: "shop",
          name: "pod-a",
          severity: "warning",
        },
        annotations: { summary: "Pod pod-a: container pod-a exited" },
        status: { state: "active" },
      });
      await diagnose(cluster, "pod-a", { resolved_ts_ms: Date.now() });
      await eventually("it is over there", async () => (await known()).length === 0);
    } finally {
      await master.stop();
    }
  }, 60_000);
});
