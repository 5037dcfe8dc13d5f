import { afterAll, expect, test } from "bun:test";
import { createToken } from "./database/tokens.ts";
import { password, startTwoTenants } from "./testing/two-tenants.ts";
import { marker, namespaces } from "./testing/places.ts";

const { master, clusters, tenants, commands, alerting, people, foreign, textOf } = await startTwoTenants();
afterAll(() => master.stop());

/** Everything that is kept, but for what the audit log says of refusals. */
function kept(): string {
  const tables = [
    "users",
    "grants",
    "tenants",
    "commands",
    "invitations",
    "second_factors",
    "enrolments",
    "alert_rules",
    "silences",
    "maintenance_windows",
    "escalations",
    "channels",
  ];
  const all = tables.map((one) => master.database.main.query(`SELECT * FROM ${one}`).all());
  // When each was heard is written down meanwhile.
  const ours = master.database.main.query("SELECT id, name, tenant, cluster_id FROM clusters").all();
  const tokens = master.database.main
    .query("SELECT id, hash, role, expires_ms FROM tokens ORDER BY id")
    .all();
  const sessions = master.database.main.query("SELECT hash, user_id FROM sessions ORDER BY hash").all();
  return JSON.stringify([all, ours, tokens, sessions]);
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
    const { rule, channel, silences, windows, policy, alerts } = alerting.blue!;
    for (const one of alerts) {
      tries.push(["/alerts", { do: "acknowledge", id: one }], ["/alerts", { do: "release", id: one }]);
    }
    for (const one of silences) tries.push(["/alerts/silences", { do: "end", id: one }]);
    const planned = {
      name: "n",
      reason: "r",
      type: "cron",
      expression: "0 1 * * *",
      duration: "1h",
      matchers: "a=b",
    };
    for (const one of windows) {
      tries.push([
        "/alerts/maintenance",
        { ...planned, do: "put", id: one, where: `tenant:${tenants.blue}` },
      ]);
      tries.push(["/alerts/maintenance", { ...planned, do: "put", id: one, where: `tenant:${tenants.red}` }]);
      for (const what of ["end", "remove"]) tries.push(["/alerts/maintenance", { do: what, id: one }]);
    }
    // Neither another's policy, nor another's channel in one's own.
    const goes = { name: "n", enabled: "1", "after-0": "1m", "channel-0": channel };
    for (const what of ["put", "remove"])
      tries.push(["/alerts/escalations", { ...goes, do: what, id: policy }]);
    for (const where of ["", `tenant:${tenants.blue}`, `tenant:${tenants.red}`])
      tries.push(["/alerts/escalations", { ...goes, do: "put", where }]);
    const silence = { do: "add", matchers: "name=x", hours: "1", comment: "c" };
    for (const where of ["", `tenant:${tenants.blue}`, `cluster:${id}`])
      tries.push(["/alerts/silences", { ...silence, where }]);
    const durations = { for: "1m", keep: "1m", summary: "s", severity: "info", name: "n", type: "problem" };
    for (const where of ["", `tenant:${tenants.blue}`]) {
      tries.push(["/alerts/rules", { do: "put", where, ...durations }]);
      const more = { groupWait: "0s", groupInterval: "1m", repeat: "1h", "set-url": "https://x.invalid" };
      tries.push(["/alerts/channels", { do: "put", where, name: "n", type: "webhook", ...more }]);
    }
    for (const what of ["put", "switch", "remove"]) {
      tries.push(["/alerts/rules", { do: what, id: rule, ...durations }]);
      tries.push(["/alerts/rules", { do: what, id: "node-not-ready", ...durations }]);
    }
    for (const what of ["put", "test", "digest", "remove"])
      tries.push(["/alerts/channels", { do: what, id: channel }]);
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
    for (const one of alerts)
      for (const what of ["acknowledge", "release"])
        expect(await ask(`/api/v1/alerts/${one}/${what}`, { note: "" })).toBe(404);
    for (const one of silences) expect(await ask(`/api/v1/silences/${one}/end`)).toBe(404);
    const up = { name: "n", enabled: true, severities: [], matchers: [], repeats: 0 };
    const steps = [{ afterMs: 60_000, channel }];
    for (const what of ["/remove", ""])
      expect([403, 404]).toContain(await ask(`/api/v1/escalations/${policy}${what}`, { ...up, steps }));
    for (const where of [{}, { tenant: tenants.blue }, { tenant: tenants.red }])
      expect([403, 422]).toContain(await ask("/api/v1/escalations", { ...up, steps, ...where }));
    const work = { name: "n", reason: "r", matchers: [{ name: "a", op: "=", value: "b" }] };
    const schedule = { type: "cron", expression: "0 1 * * *", durationMs: 3_600_000 };
    for (const one of windows) {
      for (const what of ["/end", "/remove", ""])
        expect(await ask(`/api/v1/maintenance/${one}${what}`, { ...work, schedule })).toBe(404);
    }
    for (const where of [{ cluster: id }, { cluster: id, namespace: "bank" }, { tenant: tenants.blue }])
      expect([403, 404]).toContain(await ask("/api/v1/maintenance", { ...work, schedule, ...where }));
    for (const what of ["test", "digest", "remove"])
      expect([403, 404]).toContain(await ask(`/api/v1/channels/${channel}/${what}`));
    expect([403, 404]).toContain(await ask(`/api/v1/alert-rules/${rule}/remove`));
    const hides = { matchers: [], comment: "c", endsMs: Date.now() + 1e6 };
    for (const where of [{ cluster: id }, { cluster: id, namespace: "bank" }, { tenant: tenants.blue }])
      expect([403, 404]).toContain(await ask("/api/v1/silences", { ...hides, ...where }));
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
  const { rule, channel, silences, windows, policy, alerts } = alerting.red!;
  expect(await post(`/api/v1/escalations/${policy}/remove`)).toBe(403);
  for (const one of windows)
    for (const what of ["end", "remove"]) expect(await post(`/api/v1/maintenance/${one}/${what}`)).toBe(403);
  for (const one of alerts) expect(await post(`/api/v1/alerts/${one}/acknowledge`, { note: "" })).toBe(403);
  for (const one of silences) expect(await post(`/api/v1/silences/${one}/end`)).toBe(403);
  for (const what of ["test", "digest", "remove"])
    expect(await post(`/api/v1/channels/${channel}/${what}`)).toBe(403);
  expect(await post(`/api/v1/alert-rules/${rule}/remove`)).toBe(403);
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
