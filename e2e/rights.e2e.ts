import { expect, test } from "bun:test";
import { join, resolve } from "node:path";
import { kubelabMissing, startKubelab } from "./lib/kubelab.ts";
import { api, runOnce, start, temporaryFolder } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = kubelabMissing();
if (missing) console.log(`skipped: the agent with its own rights: ${missing}`);

interface Cluster {
  name: string;
  connection: string;
  status?: { synced?: boolean; denied?: { kind: string; reason: string; message?: string }[] };
}

test.skipIf(missing !== undefined)(
  "with the rights of its manifest the agent reads every kind, and a kind that is taken away is named while all others go on",
  async () => {
    await using lab = await startKubelab({ port: 30443 });
    await lab.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "atlhyper" } });
    await lab.kubectl(["apply", "-f", resolve(import.meta.dir, "../manifests/base/agent/rbac.yaml")]);
    const token = (await lab.kubectl(["create", "token", "-n", "atlhyper", "atlhyper-agent"])).trim();
    const view = JSON.parse(await lab.kubectl(["config", "view", "--raw", "-o", "json"])) as {
      users: unknown[];
    };
    view.users = [{ name: "admin", user: { token } }];
    const kubeconfig = join(lab.folder, "agent.kubeconfig");
    await Bun.write(kubeconfig, JSON.stringify(view));

    using folder = temporaryFolder();
    const environment = { ATLHYPER_DATA: folder.path, ATLHYPER_PORT: "0" };
    await using master = start("master", environment);
    const [link] = await master.says(/http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]+/);
    const url = new URL(link).origin;
    const client = api(
      url,
      await runOnce(["token", "create", "--name", "e2e", "--role", "viewer"], environment),
    );
    const cluster = async () => (await client.get<{ items: Cluster[] }>("/api/v1/clusters")).items[0];
    const agentEnvironment = {
      KUBECONFIG: kubeconfig,
      ATLHYPER_MASTER_URL: url,
      ATLHYPER_TOKEN: await runOnce(["cluster", "add", "rights"], environment),
    };
    {
      await using agent = start("agent", agentEnvironment);
      const { value } = await eventually("everything is read", async () => {
        const one = await cluster();
        return one?.status?.synced ? one : undefined;
      });
      expect(value.status!.denied ?? []).toEqual([]);
      expect(agent.output()).not.toMatch(/forbidden/i);
    }

    const role = JSON.parse(await lab.kubectl(["get", "clusterrole", "atlhyper-agent", "-o", "json"])) as {
      rules: { resources: string[] }[];
    };
    for (const rule of role.rules) rule.resources = rule.resources.filter((one) => one !== "configmaps");
    await lab.apply(role);
    await using agent = start("agent", agentEnvironment);
    const { value } = await eventually("the kind is named", async () => {
      const one = await cluster();
      return one?.status?.denied?.length ? one : undefined;
    });
    expect(value.status!.denied!.map((one) => [one.kind, one.reason])).toEqual([["ConfigMap", "forbidden"]]);
    await eventually(
      "all others go on",
      async () => (await client.get<{ total: number }>("/api/v1/namespaces")).total >= 4,
    );
    expect(agent.output().match(/configmap/gi)!.length).toBeLessThanOrEqual(3);
  },
  120_000,
);
