import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asking } from "../master/alert/testing.ts";
import { type Running, startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = process.getuid?.() === 0 && Bun.which("mount") ? undefined : "mounting needs root";
if (missing) console.log(`skipped: a disk that fills: ${missing}`);

interface Alert {
  name: string;
  state: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** A real disk that fills while the product looks, from the probe to the alert. Takes some minutes. */
describe.skipIf(missing !== undefined)("a disk that fills", () => {
  const disk = mkdtempSync(join(tmpdir(), "atlhyper-filling-"));
  const mib = 2 ** 20;
  let product: Running;
  let ask: ReturnType<typeof asking>;
  const alerts = async () => (await product.api.get<{ items: Alert[] }>("/api/v1/alerts")).items;

  beforeAll(async () => {
    // In memory, but by its source a disk as others: the probe leaves out what has no device.
    const mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "/dev/atlhyper-filling", disk];
    expect(await Bun.spawn(mount).exited).toBe(0);
    product = await startUp();
    ask = asking(product, product.api.token);
  }, 60_000);
  afterAll(async () => {
    await product?.[Symbol.asyncDispose]();
    await Bun.spawn(["umount", disk], { stderr: "ignore" }).exited;
    rmSync(disk, { recursive: true, force: true });
  });

  test("is told of before it is full, with when, and is over once it does not fill any more", async () => {
    const { status } = await ask("/api/v1/alert-rules", {
      name: "FullSoon",
      enabled: true,
      severity: "warning",
      condition: {
        type: "forecast",
        group: "disk *",
        series: "share",
        op: "rises",
        level: 1,
        floor: 0.1,
        windowMs: 300_000,
        withinMs: 900_000,
        clearMs: 1_200_000,
      },
      forMs: 0,
      keepMs: 0,
      scope: {},
      labels: {},
      annotations: { summary: "{{ mount }} is full in about {{ in }} at {{ rate }}", description: "" },
    });
    expect(status).toBe(200);
    const file = join(disk, "log");
    writeFileSync(file, new Uint8Array(16 * mib));
    // A megabyte every 10 s: full after 8 minutes.
    const chunk = new Uint8Array(mib / 10);
    const writer = setInterval(() => appendFileSync(file, chunk), 1000);
    try {
      const { value } = await eventually(
        "it is told of",
        async () => (await alerts()).find((one) => one.name === "FullSoon" && one.state === "firing"),
        280_000,
      );
      expect(value.labels.mount).toBe(disk);
      const [, minutes, rate] =
        / is full in about (\d+) min at (\d+) MiB\/h$/.exec(value.annotations.summary!) ?? [];
      // It has 64 MiB, of which 16 were there at once, and 6 MiB more each minute.
      expect(Number(rate)).toBeGreaterThan(250);
      expect(Number(rate)).toBeLessThan(460);
      expect(Number(minutes)).toBeGreaterThan(2);
      expect(Number(minutes)).toBeLessThan(8);
      expect((await alerts()).filter((one) => one.name === "FullSoon")).toHaveLength(1);
    } finally {
      clearInterval(writer);
    }
    rmSync(file);
    await eventually(
      "it is over",
      async () => (await alerts()).find((one) => one.name === "FullSoon" && one.state === "resolved"),
      120_000,
    );
  }, 480_000);
});
