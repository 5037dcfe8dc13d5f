import { expect, test } from "bun:test";
import { startTestMaster } from "../harness.ts";
import { startWeb } from "./testing/server.ts";

const post = (url: string, fields: Record<string, string>) =>
  fetch(url, {
    method: "POST",
    body: new URLSearchParams({ _csrf: "csrf-of-ada", ...fields }),
    redirect: "manual",
  });

test("what is done by forms stands on the audit page with who did it, newest first, and secrets do not", async () => {
  await using web = await startWeb();
  expect(await (await fetch(`${web.url}/audit`)).text()).toContain("Nothing has been done yet");
  const added = await (await post(`${web.url}/clusters`, { do: "add", name: "edge <1>" })).text();
  const token = /ATLHYPER_TOKEN=(\S+)/.exec(added)![1]!;
  await post(`${web.url}/settings`, {
    do: "token-create",
    whose: "nobody",
    name: "ci",
    role: "operator",
    days: "1",
  });
  await post(`${web.url}/settings`, {
    do: "user-add",
    name: "bob",
    role: "viewer",
    password: "hunter2hunter2",
  });
  const page = await (await fetch(`${web.url}/audit`)).text();
  expect([...page.matchAll(/<tr id="audit-(\d)"/g)].map(([, seq]) => seq)).toEqual(["3", "2", "1"]);
  expect(page).toContain("cluster edge &lt;1&gt;");
  expect(page).toContain("user.add");
  expect(page).toContain("127.0.0.1");
  expect(page).not.toContain(token);
  expect(page).not.toContain("hunter2");
  const filtered = await (await fetch(`${web.url}/audit?q=EDGE&actor=ada&action=cluster&result=ok`)).text();
  expect([...filtered.matchAll(/<tr id="audit-(\d)"/g)].map(([, seq]) => seq)).toEqual(["1"]);
  expect(filtered).toContain(
    'href="/api/v1/audit/export?q=EDGE&amp;actor=ada&amp;action=cluster&amp;result=ok"',
  );
  expect(await (await fetch(`${web.url}/audit?q=nowhere`)).text()).toContain("Nothing matches.");
});

test("a form that is refused for its role is recorded, and one that fails for what was entered is not", async () => {
  await using web = await startWeb();
  await post(`${web.url}/clusters`, { do: "add", name: "" });
  web.deps.access.user.role = "viewer";
  expect((await post(`${web.url}/clusters`, { do: "add", name: "x" })).status).toBe(403);
  const { items } = await web.deps.trail.search({ limit: 10 }, () => true);
  expect(items).toMatchObject([{ action: "form.post", object: "/clusters add", result: "refused" }]);
  expect((await fetch(`${web.url}/audit`)).status).toBe(403);
  expect(await (await fetch(`${web.url}/pods`)).text()).not.toContain('href="/audit"');
});

test("what cannot be recorded is not done", async () => {
  await using web = await startWeb();
  web.deps.database.main.run(
    "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END",
  );
  const quiet = process.stderr.write;
  process.stderr.write = () => true;
  try {
    expect((await post(`${web.url}/clusters`, { do: "add", name: "edge" })).status).toBe(500);
  } finally {
    process.stderr.write = quiet;
  }
  const { listClusters } = await import("../database/clusters.ts");
  expect(await listClusters(web.deps.database)).toEqual([]);
});

test("verifying says on the page that all is well, or which entry is not", async () => {
  await using web = await startWeb();
  for (const name of ["a", "b", "c"]) await post(`${web.url}/clusters`, { do: "add", name });
  expect(await (await fetch(`${web.url}/audit`)).text()).toContain("Not verified yet");
  expect((await post(`${web.url}/audit`, { do: "verify" })).headers.get("location")).toBe("/audit");
  expect(await (await fetch(`${web.url}/audit`)).text()).toContain("Verified up to #3");
});

test("the API gives the log by pages, and exports it as JSON lines, to administrators", async () => {
  await using master = await startTestMaster();
  for (let n = 0; n < 25; n++)
    await master.parts.audit.record({
      actor: { kind: "user", name: "ana" },
      action: n % 2 ? "user.add" : "session.begin",
      result: "ok",
      detail: { n },
    });
  const token = await master.apiToken("admin");
  const get = (path: string, with_ = token) =>
    fetch(master.url + path, { headers: { authorization: `Bearer ${with_}` } });
  expect((await get("/api/v1/audit", await master.apiToken("operator"))).status).toBe(403);
  const first = (await (await get("/api/v1/audit?limit=20&action=user.add")).json()) as {
    items: { seq: number }[];
  };
  expect(first.items.map((one) => one.seq)).toEqual([24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2]);
  const page = (await (await get("/api/v1/audit?limit=20")).json()) as { items: unknown[]; next: string };
  expect(page.items.length).toBe(20);
  const rest = (await (await get(`/api/v1/audit?limit=20&cursor=${page.next}`)).json()) as {
    items: unknown[];
    next?: string;
  };
  expect([rest.items.length, rest.next]).toEqual([5, undefined]);
  const exported = await get("/api/v1/audit/export?action=session");
  expect(exported.headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
  const lines = (await exported.text()).trim().split("\n");
  expect(lines.length).toBe(13);
  expect(JSON.parse(lines[1]!)).toMatchObject({ seq: 3, prev: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const [newest] = (await master.parts.trail.search({ limit: 1 }, () => true)).items;
  expect(newest).toMatchObject({
    actor: { kind: "token", name: "test admin" },
    action: "audit.export",
    detail: { action: "session" },
  });
  expect((await get("/api/v1/audit?result=maybe")).status).toBe(422);
  expect((await get("/api/v1/audit?cluster=nowhere")).status).toBe(422);
  expect((await get(`/api/v1/audit?cluster=${"0".repeat(20)}`)).status).toBe(200);
});
