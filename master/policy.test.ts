import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Role, roles } from "./access/principal.ts";
import { createToken, listTokens, revokeToken } from "./database/tokens.ts";
import { startTestMaster, type TestCluster, type TestMaster } from "./harness.ts";
import { checkPolicy, type Need, policy } from "./policy.ts";

const marker = "only-for-those-who-may";
const password = "a long enough password";

let master: TestMaster;
let cluster: TestCluster;
interface Who {
  name: string;
  headers: Record<string, string>;
  kind: "nobody" | "token" | "session" | "cluster";
  role?: Role;
  csrf?: string;
}
const everybody: Who[] = [];

beforeAll(async () => {
  master = await startTestMaster();
  cluster = await master.addCluster("home");
  await cluster.push("/ingest/podlist", "pod_list_snapshot", {
    pods: [{ summary: { name: marker, namespace: "shop" } }],
  });
  await cluster.push("/ingest/events/v1/eventlog", "events", {
    events: [
      { id: "e1", ts_ms: 1, kind: "Pod", name: marker, namespace: "shop", reason: "R", severity: "critical" },
    ],
  });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const { database } = master;
  const expired = await createToken(database, { name: "expired", role: "admin", expiresMs: Date.now() - 1 });
  const revoked = await createToken(database, { name: "revoked", role: "admin" });
  for (const one of await listTokens(database, { kind: "api" }))
    if (one.name === "revoked") await revokeToken(database, one.id);
  everybody.push(
    { name: "nobody", kind: "nobody", headers: {} },
    { name: "an unknown token", kind: "nobody", headers: bearer(`atla_${"x".repeat(43)}`) },
    { name: "an expired token", kind: "nobody", headers: bearer(expired) },
    { name: "a revoked token", kind: "nobody", headers: bearer(revoked) },
    { name: "an agent's token", kind: "cluster", headers: bearer(cluster.token) },
  );
  const { access } = master.parts;
  for (const role of roles) {
    everybody.push({
      name: `a token of ${role}`,
      kind: "token",
      role,
      headers: bearer(await master.apiToken(role)),
    });
    await access.users.add(role, role, password);
    const origin = { address: "127.0.0.1", secure: false };
    const signedIn = await access.signIn(new Request(master.url), origin, role, password);
    const headers = { cookie: signedIn.cookie.split(";")[0]! };
    const csrf = signedIn.principal.csrf;
    everybody.push(
      { name: `a session of ${role}`, kind: "session", role, headers, csrf },
      { name: `a session of ${role} without the form's token`, kind: "session", role, headers },
    );
  }
});
afterAll(() => master.stop());

/** Whether somebody may come in at all; what they then ask for is empty, and so refused for its shape. */
function allowed(need: Need, who: Who, method: string): boolean {
  if (need === "cluster") return who.kind === "cluster";
  if (method === "POST" && who.kind === "session" && who.csrf === undefined) return false;
  const [role, kind] = need.split(":").reverse() as [string, string | undefined];
  if (kind === "session" || role === "session") {
    if (who.kind !== "session") return false;
    if (role === "session") return true;
  }
  if (who.role === undefined) return false;
  return roles.indexOf(who.role) >= roles.indexOf(role as Role);
}

function addressOf(path: string): string {
  const values: Record<string, string> = {
    cluster: cluster.id,
    namespace: "shop",
    name: marker,
    kind: "pod",
    node: "n1",
    pod: marker,
    api: "v1",
    id: "e1",
    action: "restart",
    file: "none.yaml",
    hash: "h",
  };
  return master.url + path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? "x");
}

