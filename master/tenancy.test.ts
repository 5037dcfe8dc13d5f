import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Grant } from "./access/principal.ts";
import { addTenant, moveCluster } from "./database/tenants.ts";
import { createToken } from "./database/tokens.ts";
import { startTestMaster, type TestCluster, type TestMaster } from "./harness.ts";
import { policy } from "./policy.ts";

/**
 * Two tenants with a cluster each, all of whose objects, events and commands carry the name of their place; whoever
 * has a role in one place asks every route for everything, and must not get the name of another.
 */
const password = "a long enough password";
const namespaces = ["shop", "bank"] as const;
/** The marker of a place: it stands in every name there, and nowhere else. */
const marker = (cluster: string, namespace: string) => `zq${cluster}${namespace}`;

let master: TestMaster;
const clusters: Record<string, TestCluster> = {};
const tenants: Record<string, string> = {};
const commands: Record<string, string> = {};

interface Who {
  name: string;
  grant: Grant;
  token: string;
  readOnly: string;
  headers: Record<string, string>;
  csrf: string;
  /** Whether a place's marker may come to them. */
  sees(cluster: string, namespace: string): boolean;
}
const people: Who[] = [];

beforeAll(async () => {
  master = await startTestMaster();
  const { database, parts } = master;
  for (const name of ["red", "blue"]) {
    const cluster = await master.addCluster(`${name}zqcluster`);
    clusters[name] = cluster;
    tenants[name] = await addTenant(database, `zqtenant${name}`);
    await moveCluster(database, cluster.id, tenants[name]!);
    await parts.refreshClusters();
    const named = (kind: string, namespace: string) => ({
      summary: { name: `${kind}-${marker(name, namespace)}`, namespace, node: `node-${name}` },
    });
    for (const [route, source, field, kind] of [
      ["/ingest/podlist", "pod_list_snapshot", "pods", "pod"],
      ["/ingest/deploymentlist", "deployment_list_snapshot", "deployments", "dep"],
      ["/ingest/servicelist", "service_list_snapshot", "services", "svc"],
      ["/ingest/configmaplist", "configmap_list_snapshot", "configmaps", "cm"],
    ] as const) {
      const items = namespaces.map((one) => named(kind, one));
      const sent = await cluster.push(route, source, { [field]: items });
      expect(sent.status, route).toBeLessThan(300);
    }
    await cluster.push("/ingest/nodelist", "node_list_snapshot", {
      // A pod tells the name of its node; nothing else of a node is seen by who sees some namespaces.
      nodes: [{ summary: { name: `node-${name}` }, labels: { mark: marker(name, "") } }],
    });
    await cluster.push("/ingest/namespacelist", "namespace_list_snapshot", {
      namespaces: namespaces.map((one) => ({ summary: { name: one }, labels: { mark: marker(name, one) } })),
    });
    await cluster.push("/ingest/events/v1/eventlog", "events", {
      events: [...namespaces, ""].map((namespace) => ({
        id: `e-${name}-${namespace}`,
        ts_ms: Date.now(),
        kind: "Pod",
        name: `ev-${marker(name, namespace)}`,
        ...(namespace ? { namespace } : {}),
        reason: "Broken",
        message: `about ${marker(name, namespace)}`,
        severity: "critical",
        origin: "diagnosis",
      })),
    });
    const by = await parts.access.authenticateToken(await master.apiToken("admin"));
    for (const namespace of [...namespaces, ""]) {
      const target: Record<string, string> = namespace
        ? { ns: namespace, pod: `cmd-${marker(name, namespace)}` }
        : { node: `cmd-${marker(name, "")}` };
      const { id } = await parts.control.enqueue(
        by!,
        { address: "127.0.0.1", secure: false },
        {
          cluster: cluster.id,
          type: namespace ? "PodRestart" : "NodeCordon",
          target,
        },
      );
      commands[`${name}${namespace}`] = id;
    }
  }
  const grants: [string, Grant, Who["sees"]][] = [
    ["admin of red", { role: "admin", tenant: tenants.red! }, (cluster) => cluster === "red"],
    [
      "admin of a cluster of red",
      { role: "admin", tenant: tenants.red!, clusters: [clusters.red!.id] },
      (cluster) => cluster === "red",
    ],
    [
      "operator of a namespace of red",
      { role: "operator", tenant: tenants.red!, namespaces: ["shop"] },
      (cluster, namespace) => cluster === "red" && namespace === "shop",
    ],
    [
      "viewer of a cluster that red does not own",
      { role: "viewer", tenant: tenants.red!, clusters: [clusters.blue!.id] },
      () => false,
    ],
    [
      "admin of a namespace everywhere",
      { role: "admin", namespaces: ["bank"] },
      (_cluster, namespace) => namespace === "bank",
    ],
  ];
  for (const [at, [name, grant, sees]] of grants.entries()) {
    const { access } = parts;
    await access.users.add(`user${at}`, grant, password);
    const origin = { address: "127.0.0.1", secure: false };
    const { cookie, principal } = await access.signIn(new Request(master.url), origin, `user${at}`, password);
    people.push({
      name,
      grant,
      token: await createToken(database, { ...grant, name: "t", owner: principal.userID }),
      readOnly: await createToken(database, { ...grant, name: "r", readOnly: true }),
      headers: { cookie: cookie.split(";")[0]! },
      csrf: principal.csrf,
      sees,
    });
  }
});
afterAll(() => master.stop());

