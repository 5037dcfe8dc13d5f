import { expect, test } from "bun:test";
import { join } from "node:path";
import { version } from "../../wire/version.ts";
import { startTestMaster } from "../harness.ts";
import { openApiDocument } from "./openapi.ts";

/** `GOLDEN=write bun test master/api/golden.test.ts` writes the files anew, to be looked at in the diff. */
async function golden(name: string, text: string): Promise<void> {
  const file = Bun.file(join(import.meta.dir, "testdata", name));
  if (process.env.GOLDEN === "write") await Bun.write(file, text);
  expect(text).toBe(await file.text());
}

test("the metrics are those that dashboards were built on", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  await cluster.push("/ingest/podlist", "pod_list_snapshot", {
    pods: [{ summary: { name: "a", namespace: "b" } }],
  });
  // Of now: one from long ago is pruned, and on a slow machine before it is counted.
  const event = { id: "a", ts_ms: Date.now(), kind: "Pod", name: "a", reason: "r", severity: "info" };
  await cluster.push("/ingest/events/v1/eventlog", "events", { events: [event] });
  await cluster.push("/ingest/podlist", "pod_list_snapshot", { pods: 5 });
  const response = await fetch(`${master.url}/metrics`, {
    headers: { authorization: `Bearer ${await master.apiToken()}` },
  });
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const text = (await response.text())
    .replaceAll(version, "VERSION")
    .replace(/^(process_resident_memory_bytes|atlhyper_events_bytes) .*$/gm, "$1 N")
    .replace(/^(atlhyper_http_duration_seconds_(?:bucket|sum)\{.*\}) .*$/gm, "$1 N")
    // Whether the first has been by now.
    .replace(/^atlhyper_alert_evaluation_seconds.*\n/gm, "");
  await golden("metrics.txt", text);
  const lines = text.split("\n").slice(0, -1);
  for (const line of lines) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? \S+)$/);
});

test("metrics need no token where the configuration says so", async () => {
  await using master = await startTestMaster({ metricsPublic: true });
  expect((await fetch(`${master.url}/metrics`)).status).toBe(200);
});

test("the OpenAPI document is the one that clients were generated from", async () => {
  await using master = await startTestMaster();
  const response = await fetch(`${master.url}/api/openapi.json`);
  expect(response.headers.get("content-type")).toBe("application/json");
  const document = (await response.json()) as { info: { version: string } };
  expect(document.info.version).toBe(version);
  document.info.version = "VERSION";
  await golden("openapi.json", `${JSON.stringify(document, null, 1)}\n`);
});

test("every reference in the OpenAPI document leads somewhere, and every operation has a name of its own", () => {
  const document = openApiDocument() as {
    paths: Record<
      string,
      Record<string, { operationId: string; parameters: { name: string; in: string }[] }>
    >;
  };
  for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    let at: unknown = document;
    for (const part of reference!.split("/")) at = (at as Record<string, unknown>)[part];
    expect([reference, typeof at]).toEqual([reference, "object"]);
  }
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(new Set(operations.map((one) => one.operationId)).size).toBe(operations.length);
  for (const [path, methods] of Object.entries(document.paths))
    for (const { parameters } of Object.values(methods)) {
      const inPath = parameters.filter((one) => one.in === "path").map((one) => one.name);
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!));
    }
});
