import { afterAll, beforeAll, expect, test } from "bun:test";
import { intervalText, momentText } from "../../../../views/parts/moment.ts";
import { storedEvent } from "../../../../views/testing/viewing.ts";
import { startPast } from "../../testing/past.ts";
import { seenByAll } from "../../testing/server.ts";

const minute = 60_000;
const hour = 60 * minute;

let web: Awaited<ReturnType<typeof startPast>>["web"];
let get: (path: string) => Promise<string>;
let busyMs: number;
beforeAll(async () => {
  ({ web, get, busyMs } = await startPast());
});
afterAll(() => web[Symbol.asyncDispose]());

const panel = (page: string) => page.split('id="moment"')[1]?.split("</section>")[0] ?? "";
const step = (page: string, name: string) =>
  new RegExp(`data-step="${name}" href="([^"]*)"`).exec(page)?.[1]?.replaceAll("&amp;", "&");

test("a time with both its ends is drawn as it is, and can be left, moved and widened by links", async () => {
  const toMs = Math.ceil(busyMs / 1000) * 1000 + 20 * minute;
  const range = intervalText({ fromMs: toMs - hour, toMs });
  const page = await get(`/nodes/c1/n1?tab=metrics&range=${range}&base=24h`);
  expect(page).toContain(`data-to="${toMs}" data-span="${hour}"`);
  expect(page).toContain("miner");
  expect(step(page, "reset")).toBe("/nodes/c1/n1?tab=metrics&range=24h");
  const moved = (fromMs: number, until: number) => `range=${intervalText({ fromMs, toMs: until })}&base=24h`;
  expect(step(page, "earlier")).toEndWith(moved(toMs - 1.5 * hour, toMs - 0.5 * hour));
  expect(step(page, "later")).toEndWith(moved(toMs - 0.5 * hour, toMs + 0.5 * hour));
  expect(step(page, "out")).toEndWith(moved(toMs - 1.5 * hour, toMs + 0.5 * hour));
  expect(step(page, "in")).toEndWith(moved(toMs - 0.75 * hour, toMs - 0.25 * hour));
  // Every chart of pods, workloads and clusters follows the same address.
  for (const path of ["/pods/c1/shop/web-1?", "/deployments/c1/shop/web?", "/?cluster=c1&"])
    expect(
      (await get(`${path}range=${range}`)).match(new RegExp(`data-to="${toMs}"`, "g"))?.length,
    ).toBeGreaterThan(1);
});

test("a time that makes none counts as not said", async () => {
  for (const range of [
    "20261124T100000Z-20261124T100000Z",
    "20261124T100000Z-20261124T090000Z",
    "20260231T100000Z-20260301T100000Z",
    "20161124T100000Z-20261124T100000Z",
    "20261124T100000Z",
    "x-y",
  ])
    expect(await get(`/nodes/c1/n1?tab=metrics&range=${range}`)).not.toContain("data-span");
});

test("of a moment of a node it is told who ran, and which moments are kept beside it", async () => {
  for (const tab of ["", "tab=metrics&"]) {
    const page = await get(`/nodes/c1/n1?${tab}range=24h&at=${momentText(busyMs)}`);
    const told = panel(page);
    expect(told).toContain("miner");
    expect(told).toContain("388%");
    expect(told).toContain("CPU <b>97%</b>");
    // Each sample of two days is kept, every 30 s here: nothing is said of a nearest one.
    expect(told).not.toContain("nearest");
    expect(page).toMatch(/<path class="moment" d="M15[0-3] 0v1000"/);
    expect(step(told, "close")).not.toContain("at=");
    const next = panel(await get(step(told, "next")!));
    expect(next).toContain("kubelet");
    expect(panel(await get(step(next, "previous")!))).toContain("miner");
    expect(told).toContain(
      `range=${intervalText({ fromMs: busyMs - 10 * minute, toMs: busyMs + 10 * minute })}`,
    );
  }
});