/** Every marker in a text that is not the reader's to see. */
function foreign(who: Who, text: string): string[] {
  const found = new Set<string>();
  for (const [mark, cluster, namespace] of text.matchAll(/zq(red|blue)(shop|bank|)/g))
    if (!who.sees(cluster!, namespace!)) found.add(mark);
  // Names of tenants and clusters, where nothing of them can be seen.
  for (const [mark, cluster] of text.matchAll(/(red|blue)zqcluster/g))
    if (![...namespaces, ""].some((namespace) => who.sees(cluster!, namespace))) found.add(mark);
  for (const [mark, tenant] of text.matchAll(/zqtenant(red|blue)/g))
    if (who.grant.tenant !== tenants[tenant!]) found.add(mark);
  return [...found];
}

/** All addresses of a route: with the ids of every place in its path. */
function* addresses(path: string): Generator<string> {
  for (const name of ["red", "blue"])
    for (const namespace of [...namespaces, ""]) {
      const mark = marker(name, namespace);
      const kind = path
        .split("/")
        .find((one) => !one.startsWith(":") && /^(pods|deployments|services|configmaps|nodes)$/.test(one));
      const short = { pods: "pod", deployments: "dep", services: "svc", configmaps: "cm", nodes: "node" }[
        kind ?? "pods"
      ];
      const values: Record<string, string> = {
        cluster: clusters[name]!.id,
        namespace: namespace || "-",
        name: path.includes("namespaces")
          ? namespace
          : short === "node"
            ? `node-${name}`
            : `${short}-${mark}`,
        pod: `pod-${mark}`,
        node: `node-${name}`,
        kind: path.startsWith("/logs") ? "pod" : "Pod",
        api: "v1",
        id: path.includes("events") ? `e-${name}-${namespace}` : commands[`${name}${namespace}`]!,
        action: "restart",
        file: "none.yaml",
        hash: "h",
      };
      yield path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(values[key] ?? "x"));
      if (!path.includes(":")) return;
    }
}

/** What may be put behind an address to get at another place. */
function queries(path: string): string[] {
  if (path.includes(":")) return [""];
  const all = ["", "?q=zq", "?status=critical", "?limit=1000", "?sort=name"];
  for (const name of ["red", "blue"]) {
    const { id, clusterID } = clusters[name]!;
    all.push(
      `?cluster=${id}`,
      `?cluster=${name}zqcluster`,
      `?cluster=${clusterID}`,
      `?cluster=${id}&namespace=bank`,
    );
    for (const namespace of namespaces)
      all.push(`?on=${encodeURIComponent(`${id}/pod/${namespace}/pod-${marker(name, namespace)}`)}`);
  }
  for (const namespace of namespaces) all.push(`?namespace=${namespace}`);
  return all;
}

/** Routes that wait for an agent that there is not. */
const waits = /^GET \/(resources|drain|logs\/.*\/text|actions\/rollback)/;
const sockets = /^GET (\/streams|\/control\/stream)/;

async function textOf(address: string, headers: Record<string, string>) {
  const response = await fetch(master.url + address, { headers, redirect: "manual" });
  if (!response.headers.get("content-type")?.includes("event-stream"))
    return { status: response.status, text: await response.text() };
  // What a page's stream sends at once.
  const reader = response.body!.getReader();
  let text = "";
  const until = Date.now() + 600;
  while (Date.now() < until) {
    const more = await Promise.race([reader.read(), Bun.sleep(Math.max(1, until - Date.now()))]);
    if (!more || more.done) break;
    text += new TextDecoder().decode(more.value);
  }
  await reader.cancel();
  return { status: response.status, text };
}

