import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Kubelab, kubelabTool, realNodeMissing, startKubelab } from "./lib/kubelab.ts";
import { api } from "./lib/product.ts";
import { writeChart } from "../manifests/chart/main.ts";
import { provideHelm } from "./lib/helm.ts";
import { eventually } from "./lib/wait.ts";

/** The images and manifests on a real node, deployed, upgraded, backed up and taken away by the recipes. */
const missing = realNodeMissing() ?? (Bun.which("buildah") ? undefined : "no buildah");
if (missing) console.log(`skipped: deploying to a real node: ${missing}`);

const root = resolve(import.meta.dir, "..");
/** What kubelab loads images with. */
const importing = "ctr -a /run/kubelab-containerd.sock -n k8s.io images import";
const overlays = readdirSync(join(root, "manifests/overlays"));

interface Node {
  summary: { name: string };
}
interface Metrics {
  snapshot: {
    cpu?: { usage: number };
    memory?: { total: number };
    disk?: unknown[];
    network?: unknown[];
    containers?: { podUID: string; memoryWorkingSet: number }[];
  };
}

describe.skipIf(missing !== undefined)("deploying to a real node", () => {
  let lab: Kubelab;
  let data: string;

  /** Resident memory of a container's one process, and what of it is its own, in bytes. */
  async function memoryOf(namespace: string, label: string): Promise<{ all: number; own: number }> {
    const words = ["-n", namespace, "get", "pods", "-l", label, "-o", "jsonpath={.items[0].metadata.uid}"];
    const uid = (await lab.kubectl(words)).trim();
    const program = readdirSync("/proc").find((pid) => {
      if (!/^\d+$/.test(pid)) return false;
      const read = (name: string) => {
        try {
          return readFileSync(`/proc/${pid}/${name}`, "utf8");
        } catch {
          return "";
        }
      };
      return read("cgroup").includes(uid) && read("cmdline").startsWith("/atlhyper");
    });
    const rollup = readFileSync(`/proc/${program}/smaps_rollup`, "utf8");
    const bytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(rollup)![1]) * 1024;
    return { all: bytes("Rss"), own: bytes("Anonymous") };
  }
  async function recipe(...words: string[]): Promise<string> {
    const child = Bun.spawn([process.execPath, join(root, "manifests/deploy/main.ts"), ...words], {
      env: { ...process.env, KUBECONFIG: lab.kubeconfig, ATLHYPER_LOAD: `${kubelabTool} load` },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, said] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    if ((await child.exited) !== 0) throw new Error(`${words.join(" ")} failed:\n${out}\n${said}`);
    return out;
  }
  const exec = async (...words: string[]) =>
    (
      await lab.kubectl(["-n", "atlhyper", "exec", "atlhyper-master-0", "--", "/usr/bin/atlhyper", ...words])
    ).trim();
  async function master(role = "viewer") {
    const token = await exec("token", "create", "--name", "e2e", "--role", role);
    const address = await lab.kubectl([
      "-n",
      "atlhyper",
      "get",
      "service",
      "atlhyper",
      "-o",
      "jsonpath={.spec.clusterIP}:{.spec.ports[0].port}",
    ]);
    return api(`http://${address}`, token);
  }

  beforeAll(async () => {
    // For all kinds of machines: the node has to take its own.
    const built = Bun.spawnSync([process.execPath, join(root, "manifests/images/main.ts")]);
    if (!built.success) throw new Error(built.stderr.toString());
    // A probe sees what is mounted later where the machine's / is a shared mount, as systemd makes it.
    Bun.spawnSync(["mount", "--make-rshared", "/"]);
    lab = await startKubelab({ port: 31743, node: true });
    // The volume that k3s would make.
    data = mkdtempSync(join(tmpdir(), "atlhyper-volume-"));
    chmodSync(data, 0o777);
    await lab.apply({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "atlhyper-e2e" },
      spec: {
        capacity: { storage: "10Gi" },
        accessModes: ["ReadWriteOnce"],
        hostPath: { path: data },
        claimRef: { namespace: "atlhyper", name: "data-atlhyper-master-0" },
      },
    });
  }, 300_000);

  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
    if (data) rmSync(data, { recursive: true, force: true });
  }, 60_000);

  test("every overlay is one that the API server takes", async () => {
    for (const name of ["atlhyper", "atlhyper-probe"]) await lab.kubectl(["create", "namespace", name]);
    for (const overlay of overlays) {
      const said = await lab.kubectl([
        "apply",
        "-k",
        join(root, "manifests/overlays", overlay),
        "--dry-run=server",
      ]);
      expect(said).toContain("deployment.apps/atlhyper-agent created (server dry run)");
      const text = await lab.kubectl(["kustomize", join(root, "manifests/overlays", overlay)]);
      for (const one of Bun.YAML.parse(text) as {
        kind: string;
        metadata: { labels?: Record<string, string> };
        spec?: { volumeClaimTemplates?: unknown };
      }[]) {
        const labels = Object.keys(one.metadata.labels ?? {}).filter((key) =>
          key.startsWith("app.kubernetes.io/"),
        );
        expect(labels.sort(), `${overlay} ${one.kind}`).toEqual(
          ["component", "instance", "managed-by", "name", "part-of", "version"].map(
            (key) => `app.kubernetes.io/${key}`,
          ),
        );
        // Nothing of a claim's template may change, and a version does.
        expect(JSON.stringify(one.spec?.volumeClaimTemplates ?? [])).not.toContain("version");
      }
    }
    for (const name of ["atlhyper", "atlhyper-probe"]) await lab.kubectl(["delete", "namespace", name]);
  }, 120_000);

  test("one recipe brings everything up: the real node's metrics and the real pods' usage are there", async () => {
    const said = await recipe("deploy", "--name", "home");
    expect(said).toMatch(/AtlHyper .+ runs\.[\s\S]*\/setup\?token=atls_/);
    const now = await master();
    const [cluster] = (
      await now.get<{ items: { id: string; name: string; status: { denied?: unknown[] } }[] }>(
        "/api/v1/clusters",
      )
    ).items;
    expect(cluster!.name).toBe("home");
    await eventually(
      "the node's metrics and its pods' usage are there",
      async () => {
        const [node] = (await now.get<{ items: Node[] }>("/api/v1/nodes")).items;
        const { snapshot } = await now.get<Metrics>(
          `/api/v1/nodes/${cluster!.id}/${node!.summary.name}/metrics`,
        );
        return (
          snapshot.cpu !== undefined &&
          (snapshot.memory?.total ?? 0) > 0 &&
          (snapshot.network?.length ?? 0) > 0 &&
          (snapshot.containers ?? []).filter((one) => one.memoryWorkingSet > 0).length >= 3
        );
      },
      60_000,
    );
    // With its own service account nothing was denied.
    const { status } = await now.get<{ status: { denied?: unknown[] } }>(`/api/v1/clusters/${cluster!.id}`);
    expect(status.denied ?? []).toEqual([]);
    const log = await lab.kubectl(["-n", "atlhyper", "logs", "deployment/atlhyper-agent"]);
    expect(log).not.toMatch(/forbidden|level=error/i);
    expect(await recipe("status")).toMatch(
      /atlhyper-master\t.*\tready\natlhyper-agent\t.*\tready\natlhyper-probe\t.*\tready/,
    );
  }, 300_000);

  test("the probe's pod has as little memory as it is to have", async () => {
    const { all, own } = await memoryOf("atlhyper-probe", "app.kubernetes.io/name=atlhyper-probe");
    console.log(`the probe's pod: ${(all / 1e6).toFixed(2)} MB, ${(own / 1e6).toFixed(2)} MB of its own`);
    expect(all).toBeLessThan(2.5e6);
    expect(own).toBeLessThan(0.7e6);
  });

  test("the agent's namespace lets nothing in that asks for more than `restricted`", async () => {
    const greedy = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "greedy", namespace: "atlhyper" },
      spec: {
        containers: [{ name: "one", image: "localhost/busybox:1", securityContext: { privileged: true } }],
      },
    };
    expect(lab.apply(greedy)).rejects.toThrow(/violates PodSecurity "restricted/);
  });

  test("an upgrade loses no event of those that happen meanwhile", async () => {
    await lab.kubectl(["create", "namespace", "work"]);
    const count = 60;
    const happening = (async () => {
      for (let n = 0; n < count; n++) {
        const at = new Date().toISOString();
        await lab.apply({
          apiVersion: "v1",
          kind: "Event",
          metadata: { name: `upgrade-${n}`, namespace: "work" },
          involvedObject: {
            apiVersion: "v1",
            kind: "Pod",
            namespace: "work",
            name: `pod-${n}`,
            uid: `u${n}`,
          },
          reason: "Upgrading",
          message: `event ${n}`,
          type: "Warning",
          firstTimestamp: at,
          lastTimestamp: at,
          count: 1,
          source: { component: "e2e" },
        });
        await Bun.sleep(100);
      }
    })();
    const uids = async () =>
      (
        await lab.kubectl([
          "get",
          "pods",
          "-A",
          "-l",
          "app.kubernetes.io/part-of=atlhyper",
          "-o",
          "jsonpath={.items[*].metadata.uid}",
        ])
      )
        .split(" ")
        .sort();
    const before = await uids();
    // As from a registry: another build, so that all three are rolled out anew.
    await recipe("deploy", "--registry", "localhost/", "--name", "home");
    await happening;
    const after = await uids();
    expect(after).toHaveLength(before.length);
    expect(after.filter((one) => before.includes(one))).toEqual([]);
    const now = await master();
    await eventually(
      "all events are in the history",
      async () =>
        (await now.get<{ total: number }>("/api/v1/events?reason=Upgrading&limit=1")).total === count,
      60_000,
    );
  }, 300_000);

  test("a backup taken while it runs is restored", async () => {
    const file = join(lab.folder, "backup.tar");
    await recipe("backup", file);
    await exec("tenant", "add", "later");
    await recipe("restore", file);
    expect(await exec("tenant", "list")).toBe("default\t1 clusters");
    const now = await master();
    expect((await now.get<{ total: number }>("/api/v1/events?reason=Upgrading&limit=1")).total).toBe(60);
  }, 300_000);

  test("a bundle installs everything from its own folder", async () => {
    await recipe("undeploy");
    const said = await recipe("bundle");
    const file = join(root, /dist\/\S+\.tar\.gz/.exec(said)![0]);
    const folder = join(lab.folder, "bundle");
    mkdirSync(folder);
    expect(Bun.spawnSync(["tar", "-xzf", file, "-C", folder, "--strip-components=1"]).success).toBe(true);
    const child = Bun.spawn(["sh", join(folder, "install.sh"), "dev", "elsewhere"], {
      // With the images of all kinds of machines, as k3s takes those in its folder for images.
      env: { ...process.env, KUBECONFIG: lab.kubeconfig, ATLHYPER_LOAD: `${importing} --all-platforms` },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, faults] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    expect(await child.exited, `${out}${faults}`).toBe(0);
    expect(out).toMatch(/AtlHyper runs[\s\S]*\/setup\?token=atls_/);
    const now = await master();
    await eventually(
      "its agent and probe are there",
      async () => {
        const [cluster] = (
          await now.get<{ items: { name: string; connection: string }[] }>("/api/v1/clusters")
        ).items;
        return cluster?.name === "elsewhere" && cluster.connection === "connected";
      },
      60_000,
    );
  }, 300_000);

  test("taken away, nothing of it is left", async () => {
    await recipe("undeploy");
    const left = await lab.kubectl([
      "get",
      "namespaces,clusterroles,clusterrolebindings,priorityclasses,all,secrets,configmaps,networkpolicies,serviceaccounts,pvc",
      "-A",
      "-o",
      "name",
    ]);
    expect(left.split("\n").filter((one) => one.includes("atlhyper"))).toEqual([]);
  }, 180_000);

  const found = provideHelm();
  if ("missing" in found) console.log(`skipped: the chart on a real node: ${found.missing}`);
  test.skipIf("missing" in found)(
    "the Helm chart brings up the same, and its agent is let in without anybody's help",
    async () => {
      const into = join(lab.folder, "chart");
      const archive = await writeChart(into);
      const helm = (...words: string[]) => {
        const run = Bun.spawnSync(["helm" in found ? found.helm : "", ...words], {
          env: { ...process.env, KUBECONFIG: lab.kubeconfig, HELM_CACHE_HOME: into, HELM_CONFIG_HOME: into },
        });
        if (!run.success) throw new Error(`helm ${words.join(" ")}: ${run.stderr}`);
      };
      const dev = join(into, "chart/atlhyper/overlays/dev.yaml");
      helm(
        ...["install", "atlhyper", archive, "-n", "atlhyper", "--create-namespace", "-f", dev],
        ...["--set", "agent.clusterName=by the chart", "--wait", "--timeout", "2m"],
      );
      const now = await master();
      await eventually(
        "agent and probe are there",
        async () => {
          const [cluster] = (
            await now.get<{ items: { name: string; connection: string }[] }>("/api/v1/clusters")
          ).items;
          return cluster?.name === "by the chart" && cluster.connection === "connected";
        },
        60_000,
      );
      await eventually(
        "the node's metrics are there",
        async () => {
          const [cluster] = (await now.get<{ items: { id: string }[] }>("/api/v1/clusters")).items;
          const answer = await now.raw(`/api/v1/nodes/${cluster!.id}/kubelab-1/metrics`);
          return answer.ok && ((await answer.json()) as Metrics).snapshot.cpu !== undefined;
        },
        60_000,
      );
      helm("uninstall", "atlhyper", "-n", "atlhyper", "--wait");
    },
    300_000,
  );
});