test("of a time of which nothing is kept it is said that nothing is, and of one beside it how far that is", async () => {
  const before = panel(await get(`/nodes/c1/n1?range=7d&at=${momentText(busyMs - 100 * hour)}`));
  expect(before).toContain("No processes are kept");
  expect(step(before, "next")).toBeUndefined();
  const start = busyMs - 28 * hour;
  const near = panel(await get(`/nodes/c1/n1?range=7d&at=${momentText(start - 10 * minute)}`));
  expect(near).toContain("kubelet");
  expect(near).toMatch(
    /nearest moment that is kept, \dm?\d*[ms]?\d*s? after|nearest moment that is kept, 10m after/,
  );
});

test("where one moment a minute is kept, the one with the most CPU of that minute is told, and that it is so", async () => {
  const coarse = await startPast({ rawDays: 0.5 });
  await using _ = coarse.web;
  const told = panel(await coarse.get(`/nodes/c1/n1?range=7d&at=${momentText(coarse.busyMs)}`));
  expect(told).toContain("miner");
  expect(told).toContain("Of each 1m the moment with the most CPU is kept.");
});

test("of a moment of pods, workloads and clusters the values are told, and where its events and logs are", async () => {
  const at = momentText(busyMs);
  const pod = panel(await get(`/pods/c1/shop/web-1?range=24h&at=${at}`));
  expect(pod).toContain("250m");
  expect(pod).toContain("256 MiB");
  expect(pod).toMatch(/logs\/c1\/pod\/shop\/web-1\?from=\d{8}T\d{6}Z&amp;tail=/);
  const workload = panel(await get(`/deployments/c1/shop/web?range=24h&at=${at}`));
  // One of its pods 250m, the other 900m.
  expect(workload).toContain("1.15");
  const cluster = panel(await get(`/?cluster=c1&range=24h&at=${at}`));
  expect(cluster).toContain("1.5");
  expect(cluster).toContain("/events?cluster=c1&amp;range=");
  expect(panel(await get(`/pods/c1/shop/web-1?at=20200101T000000Z`))).toContain("Nothing was measured");
});

test("events of a time with both its ends are asked for, and the choice says which", async () => {
  const page = await get("/events?range=20261124T100000Z-20261124T102000Z");
  expect(page).toContain("selected>2026-11-24 10:00:00 UTC – 2026-11-24 10:20:00 UTC");
});

test("a node that is not measured any more still leads to the time in which it was", async () => {
  const page = await get("/nodes/c1/n1");
  expect(page).toContain("No samples in the last 15 minutes.");
  expect(page).toContain("range=24h");
});

test("what is gone shows what it used in the hour before it went, or at another time", async () => {
  const lastMs = Math.floor(busyMs / 1000) * 1000 + 10 * minute;
  const gone = storedEvent({ ts_ms: lastMs, name: "web-2", reason: "Killing" });
  // The last test: what it takes away is not given back.
  web.deps.history = seenByAll({ search: () => ({ items: [gone], total: 1, more: false }) });
  web.deps.datasource.rows = {};
  const hourBefore = `data-to="${lastMs + 5 * minute}" data-span="${65 * minute}"`;
  const pod = await get("/pods/c1/shop/web-2");
  expect(pod).toContain(hourBefore);
  expect(pod).toContain("chart=cpu");
  expect(pod).toMatch(/class="s1" data-s="0" d="M\d/);
  expect(await get("/pods/c1/shop/web-2?range=24h")).toContain(`data-span="${24 * hour}"`);
  const node = await get("/nodes/c1/n1");
  expect(node).toContain(hourBefore);
  expect(panel(await get(`/nodes/c1/n1?at=${momentText(busyMs)}`))).toContain("miner");
  // Without an event either: from when it was measured last.
  web.deps.history = seenByAll();
  const silent = await get("/pods/c1/shop/web-2");
  expect(silent).toMatch(/class="s1" data-s="0" d="M\d/);
  expect(silent).toContain(`data-span="${65 * minute}"`);
  expect((await fetch(`${web.url}/pods/c1/shop/web-3`, { headers: { accept: "text/html" } })).status).toBe(
    404,
  );
  web.deps.history = seenByAll({ search: () => ({ items: [gone], total: 1, more: false }) });
  // What was never measured has no charts.
  expect(await get("/services/c1/shop/web")).not.toContain("<figure");
});