test("no page, list, search or export gives a byte of another tenant, cluster or namespace", async () => {
  const faults: string[] = [];
  let asked = 0;
  let seen = 0;
  for (const [route, need] of policy) {
    const [method, path] = route.split(" ") as [string, string];
    if (method !== "GET" || waits.test(route) || sockets.test(route) || path === "/live") continue;
    for (const address of addresses(path))
      for (const query of queries(path))
        for (const who of people) {
          const headers =
            path.startsWith("/api/") || path === "/metrics"
              ? { authorization: `Bearer ${asked % 2 ? who.token : who.readOnly}` }
              : who.headers;
          const { status, text } = await textOf(address + query, headers);
          asked++;
          if (status >= 500) faults.push(`${address}${query} as ${who.name}: ${status}`);
          // What was asked for stands in the answer's own links and fields.
          const own = decodeURIComponent(address + query);
          for (const mark of foreign(who, text))
            if (!own.includes(mark)) faults.push(`${address}${query} tells ${who.name} of ${mark}`);
          if (need !== "public" && /zq(red|blue)(shop|bank)/.test(text)) seen++;
        }
  }
  expect([...new Set(faults)].slice(0, 20)).toEqual([]);
  // The same routes do show what may be seen.
  expect(seen).toBeGreaterThan(200);
  expect(asked).toBeGreaterThan(2000);
}, 120_000);

test("the object itself is not found where it cannot be seen, whoever asks for it", async () => {
  for (const who of people)
    for (const name of ["red", "blue"])
      for (const namespace of namespaces) {
        const mark = marker(name, namespace);
        const { id } = clusters[name]!;
        const status = who.sees(name, namespace) ? 200 : 404;
        const bearer = { authorization: `Bearer ${who.token}` };
        for (const [address, headers] of [
          [`/api/v1/pods/${id}/${namespace}/pod-${mark}`, bearer],
          [`/pods/${id}/${namespace}/pod-${mark}`, who.headers],
          [`/deployments/${id}/${namespace}/dep-${mark}`, who.headers],
          [`/logs/${id}/Pod/${namespace}/pod-${mark}`, who.headers],
          [`/api/v1/events/${id}/e-${name}-${namespace}`, bearer],
          [`/api/v1/commands/${commands[name + namespace]}`, bearer],
          [`/commands/${commands[name + namespace]}`, who.headers],
        ] as const)
          expect((await textOf(address, headers)).status, `${address} as ${who.name}`).toBe(status);
      }
});

test("a page's stream sends nothing of another place, also when something changes there", async () => {
  const page = encodeURIComponent("/pods");
  const texts = people.map((who) => textOf(`/live?page=${page}&have=`, who.headers));
  await Bun.sleep(20);
  for (const name of ["red", "blue"])
    await clusters[name]!.push("/ingest/podlist", "pod_list_snapshot", {
      pods: namespaces.map((namespace) => ({
        summary: { name: `new-${marker(name, namespace)}`, namespace, phase: "Failed" },
      })),
    });
  for (const [at, who] of people.entries()) {
    const { text } = await texts[at]!;
    expect(foreign(who, text)).toEqual([]);
    for (const namespace of namespaces)
      if (who.sees("red", namespace)) expect(text).toContain(`new-${marker("red", namespace)}`);
  }
});

/** Everything that is kept, but for what the audit log says of refusals. */
function kept(): string {
  const tables = [
    "users",
    "grants",
    "tenants",
    "clusters",
    "commands",
    "invitations",
    "second_factors",
    "enrolments",
  ];
  const all = tables.map((one) => master.database.main.query(`SELECT * FROM ${one}`).all());
  const tokens = master.database.main
    .query("SELECT id, hash, role, expires_ms FROM tokens ORDER BY id")
    .all();
  const sessions = master.database.main.query("SELECT hash, user_id FROM sessions ORDER BY hash").all();
  return JSON.stringify([all, tokens, sessions]);
}