async function ask(method: string, path: string, who: Who, more: Record<string, string> = {}) {
  // What an agent's answer would be waited for is not what is tried here.
  const form = new URLSearchParams({ do: "nothing", ...(who.csrf ? { _csrf: who.csrf } : {}) });
  const isForm = !/^\/(api|ingest|control|t)\//.test(path) && path !== "/enrol";
  const response = await fetch(addressOf(path), {
    method,
    redirect: "manual",
    headers: {
      ...who.headers,
      ...more,
      ...(method === "POST" && who.csrf ? { "x-csrf": who.csrf } : {}),
      ...(method === "POST" && isForm ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    },
    ...(method === "POST" ? { body: isForm ? form.toString() : "{}" } : {}),
    signal: AbortSignal.timeout(5000),
  }).catch(() => undefined);
  if (!response) return undefined;
  const stream = response.headers.get("content-type")?.includes("event-stream");
  const text = stream ? "" : await response.text();
  if (stream) await response.body?.cancel();
  const to = response.headers.get("location") ?? "";
  const refused = response.status === 401 || response.status === 403 || to.startsWith("/sign-in");
  return { status: response.status, refused, all: `${text}${JSON.stringify([...response.headers])}` };
}

/** Everything that is kept, but for when it was last used and what the audit log says of refusals. */
function kept(): string {
  const all = [
    "SELECT * FROM users",
    "SELECT id, name, cluster_id FROM clusters",
    "SELECT * FROM commands",
    "SELECT * FROM settings WHERE key NOT LIKE 'audit:%'",
    "SELECT * FROM invitations",
    "SELECT * FROM second_factors",
    "SELECT id, hash, expires_ms FROM tokens ORDER BY id",
  ];
  return JSON.stringify(all.map((sql) => master.database.main.query(sql).all()));
}

/** Pages that ask an agent, and wait for it: who may come in is found out by who may not. */
const slow = /^(GET \/(resources|drain|logs\/.*\/text|actions\/)|POST \/drain)/;
const sockets = /^GET (\/streams|\/control\/stream)/;

test("every route lets in whom its entry names and nobody else, who gets no byte and changes nothing", async () => {
  const before = kept();
  const faults: string[] = [];
  for (const [route, need] of policy) {
    if (need === "public" || sockets.test(route)) continue;
    const [method, path] = route.split(" ") as [string, string];
    for (const who of everybody) {
      const may = allowed(need, who, method);
      if (may && slow.test(route)) continue;
      // Without its part of a path, an agent's long poll would be one.
      if (may && path.endsWith("/watch")) continue;
      const answer = await ask(method, path, who);
      if (!answer) faults.push(`${route} did not answer ${who.name}`);
      else if (may && answer.refused) faults.push(`${route} refuses ${who.name}: ${answer.status}`);
      else if (!may && !answer.refused) faults.push(`${route} lets ${who.name} in: ${answer.status}`);
      else if (!may && answer.all.includes(marker) && !path.includes(":"))
        faults.push(`${route} tells ${who.name}`);
    }
  }
  expect(faults).toEqual([]);
  expect(kept()).toBe(before);
}, 60_000);

test("a form that another site sends is refused, whoever's browser sends it", async () => {
  const before = kept();
  const faults: string[] = [];
  const elsewhere: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { origin: "https://evil.example" },
  ];
  const sessions = everybody.filter((one) => one.csrf !== undefined);
  for (const [route, need] of policy) {
    const [method, path] = route.split(" ") as [string, string];
    if (method !== "POST" || need === "cluster" || path === "/enrol") continue;
    // Whoever has a password already is only sent on.
    if (path === "/setup/password") continue;
    for (const who of sessions)
      for (const from of elsewhere) {
        const answer = await ask(method, path, who, from);
        if (answer?.status !== 403) faults.push(`${route} takes it from ${who.name}: ${answer?.status}`);
      }
  }
  expect(faults).toEqual([]);
  expect(kept()).toBe(before);
}, 60_000);

test("no other method is put in a request's place", async () => {
  const admin = everybody.find((one) => one.name === "a session of admin")!;
  const overrides: Record<string, string>[] = [
    { "x-http-method-override": "POST" },
    { "x-method-override": "DELETE" },
  ];
  for (const headers of overrides) {
    const response = await fetch(`${master.url}/commands?_method=POST`, {
      headers: { ...admin.headers, ...headers },
    });
    expect(response.status).toBe(200);
  }
});

test("a route that nothing is said of does not start", () => {
  expect(() => checkPolicy([{ method: "GET", path: "/secret" }])).toThrow(
    "nothing says who may use GET /secret",
  );
});
