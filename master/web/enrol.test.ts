import { expect, test } from "bun:test";
import { beginEnrolment, enrolmentMs } from "../access/enrolment.ts";
import { listTokens } from "../database/tokens.ts";
import { startTestMaster, type TestMaster } from "../harness.ts";
import { sampleCluster } from "./testing/sample.ts";
import { startWeb } from "./testing/server.ts";

const image = "registry.example/atlhyper:2";

function exchange(master: TestMaster, token: string, clusterID: unknown = "uid-home") {
  return fetch(`${master.url}/enrol`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ clusterID }),
  });
}

async function prepared() {
  const master = await startTestMaster({ agentImage: image });
  const { id } = await master.addCluster("home");
  const token = await beginEnrolment(master.database, id, "operator");
  const given = async (from = token, clusterID = "uid-home") =>
    ((await (await exchange(master, from, clusterID)).json()) as { token: string }).token;
  const status = async (clusterToken: string) =>
    (
      await fetch(`${master.url}/ingest/events/open`, {
        method: "POST",
        headers: { authorization: `Bearer ${clusterToken}` },
        body: JSON.stringify({ version: "v1", cluster_id: "uid-home", source: "x", ts_ms: 1, payload: {} }),
      })
    ).status;
  return { master, id, token, given, status };
}

interface Document {
  kind: string;
  metadata: { name: string; namespace?: string };
}

