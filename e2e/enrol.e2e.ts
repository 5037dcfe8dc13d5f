import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { kubelabMissing, startKubelab } from "./lib/kubelab.ts";
import { api, runOnce, start, temporaryFolder } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = kubelabMissing();
if (missing) console.log(`skipped: enrolment: ${missing}`);

/** A browser without one: forms and the session's cookie. */
async function signIn(setupLink: string) {
  const url = new URL(setupLink).origin;
  let cookie = "";
  async function ask(path: string, fields?: Record<string, string>): Promise<string> {
    const response = await fetch(new URL(path, url), {
      method: fields ? "POST" : "GET",
      headers: { cookie },
      redirect: "manual",
      ...(fields ? { body: new URLSearchParams(fields) } : {}),
    });
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return response.text();
  }
  const csrf = async (path: string) => /name="_csrf" value="([^"]+)"/.exec(await ask(path))![1]!;
  await ask(setupLink);
  const password = "long enough 1";
  await ask("/setup/password", {
    _csrf: await csrf("/setup/password"),
    name: "ada",
    password,
    repeat: password,
  });
  return {
    get: ask,
    post: async (path: string, fields: Record<string, string>) =>
      ask(path, { _csrf: await csrf(path), ...fields }),
  };
}

test.skipIf(missing !== undefined)(
  "one kubectl line brings a cluster in: applied without a warning, exchanged once, kept as a Secret, and no good to anybody after that",
  async () => {
    await using lab = await startKubelab({ port: 30461 });
    using folder = temporaryFolder();
    const environment = {
      ATLHYPER_DATA: folder.path,
      ATLHYPER_PORT: "0",
      ATLHYPER_AGENT_IMAGE: "registry.example/atlhyper:2",
    };
    await using master = start("master", environment);
    const [link] = await master.says(/http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]+/);
    const url = new URL(link).origin;
    const browser = await signIn(link);
    const client = api(
      url,
      await runOnce(["token", "create", "--name", "e2e", "--role", "admin"], environment),
    );
    const connection = async () =>
      (await client.get<{ items: { connection: string }[] }>("/api/v1/clusters")).items[0]?.connection;

    const page = await browser.post("/clusters", {
      do: "add",
      name: "home",
      way: "kubectl",
      rights: "resources",
    });
    const address = /kubectl apply -f &#x27;(.*?)&#x27;/.exec(page)![1]!;
    const enrolment = /atle_[\w-]+/.exec(address)![0];

    // Pod Security answers what it would not let in with a warning.
    const apply = ["apply", "--validate=strict", "--warnings-as-errors", "-f", address];
    expect(await lab.kubectl(apply)).toContain("deployment.apps/atlhyper-agent created");
    expect(await lab.kubectl(apply)).not.toContain("created");
    await eventually("Pod Security lets the agent's pod in", async () =>
      (await lab.kubectl(["get", "pods", "-n", "atlhyper", "-o", "name"])).includes("pod/atlhyper-agent-"),
    );
    expect(await browser.get("/clusters")).not.toContain("Manifest fetched by kubectl · waiting");

    const as = "--as=system:serviceaccount:atlhyper:atlhyper-agent";
    const can = async (...what: string[]) =>
      (await lab.kubectl(["auth", "can-i", ...what, "-n", "atlhyper", as]).catch(() => "no")).trim();
    expect(await can("get", "secrets/atlhyper-agent-token")).toBe("yes");
    expect(await can("update", "secrets/atlhyper-agent-token")).toBe("yes");
    for (const what of [
      ["get", "secrets/atlhyper-agent-enrolment"],
      ["list", "secrets"],
      ["create", "secrets"],
      ["delete", "secrets/atlhyper-agent-token"],
    ])
      expect([what, await can(...what)]).toEqual([what, "no"]);

    // The agent as the pod would run it: with the account's own token, in its namespace.
    const token = (await lab.kubectl(["create", "token", "-n", "atlhyper", "atlhyper-agent"])).trim();
    const view = JSON.parse(await lab.kubectl(["config", "view", "--raw", "-o", "json"])) as {
      users: unknown[];
      contexts: { context: Record<string, string> }[];
    };
    view.users = [{ name: "admin", user: { token } }];
    for (const one of view.contexts) one.context.namespace = "atlhyper";
    const kubeconfig = join(lab.folder, "agent.kubeconfig");
    await Bun.write(kubeconfig, JSON.stringify(view));
    const agentEnvironment = {
      KUBECONFIG: kubeconfig,
      ATLHYPER_MASTER_URL: url,
      ATLHYPER_ENROL_TOKEN: Buffer.from(
        await lab.kubectl([
          "get",
          "secret",
          "-n",
          "atlhyper",
          "atlhyper-agent-enrolment",
          "-o",
          "jsonpath={.data.token}",
        ]),
        "base64",
      ).toString(),
    };
    expect(agentEnvironment.ATLHYPER_ENROL_TOKEN).toBe(enrolment);
    const stored = () =>
      lab.kubectl([
        "get",
        "secret",
        "-n",
        "atlhyper",
        "atlhyper-agent-token",
        "-o",
        "jsonpath={.data.token}",
      ]);
    {
      await using agent = start("agent", agentEnvironment);
      await eventually("the agent is heard", async () => (await connection()) === "connected");
      expect(agent.output()).toContain("enrolled");
      expect(agent.output()).not.toContain(enrolment);
    }
    const kept = await stored();
    expect(Buffer.from(kept, "base64").toString()).toStartWith("atlc_");

    // Applied again, the manifest would not take the token away; but the line is used up.
    expect(await lab.kubectl(apply).catch(String)).toMatch(/410|Gone/);
    const again = await fetch(`${url}/enrol`, {
      method: "POST",
      headers: { authorization: `Bearer ${enrolment}` },
      body: JSON.stringify({ clusterID: "another" }),
    });
    expect(again.status).toBe(410);

    // A restart finds the token in the Secret, with the enrolment still in its environment.
    {
      await using agent = start("agent", agentEnvironment);
      await agent.says(/the master takes what is sent/);
      expect(agent.output()).not.toContain("enrolled");
    }
    expect(await stored()).toBe(kept);

    // A second line, that nobody uses in time.
    const { items } = await client.get<{ items: { id: string }[] }>("/api/v1/clusters");
    const next = await browser.post("/clusters", { do: "enrol", id: items[0]!.id, rights: "read" });
    const late = /atle_[\w-]+/.exec(next)![0];
    const database = new Database(join(folder.path, "atlhyper.db"));
    database.run("UPDATE enrolments SET expires_ms = 1");
    database.close();
    expect((await fetch(`${url}/enrol/${late}.yaml`)).status).toBe(410);
    expect(await browser.get("/clusters")).toContain("The line has expired.");
    {
      // The token that is kept stays good.
      await using agent = start("agent", { ...agentEnvironment, ATLHYPER_ENROL_TOKEN: late });
      await agent.says(/the master takes what is sent/);
    }
    await lab.kubectl(["patch", "secret", "-n", "atlhyper", "atlhyper-agent-token", "-p", '{"data":null}']);
    await using agent = start("agent", { ...agentEnvironment, ATLHYPER_ENROL_TOKEN: late });
    expect(await agent.exited).toBe(1);
    expect(agent.output()).toContain("the master refused the enrolment: this enrolment has expired");

    const audit = await client.get<{ items: { action: string; result: string }[] }>(
      "/api/v1/audit?action=enrolment",
    );
    expect(audit.items.map((one) => `${one.action} ${one.result}`)).toEqual([
      "enrolment.exchange refused",
      "enrolment.exchange refused",
      "enrolment.begin ok",
      "enrolment.exchange refused",
      "enrolment.exchange ok",
    ]);
    expect(master.output()).not.toMatch(/atle_[\w-]{20}/);
  },
  180_000,
);
