import { afterAll, expect, test } from "bun:test";
import type { AlertView, HistoryView } from "../../views/alert-model.ts";
import { addHistory } from "../database/alerts.ts";
import { putSubjects } from "../database/digests.ts";
import { createToken } from "../database/tokens.ts";
import { startTestMaster } from "../harness.ts";
import { signedIn } from "../web/testing/signed-in.ts";

const master = await startTestMaster();
afterAll(() => master.stop());
const { id: cluster } = await master.addCluster("prod");
const { database } = master.parts;
const hour = 3_600_000;
const now = Date.now();

async function happened(
  fingerprint: string,
  about: Partial<AlertView>,
  entries: [hoursAgo: number, what: HistoryView["what"], by?: string, note?: string][],
) {
  const alert = {
    fingerprint,
    rule: "r",
    name: "PodDown",
    severity: "warning",
    cluster,
    kind: "Pod",
  } as const;
  await putSubjects(database, [
    { ...alert, labels: {}, object: "web", namespace: "shop", ...about } as AlertView,
  ]);
  await addHistory(
    database,
    entries.map(([hours, what, by = "", note = "it is down"]) => ({
      fingerprint,
      atMs: now - hours * hour,
      what,
      by,
      note,
    })),
  );
}

await happened("aaaaaaaaaaaaaaaa", { object: "web-1" }, [
  [50, "firing"],
  [49, "acknowledged", "ada", ""],
  [48, "resolved"],
  [30, "firing"],
  [29, "acknowledged", "ada", "looking"],
  [28, "acknowledged", "ada", "released"],
  [27, "resolved"],
]);
await happened(
  "bbbbbbbbbbbbbbbb",
  { object: "ledger", namespace: "bank", severity: "critical", rule: "other" },
  [
    [40, "firing"],
    // Its rule was gone and came back.
    [20, "firing"],
    [19, "resolved"],
  ],
);

const everything = await createToken(database, { name: "all", role: "viewer" });
const call = (path: string, token = everything) =>
  fetch(master.url + path, { headers: { authorization: `Bearer ${token}` } });
// biome-ignore lint/suspicious/noExplicitAny: looked into field by field
const ask = async (path: string, token?: string): Promise<any> => (await call(path, token)).json();

test("each time that something fired is told for long, with its end and who had it", async () => {
  const { items, next } = await ask("/api/v1/alert-history");
  const hours = (ms?: number) => ms && Math.round((now - ms) / hour);
  expect(
    // biome-ignore lint/suspicious/noExplicitAny: as above
    items.map((one: any) => [one.object, hours(one.fired_ms), hours(one.resolved_ms), one.acknowledged_by]),
  ).toEqual([
    ["ledger", 20, 19, undefined],
    ["web-1", 30, 27, undefined],
    ["ledger", 40, undefined, undefined],
    ["web-1", 50, 48, "ada"],
  ]);
  expect(next).toBeUndefined();
  const count = async (query: string) => (await ask(`/api/v1/alert-history?${query}`)).items.length;
  expect(await count("severity=critical")).toBe(2);
  expect(await count("rule=r&q=WEB")).toBe(2);
  expect(await count("namespace=bank&q=web")).toBe(0);
  expect(await count(`from=${now - 35 * hour}`)).toBe(2);
  const found: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await ask(`/api/v1/alert-history?limit=1${cursor && `&cursor=${cursor}`}`);
    expect(page.items.length).toBe(1);
    found.push(page.items[0].object);
    if (!page.next) break;
    cursor = page.next;
  }
  expect(found).toEqual(["ledger", "web-1", "ledger", "web-1"]);
});

test("nothing is told of what somebody may not see", async () => {
  const token = await createToken(database, {
    name: "n",
    role: "viewer",
    clusters: [cluster],
    namespaces: ["shop"],
    tenant: "default",
  });
  const { items } = await ask("/api/v1/alert-history", token);
  expect(items.map((one: { object: string }) => one.object)).toEqual(["web-1", "web-1"]);
  expect((await call("/api/v1/alerts/bbbbbbbbbbbbbbbb", token)).status).toBe(404);
  expect((await call("/api/v1/alerts/aaaaaaaaaaaaaaaa", token)).status).toBe(200);
});

test("an alert's address leads to it long after its end", async () => {
  expect(await ask("/api/v1/alerts/aaaaaaaaaaaaaaaa")).toMatchObject({
    state: "resolved",
    object: "web-1",
    fired_ms: now - 30 * hour,
    resolved_ms: now - 27 * hour,
    annotations: { summary: "it is down" },
  });
  const viewer = await signedIn(master, "viewer");
  const detail = await viewer.get("/alerts/aaaaaaaaaaaaaaaa");
  for (const said of ["Resolved", "it is down", "looking"]) expect(detail).toContain(said);
  expect(detail).not.toContain('id="ack-note"');
  const page = await viewer.get("/alerts/history");
  expect(page.match(/<tr id="h/g)).toHaveLength(4);
  expect(page).toContain('href="/alerts/aaaaaaaaaaaaaaaa"');
  expect(await viewer.get("/alerts/history?range=1d")).toMatch(/ledger/);
  expect(await viewer.get("/alerts/history?q=nowhere")).toContain('/alerts/history"');
  expect((await viewer.get("/alerts/cccccccccccccccc")).includes("Nothing here")).toBe(true);
});

test("a cursor of another list is refused, and is not the first page", async () => {
  const token = await createToken(database, { name: "cursor", role: "viewer" });
  const answer = await fetch(`${master.url}/api/v1/alert-history?cursor=abc`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ pointer: "/cursor" });
});