test("no form and no command changes anything of another tenant, cluster or namespace", async () => {
  const before = kept();
  const faults: string[] = [];
  const others = (await master.parts.access.users.list()).filter((one) => one.name !== "user0");
  for (const who of people.slice(0, 3)) {
    const bearer = { authorization: `Bearer ${who.token}` };
    const tries: [string, Record<string, string>][] = [];
    const { id } = clusters.blue!;
    for (const what of ["rename", "remove", "rotate", "enrol", "move"])
      tries.push(["/clusters", { do: what, id, name: "taken", tenant: tenants.red! }]);
    tries.push(["/clusters", { do: "add", name: "new", tenant: tenants.blue! }]);
    tries.push(["/clusters", { do: "move", id: clusters.red!.id, tenant: tenants.blue! }]);
    for (const where of ["", `tenant:${tenants.blue}`, `cluster:${id}`]) {
      const more = { where, role: "viewer", name: "user3" };
      tries.push(["/settings", { do: "user-add", ...more, name: "fresh", password }]);
      tries.push(["/settings", { do: "user-grant", ...more }]);
      tries.push(["/settings", { do: "invite", ...more, note: "n" }]);
      tries.push(["/settings", { do: "token-create", ...more, whose: "nobody" }]);
      if (where) tries.push(["/settings", { do: "token-create", ...more, whose: "own" }]);
    }
    tries.push(["/settings", { do: "token-create", role: "admin", where: "", name: "x", whose: "nobody" }]);
    for (const one of others.filter(({ grants }) => grants.every((grant) => grant.tenant !== tenants.red)))
      for (const what of [
        "user-password",
        "user-remove",
        "user-sign-out",
        "user-totp-reset",
        "user-session-end",
      ])
        tries.push(["/settings", { do: what, id: one.id, password: "another long password", session: "x" }]);
    for (const one of others
      .flatMap(({ grants }) => grants)
      .filter((grant) => grant.tenant !== tenants.red)) {
      tries.push(["/settings", { do: "user-role", id: one.id, role: "viewer" }]);
      tries.push(["/settings", { do: "user-grant-remove", id: one.id }]);
    }
    for (const what of ["tenant-add", "tenant-rename", "tenant-remove", "user-sign-out-all"])
      tries.push(["/settings", { do: what, id: tenants.blue!, name: "mine" }]);
    tries.push(["/demo/start", {}], ["/audit", { do: "verify" }]);
    for (const namespace of [...namespaces, ""]) {
      const command = commands[`blue${namespace}`]!;
      for (const what of ["cancel", "approve", "reject"]) tries.push([`/commands/${command}`, { do: what }]);
      tries.push(["/actions/undo", { command }]);
      const on = `${id}/pod/${namespace}/pod-${marker("blue", namespace)}`;
      tries.push(["/actions/restart", { on }]);
    }
    tries.push([`/drain/${id}/node-blue`, {}]);
    for (const [path, fields] of tries) {
      const response = await fetch(master.url + path, {
        method: "POST",
        redirect: "manual",
        headers: { ...who.headers, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ _csrf: who.csrf, ...fields }).toString(),
      });
      const text = await response.text();
      if (response.status < 400)
        faults.push(`${path} ${JSON.stringify(fields)} as ${who.name}: ${response.status}`);
      if (foreign(who, text).length > 0) faults.push(`${path} ${JSON.stringify(fields)} tells ${who.name}`);
    }
    const ask = async (path: string, body?: unknown) => {
      const response = await fetch(master.url + path, {
        method: "POST",
        headers: bearer,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (response.status < 400) faults.push(`${path} ${JSON.stringify(body)} as ${who.name}`);
      return response.status;
    };
    const { clusterID } = clusters.blue!;
    const command = { type: "PodRestart", target: { ns: "bank", pod: "p" } };
    for (const path of ["/api/v1/commands", "/control/enqueue"]) {
      for (const cluster of [clusterID, id, "bluezqcluster"])
        expect(await ask(path, { clusterID: cluster, command })).toBe(404);
      for (const op of ["cancel", "update"])
        expect(await ask(path, { clusterID, command: { id: commands.bluebank, op } })).toBe(404);
    }
    for (const what of ["cancel", "undo", "approve", "reject"])
      expect(await ask(`/api/v1/commands/${commands.bluebank}/${what}`)).toBe(404);
  }
  expect(faults).toEqual([]);
  expect(kept()).toBe(before);
}, 60_000);

test("a role in one namespace reaches no other, nothing that is in none, and not by a name that hides it", async () => {
  const before = kept();
  const who = people[2]!;
  const { clusterID } = clusters.red!;
  const ask = async (command: unknown) => {
    const response = await fetch(`${master.url}/api/v1/commands`, {
      method: "POST",
      headers: { authorization: `Bearer ${who.token}` },
      body: JSON.stringify({ clusterID, command }),
    });
    return response.status;
  };
  expect(await ask({ type: "PodRestart", target: { ns: "bank", pod: "p" } })).toBe(403);
  expect(await ask({ type: "NodeCordon", target: { node: "n" } })).toBe(403);
  // A namespace that the agent would not look at.
  expect(await ask({ type: "NodeCordon", target: { node: "n", ns: "shop" } })).toBe(422);
  expect(await ask({ type: "ResourceList", target: { apiVersion: "v1", kind: "Pod" } })).toBe(403);
  const secret = { apiVersion: "v1", kind: "Secret", ns: "shop", name: "s" };
  expect(await ask({ type: "ResourceGet", target: secret, args: { reveal: true } })).toBe(403);
  expect(kept()).toBe(before);
  expect(await ask({ type: "PodRestart", target: { ns: "shop", pod: "p" } })).toBe(200);
});

test("a token that only reads changes nothing, whatever its role", async () => {
  const before = kept();
  const who = people[0]!;
  const { clusterID } = clusters.red!;
  const post = async (path: string, body?: unknown) => {
    const response = await fetch(master.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${who.readOnly}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.status;
  };
  for (const path of ["/api/v1/commands", "/control/enqueue"]) {
    for (const command of [
      { type: "PodRestart", target: { ns: "shop", pod: "p" } },
      {
        type: "ResourceGet",
        target: { apiVersion: "v1", kind: "Secret", ns: "shop", name: "s" },
        args: { reveal: true },
      },
      { op: "cancel", id: commands.redshop },
      { op: "update", id: commands.redshop, args: {} },
    ])
      expect(await post(path, { clusterID, command })).toBe(403);
  }
  for (const what of ["cancel", "undo", "approve", "reject"])
    expect(await post(`/api/v1/commands/${commands.redshop}/${what}`)).toBe(403);
  expect(kept()).toBe(before);
  const logs = { type: "PodGetLogs", target: { ns: "shop", pod: "p" } };
  expect(await post("/api/v1/commands", { clusterID, command: logs })).toBe(200);
  const { status } = await textOf("/api/v1/audit", { authorization: `Bearer ${who.readOnly}` });
  expect(status).toBe(200);
});

test("what a token may goes with what its owner may, and ends with them", async () => {
  const { access } = master.parts;
  const id = await access.users.add("owner", { role: "operator", tenant: tenants.red! }, password);
  const token = await createToken(master.database, { role: "admin", name: "o", owner: id });
  const may = async (role: "viewer" | "operator" | "admin") => {
    await Bun.sleep(1100);
    return access.may(await access.authenticateToken(token), role, { cluster: clusters.red!.id });
  };
  expect(await may("operator")).toBe(true);
  expect(access.may(await access.authenticateToken(token), "admin")).toBe(false);
  const [own] = (await access.users.list()).find((one) => one.id === id)!.grants;
  await access.users.changeGrant(own!.id, { role: "viewer", tenant: tenants.red! });
  expect(await may("operator")).toBe(false);
  await access.users.remove(id);
  await Bun.sleep(1100);
  expect(await access.authenticateToken(token)).toBeUndefined();
});

test("what was read for one is not given to another who may see the command", async () => {
  const { access, control } = master.parts;
  const origin = { address: "127.0.0.1", secure: false };
  const by = (await access.authenticateToken(people[0]!.token))!;
  const other = (await access.authenticateToken(people[1]!.token))!;
  const command = {
    cluster: clusters.red!.id,
    type: "PodGetLogs" as const,
    target: { ns: "shop", pod: "p1" },
  };
  const { id } = await control.enqueue(by, origin, command);
  const { clusterID, token } = clusters.red!;
  const agent = (path: string, body: unknown) =>
    fetch(master.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  await (await agent("/control/watch", { clusterID, rv: 0, waitSeconds: 0 })).text();
  const result = { commandID: id, status: "success", data: { text: "only for who asked" } };
  expect((await agent("/control/ack", { clusterID, results: [result] })).status).toBe(200);
  expect(control.get(by, id)?.data).toMatchObject({ text: "only for who asked" });
  expect(control.get(other, id)).toMatchObject({ state: "succeeded" });
  expect(control.get(other, id)?.data).toBeUndefined();
  expect(JSON.stringify(control.list(other, {}))).not.toContain("only for who asked");
});
