import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeTrace } from "../bench/samples/trace.ts";
import { nineDigits } from "../master/api/digits.ts";
import { startTestMaster, type TestCluster, type TestMaster } from "../master/harness.ts";
import { metricOf } from "../master/prometheus/names.ts";
import { type Line, type Prometheus, prometheus, startPrometheus } from "./lib/prometheus.ts";
import { eventually } from "./lib/wait.ts";

if (!prometheus) console.log("skipped: a real Prometheus takes remote write: prometheus is not installed");

const port = 19_090;
const nodes = 3;
const everyMs = 500;

type Over = {
  times: number[];
  series: { group: string; name: string; unit: never; values: (number | null)[] }[];
};

describe.skipIf(!prometheus)("a real Prometheus that takes remote write", () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-remote-"));
  let store: Prometheus;
  let master: TestMaster;
  let cluster: TestCluster;
  let fromMs = 0;
  const state = () => master.parts.remoteWrite!.state();

  /** Nodes that send for a while, twice a second. */
  async function send(forMs: number, traces: readonly NodeTrace[]): Promise<void> {
    const end = Date.now() + forMs;
    while (Date.now() < end) {
      const now = Date.now();
      const snapshots = traces.map((one) => ({ ...one.at(now), timestamp: new Date(now).toISOString() }));
      const { status } = await cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", { snapshots });
      expect(status).toBe(200);
      await Bun.sleep(everyMs);
    }
  }

  const settled = () =>
    eventually(
      "all is sent",
      () => state().waiting.samples === 0 && state().failingSinceMs === undefined,
      60_000,
    );

  beforeAll(async () => {
    store = await startPrometheus(folder, port);
    master = await startTestMaster({ remoteWriteUrl: `${store.url}/api/v1/write` });
    cluster = await master.addCluster("home");
    const traces = Array.from({ length: nodes }, (_, number) => new NodeTrace(number, 3));
    const pods = traces.flatMap((_, number) =>
      [0, 1, 2].map((pod) => ({
        summary: {
          name: `web-${number}-${pod}`,
          namespace: "shop",
          node: `node-${number}`,
          uid: `uid-node-${number}-${pod}`,
          owners: [
            { kind: "ReplicaSet", name: "web-5d4", uid: "r" },
            { kind: "Deployment", name: "web", uid: "d" },
          ],
        },
      })),
    );
    await cluster.push("/ingest/podlist", "pod_list_snapshot", { pods });
    await cluster.push("/ingest/nodelist", "node_list_snapshot", {
      nodes: traces.map((_, number) => ({ summary: { name: `node-${number}`, ready: "True" } })),
    });
    fromMs = Date.now() - 1000;
    await send(12_000, traces);
    await store.stop("SIGKILL");
    await send(12_000, traces);
    expect(state().failingSinceMs).toBeGreaterThan(0);
    expect(state().error?.text).toBe("the connection failed: ECONNREFUSED");
    expect(state().waiting.samples).toBeGreaterThan(1000);
    store = await startPrometheus(folder, port);
    await send(8000, traces);
    // The sums of workloads come when their nodes have been heard.
    await Bun.sleep(20_000);
    await settled();
  }, 120_000);
  afterAll(async () => {
    await master?.stop();
    await store?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ours = async (query: Record<string, string>) =>
    (await master.api(`/api/v1/query_range?${new URLSearchParams({ cluster: "home", ...query })}`))
      .body as unknown as Over;

  test("nothing was refused, dropped or late, and the master says so", async () => {
    expect(state()).toMatchObject({ refused: 0, goneMs: 0, late: 0 });
    expect(state().sent).toBeGreaterThanOrEqual(master.parts.metrics.taken());
    const answer = await fetch(`${master.url}/metrics`, {
      headers: { authorization: `Bearer ${await master.apiToken()}` },
    });
    expect(await answer.text()).toContain(
      `atlhyper_remote_write_samples_total{outcome="sent"} ${state().sent}`,
    );
  });

  test("it has every sample of every series that the master has, at the same time with the same value", async () => {
    let samples = 0;
    for (const kind of ["Node", "Cluster"])
      for (let number = 0; number < (kind === "Node" ? nodes : 1); number++) {
        const name = kind === "Node" ? `node-${number}` : "";
        const { times, series } = await ours({ kind, name, step: "0", from: String(fromMs) });
        for (const { values, ...one } of series) {
          const { metric, labels } = metricOf(kind === "Node" ? "node" : "cluster", one);
          const match = Object.entries({ ...labels, cluster: "home", ...(name ? { node: name } : {}) });
          const { result } = await store.ask<{ result: Line[] }>("/api/v1/query", {
            query: `${metric}{${match.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join()}}[10m]`,
          });
          expect(result).toHaveLength(1);
          const mine = times.flatMap((ms, at) => (values[at] === null ? [] : [[ms, values[at]!]]));
          const theirs = result[0]!.values.map(([seconds, value]) => [
            Math.round(seconds * 1000),
            nineDigits(Number(value)),
          ]);
          expect(theirs).toEqual(mine);
          samples += mine.length;
        }
      }
    expect(samples).toBeGreaterThan(10_000);
  });

  test("its query_range gives the numbers of ours: of nodes, pods and workloads", async () => {
    const step = 5000;
    const first = Math.ceil((fromMs + 1000) / step) * step;
    const last = first + 25_000;
    const asked: [query: Record<string, string>, series: string, promql: string][] = [
      [{ kind: "Node", name: "node-1" }, "cpu:usage", `atlhyper_node_cpu_usage_ratio{node="node-1"}`],
      [
        { kind: "Node", name: "node-2" },
        "disk /:used",
        `atlhyper_node_disk_used_bytes{node="node-2",mount="/"}`,
      ],
      [
        { kind: "Pod", namespace: "shop", name: "web-0-1" },
        "usage:memory",
        `atlhyper_pod_memory_bytes{pod="web-0-1"}`,
      ],
      [
        { kind: "Deployment", namespace: "shop", name: "web" },
        "usage:cpu",
        `atlhyper_workload_cpu_cores{namespace="shop",workload="web",workload_kind="Deployment"}`,
      ],
    ];
    for (const [query, series, promql] of asked) {
      const mine = await ours({
        ...query,
        series,
        step: "5",
        aggregation: "last",
        from: String(first),
        to: String(last),
      });
      const theirs = await store.ask<{ result: Line[] }>("/api/v1/query_range", {
        query: promql,
        // The last of a step that begins where ours does.
        start: String((first + step - 1) / 1000),
        end: String((last + step - 1) / 1000),
        step: "5",
      });
      expect(theirs.result).toHaveLength(1);
      expect(theirs.result[0]!.values.map(([, value]) => nineDigits(Number(value)))).toEqual(
        mine.series[0]!.values as number[],
      );
    }
  });

  test("a pod is told with what it belongs to", async () => {
    const found = await store.ask<Record<string, string>[]>("/api/v1/series", {
      "match[]": `atlhyper_pod_cpu_cores{pod="web-2-0"}`,
    });
    expect(found).toEqual([
      {
        __name__: "atlhyper_pod_cpu_cores",
        cluster: "home",
        cluster_id: cluster.id,
        namespace: "shop",
        pod: "web-2-0",
        workload: "web",
        workload_kind: "Deployment",
      },
    ]);
  });
});

test.skipIf(!prometheus)(
  "a Prometheus behind TLS and a password is told who sends, and trusted by its authority alone",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "atlhyper-remote-"));
    const name = "subjectAltName=IP:127.0.0.1";
    const made = Bun.spawn(
      `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout k.pem -out c.pem -days 2 -subj /CN=store -addext ${name}`.split(
        " ",
      ),
      { cwd: folder, stderr: "ignore" },
    );
    expect(await made.exited).toBe(0);
    const hash = await Bun.password.hash("hunter22", { algorithm: "bcrypt", cost: 4 });
    const web = join(folder, "web.yml");
    await Bun.write(
      web,
      `tls_server_config:\n  cert_file: c.pem\n  key_file: k.pem\nbasic_auth_users:\n  me: ${hash}\n`,
    );
    const ca = await Bun.file(join(folder, "c.pem")).text();
    const authorization = `Basic ${btoa("me:hunter22")}`;
    const flags = [`--web.config.file=${web}`];
    const store = await startPrometheus(folder, port + 1, flags, { ca, authorization });
    try {
      const remoteWriteUrl = `${store.url}/api/v1/write`;
      const right = {
        remoteWriteUrl,
        remoteWriteUsername: "me",
        remoteWritePassword: "hunter22",
        remoteWriteCa: join(folder, "c.pem"),
      };
      /** A master that is sent one sample, stopped as soon as it has an answer. */
      async function tell(node: string, config: Partial<typeof right>) {
        await using master = await startTestMaster(config);
        const cluster = await master.addCluster("home");
        const timestamp = new Date().toISOString();
        await cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", {
          snapshots: [{ nodeName: node, timestamp, cpu: { usage: 0.5 } }],
        });
        const { state } = master.parts.remoteWrite!;
        await eventually("an answer", () => state().sent + state().refused + state().retries > 0);
        expect(JSON.stringify([state(), master.lines])).not.toContain("hunter22");
        return state();
      }
      expect(await tell("right", right)).toMatchObject({ refused: 0, retries: 0 });
      const wrong = await tell("wrong", { ...right, remoteWritePassword: "hunter23" });
      expect(wrong).toMatchObject({ sent: 0, error: { text: "401: Unauthorized" } });
      expect(wrong.refused).toBeGreaterThan(0);
      const { remoteWriteCa: _, ...trusting } = right;
      const unknown = await tell("unknown", trusting);
      expect(unknown.sent).toBe(0);
      expect(unknown.error!.text).toMatch(/^the connection failed: .*CERT/);
      const { result } = await store.ask<{ result: { metric: { node: string } }[] }>("/api/v1/query", {
        query: "atlhyper_node_cpu_usage_ratio",
      });
      expect(result.map(({ metric }) => metric.node)).toEqual(["right"]);
    } finally {
      await store.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
