import { afterAll, expect, test } from "bun:test";
import { rowOf } from "../../../../views/testing/viewing.ts";
import { startPast } from "../../testing/past.ts";

const hour = 3_600_000;

const { web, get } = await startPast();
afterAll(() => web[Symbol.asyncDispose]());

/** The points of a chart's lines, counted over all of them. */
const points = (page: string, title: string) => {
  const figure = page.split("<figure").find((one) => one.includes(`<span>${title}</span>`)) ?? "";
  return (
    [...figure.matchAll(/data-s="\d" d="([^"]*)"/g)].flatMap(([, d]) => d!.match(/-?\d+/g) ?? []).length / 2
  );
};

test("a node's charts go back over the time that the address names, and say who was busy then", async () => {
  for (const range of ["1h", "24h", "7d", "2y"]) {
    const page = await get(`/nodes/c1/n1?tab=metrics&range=${range}`);
    expect(page).toContain(
      `data-span="${{ "1h": hour, "24h": 24 * hour, "7d": 168 * hour, "2y": 17_520 * hour }[range]}"`,
    );
    expect(page).toContain('range=30d"');
    expect(page).toContain('aria-current="true"');
    expect(page).not.toContain("NaN");
    // Two days of two years are a few points, an hour or a day hundreds.
    expect(points(page, "Memory")).toBeGreaterThan(range === "2y" ? 0 : range === "7d" ? 80 : 100);
    expect(page.includes("miner")).toBe(range !== "1h");
    expect(page.includes("kubelet")).toBe(range === "1h");
  }
  // Without one they are the live ones, as before.
  expect(await get("/nodes/c1/n1?tab=metrics")).not.toContain("data-span");
  expect(await get("/nodes/c1/n1?tab=metrics&range=9y")).not.toContain("data-span");
});

test("a pod and its workload show what they used over that time", async () => {
  for (const [path, cpu, memory] of [
    ["/pods/c1/shop/web-1", "250m", "256 MiB"],
    ["/deployments/c1/shop/web", "350m", "768 MiB"],
  ]) {
    const page = await get(`${path}?range=24h`);
    expect(points(page, "CPU")).toBeGreaterThan(250);
    expect(page).toContain(`${cpu}</td>`);
    expect(page).toContain(`${memory}</td>`);
  }
});

test("what lasted a minute is in the chart of a day where the highest of each step is drawn", async () => {
  const highest = async (query: string) => {
    const page = await get(`/pods/c1/shop/web-2?range=24h${query}`);
    return Number(/data-max="([\d.]+)"/.exec(page)![1]);
  };
  expect(await highest("")).toBeLessThan(0.9);
  expect(await highest("&show=max")).toBeGreaterThanOrEqual(0.9);
  expect(await highest("&show=max&compare=1d")).toBeGreaterThanOrEqual(0.9);
  const large = await get("/nodes/c1/n1?tab=metrics&range=24h&show=max");
  expect(large).toContain("need not be at the same moment");
  // Of a quarter of an hour every sample is drawn.
  const live = await get("/nodes/c1/n1?tab=metrics&show=max");
  expect(live).not.toContain("need not be at the same moment");
});

test("a workload tells which of its pods used most over that time, and how much at the highest", async () => {
  const page = await get("/deployments/c1/shop/web?range=24h");
  const [, cpu = "", memory = ""] = page.slice(page.indexOf('id="top-pods"')).split("<h2>");
  const rows = (part: string) => [
    ...part.matchAll(/>(web-\d)<\/a><\/td><td[^>]*>([^<]*)<\/td><td[^>]*>([^<]*)</g),
  ];
  expect(rows(cpu).map(([, ...row]) => row)).toEqual([
    ["web-1", "250m", "250m"],
    // Busy for a minute of the day, which its mean hardly shows.
    ["web-2", "100m", "900m"],
  ]);
  expect(rows(memory).map(([, name]) => name)).toEqual(["web-2", "web-1"]);
  expect(page).toContain("2 of 2 shown");
  expect(await get("/deployments/c1/shop/web")).not.toContain('<div id="top-pods" class="pair">');
});

test("a time is compared with the day or the week before, where the range is no longer than that", async () => {
  const lines = (page: string) => page.match(/ before" d="M/g)?.length ?? 0;
  for (const path of ["/nodes/c1/n1", "/pods/c1/shop/web-1", "/deployments/c1/shop/web"]) {
    expect(lines(await get(`${path}?range=6h`))).toBe(0);
    const page = await get(`${path}?range=6h&compare=1d`);
    // CPU and memory, each with a line of its own and in words.
    expect(lines(page)).toBeGreaterThanOrEqual(2);
    expect(page).toContain("the day before</th>");
    expect(page).not.toContain("NaN");
    // Also beside the last 15 minutes, which are then of the history, too.
    expect(lines(await get(`${path}?compare=1d`))).toBeGreaterThanOrEqual(2);
  }
  // There is nothing of the week before yet, and a day is no measure for a month.
  expect(lines(await get("/nodes/c1/n1?range=6h&compare=1w"))).toBe(0);
  const month = await get("/nodes/c1/n1?range=30d&compare=1d");
  expect(month).not.toContain("the day before");
  expect(month).toContain('compare=before"');
});

test("the overview of one cluster shows what it used of what it has", async () => {
  for (const range of ["15m", "24h"]) {
    const page = await get(`/?cluster=c1&range=${range}&compare=1d`);
    const usage = page.slice(page.indexOf('id="usage"'));
    expect(points(usage, "CPU")).toBeGreaterThan(10);
    expect(usage).toContain("1.5</td>");
    expect(usage).toContain("there is</th><td>4</td>");
    expect(usage).toContain('data-s="0">12</td>');
    expect(usage).toMatch(/class="s1 before" d="M/);
  }
});

test("what has no metrics in a time says so", async () => {
  web.deps.datasource.rows.pod!.push(
    rowOf({ summary: { name: "new", namespace: "shop" } }, { key: "shop/new" }),
  );
  expect(await get("/pods/c1/shop/new?range=7d")).toContain("Nothing was measured in this time.");
});

test("the settings tell what each resolution holds and takes", async () => {
  // Of the first of the two days minutes are all that is left.
  const past = await startPast({ rawDays: 1 });
  await using _ = past.web;
  const page = await past.get("/settings");
  const rows = page.split('id="metrics-history"')[1]!.split("</section>")[0]!.split("<tr>").slice(2);
  expect(rows).toHaveLength(4);
  expect(rows[0]).toContain("5 s, as they come");
  expect(rows[1]).toContain(">1m<");
  for (const row of rows.slice(0, 2)) expect(row).toMatch(/[1-9][\d.]* KiB<\/td>/);
  expect(rows[2]).toMatch(/[1-9][\d.]* K?i?B<\/td>/);
});