test("the manifest is the repository's own, with this enrolment's token, image and address, and looking uses nothing up", async () => {
  const { master, token } = await prepared();
  await using _ = master;
  for (let n = 0; n < 3; n++) {
    const response = await fetch(`${master.url}/enrol/${token}.yaml`);
    expect(response.headers.get("content-type")).toBe("application/yaml; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    const documents = Bun.YAML.parse(await response.text()) as Document[];
    expect(documents.map((one) => `${one.kind} ${one.metadata.name}`)).toEqual([
      "Namespace atlhyper",
      "ServiceAccount atlhyper-agent",
      "ClusterRole atlhyper-agent",
      "ClusterRoleBinding atlhyper-agent",
      "ClusterRole atlhyper-agent-operator",
      "ClusterRoleBinding atlhyper-agent-operator",
      "Secret atlhyper-agent-token",
      "Role atlhyper-agent-token",
      "RoleBinding atlhyper-agent-token",
      "Secret atlhyper-agent-enrolment",
      "Deployment atlhyper-agent",
    ]);
    expect(documents.find((one) => one.metadata.name === "atlhyper-agent-enrolment")).toMatchObject({
      stringData: { token },
    });
    expect(
      documents.find((one) => one.metadata.name === "atlhyper-agent-token" && one.kind === "Role"),
    ).toMatchObject({
      rules: [
        {
          apiGroups: [""],
          resources: ["secrets"],
          resourceNames: ["atlhyper-agent-token"],
          verbs: ["get", "update"],
        },
      ],
    });
    const text = JSON.stringify(documents.at(-1));
    for (const part of [
      image,
      master.url,
      '"home"',
      '{"name":"BUN_JSC_useJIT","value":"0"}',
      '"runAsNonRoot":true',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain(token);
  }
  expect((await exchange(master, token)).status).toBe(200);
});

test("rights that were not asked for are not in the manifest", async () => {
  const { master, id } = await prepared();
  await using _ = master;
  const roles = async (rights: "read" | "resources") => {
    const token = await beginEnrolment(master.database, id, rights);
    const text = await (await fetch(`${master.url}/enrol/${token}.yaml`)).text();
    return (Bun.YAML.parse(text) as Document[])
      .filter((one) => one.kind === "ClusterRole")
      .map((one) => one.metadata.name);
  };
  expect(await roles("read")).toEqual(["atlhyper-agent"]);
  expect(await roles("resources")).toEqual([
    "atlhyper-agent",
    "atlhyper-agent-operator",
    "atlhyper-agent-resources",
  ]);
});

test("an exchange gives a token of the cluster, and binds the cluster to the one that asked", async () => {
  const { master, id, given, status } = await prepared();
  await using _ = master;
  const clusterToken = await given();
  expect(clusterToken).toStartWith("atlc_");
  expect(await status(clusterToken)).toBe(200);
  const [entry] = (await master.parts.trail.search({ limit: 1 }, () => true)).items;
  expect(entry).toMatchObject({
    actor: { kind: "cluster", name: "home" },
    action: "enrolment.exchange",
    cluster: id,
    detail: { clusterID: "uid-home" },
    result: "ok",
  });
  expect(JSON.stringify(entry)).not.toContain(clusterToken);
});

test("the same cluster may exchange again while it has not used what it got; what it got before ends", async () => {
  const { master, id, given, status } = await prepared();
  await using _ = master;
  const before = (await listTokens(master.database, { cluster: id })).length;
  const lost = await given();
  const got = await given();
  expect(await status(lost)).toBe(401);
  expect(await status(got)).toBe(200);
  expect((await listTokens(master.database, { cluster: id })).length).toBe(before + 1);
});

test("once the agent has come in the enrolment is used up, for the manifest too", async () => {
  const { master, token, given, status } = await prepared();
  await using _ = master;
  expect(await status(await given())).toBe(200);
  const again = await exchange(master, token);
  expect(again.status).toBe(410);
  expect(await again.json()).toMatchObject({ title: "Gone", detail: expect.stringContaining("was used") });
  expect((await fetch(`${master.url}/enrol/${token}.yaml`)).status).toBe(410);
  const [entry] = (await master.parts.trail.search({ limit: 1 }, () => true)).items;
  expect(entry).toMatchObject({ action: "enrolment.exchange", result: "refused" });
});

test("another cluster cannot take over an enrolment, nor come in twice", async () => {
  const { master, token, given } = await prepared();
  await using _ = master;
  await given();
  expect((await exchange(master, token, "uid-other")).status).toBe(409);
  const second = await master.addCluster("second");
  const other = await beginEnrolment(master.database, second.id, "read");
  expect((await exchange(master, other, "uid-home")).status).toBe(409);
  expect((await exchange(master, other, "uid-second")).status).toBe(200);
});

test("a new enrolment ends the one before, and each expires after a quarter of an hour", async () => {
  const { master, id, token } = await prepared();
  await using _ = master;
  const next = await beginEnrolment(master.database, id, "read");
  expect((await exchange(master, token)).status).toBe(401);
  expect((await exchange(master, next)).status).toBe(200);
  const old = await beginEnrolment(master.database, id, "read", Date.now() - enrolmentMs);
  const response = await exchange(master, old);
  expect(response.status).toBe(410);
  expect(await response.text()).toContain("has expired");
  expect((await fetch(`${master.url}/enrol/${old}.yaml`)).status).toBe(410);
});

test("tokens of any other kind enrol nobody, and no log line holds one", async () => {
  const { master, id, token } = await prepared();
  await using _ = master;
  const api = await master.apiToken("admin");
  for (const one of ["", "x", api, "atle_", `${token}x`, token.replace("atle_", "atlc_")])
    expect((await exchange(master, one)).status).toBe(401);
  for (const clusterID of [undefined, "", 5, "x".repeat(300)])
    expect((await exchange(master, token, clusterID === undefined ? null : clusterID)).status).toBe(422);
  await fetch(`${master.url}/enrol/${token}.yaml`);
  await fetch(`${master.url}/enrol/${token}.txt`);
  expect(master.lines.length).toBeGreaterThan(5);
  expect(JSON.stringify(master.lines)).not.toContain(token.slice(5));
  expect(id).toBeDefined();
});

test("ten agents that exchange at the same moment end with one token that works", async () => {
  const { master, given, status } = await prepared();
  await using _ = master;
  const tokens = await Promise.all(Array.from({ length: 10 }, () => given()));
  const states = [];
  for (const one of tokens) states.push(await status(one));
  expect(states.filter((one) => one === 200).length).toBe(1);
});

const post = (url: string, fields: Record<string, string>) =>
  fetch(`${url}/clusters`, {
    method: "POST",
    body: new URLSearchParams({ _csrf: "csrf-of-ada", ...fields }),
  });

test("adding a cluster by kubectl shows one line, once, and then how far it has come", async () => {
  await using web = await startWeb();
  const page = await (
    await post(web.url, { do: "add", name: "edge <1>", way: "kubectl", rights: "read" })
  ).text();
  expect(page).toMatch(/kubectl apply -f &#x27;http:\/\/127\.0\.0\.1:\d+\/enrol\/atle_[\w-]{43}\.yaml&#x27;/);
  expect(page).not.toContain("ATLHYPER_TOKEN");
  const token = /atle_[\w-]{43}/.exec(page)![0];
  const { listClusters } = await import("../database/clusters.ts");
  const [cluster] = await listClusters(web.deps.database);
  expect(await listTokens(web.deps.database, { cluster: cluster!.id })).toEqual([]);
  web.deps.datasource.clusterViews = [
    sampleCluster(cluster!.id, "edge <1>", { connection: "waiting", lastSeenMs: 0 }),
  ];
  const later = await (await fetch(`${web.url}/clusters`)).text();
  expect(later).not.toContain(token);
  expect(later).toContain(`id="pending-${cluster!.id}"`);
  expect(later).toContain("Manifest fetched by kubectl · waiting");
  expect(later).toContain("The line is valid for another");
  web.deps.database.main.run("UPDATE enrolments SET expires_ms = 1, fetched_ms = 1700000000000");
  const expired = await (await fetch(`${web.url}/clusters`)).text();
  expect(expired).toContain("The line has expired.");
  expect(expired).not.toContain("Manifest fetched by kubectl · waiting");
  const again = await (await post(web.url, { do: "enrol", id: cluster!.id, rights: "read" })).text();
  expect(/atle_[\w-]{43}/.exec(again)![0]).not.toBe(token);
});

test("without an image only the way from a copy of the project is offered", async () => {
  await using web = await startWeb();
  web.deps.config.agentImage = "";
  expect(await (await fetch(`${web.url}/clusters`)).text()).toContain("set ATLHYPER_AGENT_IMAGE");
  const page = await (await post(web.url, { do: "add", name: "edge", way: "kubectl" })).text();
  expect(page).toContain("ATLHYPER_TOKEN=atlc_");
  expect(page).not.toContain("/enrol/");
});
