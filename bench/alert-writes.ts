/**
 * Writing down ten thousand alerts that begin to fire at once, with what is to be told of them, as one group per namespace
 * and as one each: how long it takes, and the longest that others wait meanwhile. Prints `name value unit` a line.
 * `bun bench/alert-writes.ts [--small]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differing } from "../master/alert/differences.ts";
import { deciding } from "../master/alert/group.ts";
import { record } from "../master/alert/record.ts";
import { inSlices } from "../master/alert/slices.ts";
import { putChannel } from "../master/database/channels.ts";
import { openDatabase } from "../master/database/database.ts";
import { channelDefaults } from "../master/notify/channels.ts";
import type { AlertView } from "../views/alert-model.ts";

const count = process.argv.includes("--small") ? 1000 : 10_000;
const now = Date.now();
const alerts = new Map(
  Array.from({ length: count }, (_, n): [string, AlertView] => {
    const fingerprint = Bun.hash(`${n}`).toString(16).padStart(16, "0");
    const place = { cluster: "prod", kind: "Deployment", namespace: `ns-${n % 20}`, name: `app-${n}` };
    return [
      fingerprint,
      {
        ...{ fingerprint, rule: "r1", name: "PodCrashLooping", severity: "critical", cluster: "c1" },
        ...{ kind: "Deployment", namespace: place.namespace, object: place.name },
        labels: { alertname: "PodCrashLooping", severity: "critical", rule: "r1", ...place },
        annotations: {
          summary: `Deployment ${place.name}: container web exits with 1: cannot connect to postgres:5432`,
          message: "container web exits with 1: cannot connect to postgres:5432",
        },
        ...{ state: "firing", sinceMs: now, firedMs: now, lastMs: now, fired: [now], flapping: false },
      },
    ];
  }),
);

let longest = 0;
let watching = true;
let last = performance.now();
function turn(): void {
  const time = performance.now();
  longest = Math.max(longest, time - last);
  last = time;
  if (watching) setImmediate(turn);
}

for (const [name, groupBy] of [
  ["together", channelDefaults.groupBy],
  ["each", ["name"]],
] as const) {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-bench-"));
  const db = openDatabase(folder);
  const channel = { ...channelDefaults, id: "h1", groupWaitMs: 0, groupBy: [...groupBy] };
  await putChannel(db, { ...channel, name: "a", type: "webhook", settings: {}, sealed: {}, createdMs: 1 });
  const owners = new Map([["c1", "default"]]);
  const given = { channels: [channel], groups: new Map(), alerts, muted: new Map(), owners, now };
  const { value: decided } = await inSlices(deciding(given));
  const { value: changes } = await inSlices(differing(new Map(), alerts, now));
  const judged = {
    ...{ changes, notices: decided.notices, taken: [] },
    groups: { before: new Map(), after: decided.groups },
    steps: { before: new Map(), after: new Map() },
  };
  watching = true;
  last = performance.now();
  longest = 0;
  setImmediate(turn);
  await Bun.sleep(20);
  longest = 0;
  const start = performance.now();
  await record(db, judged, { get: () => ({ type: "webhook" }) as never }, now);
  const took = performance.now() - start;
  await Bun.sleep(1);
  watching = false;
  const print = (what: string, ms: number) =>
    console.log(`alerts_write_${name}_${what} ${Number(ms.toPrecision(3))} ms`);
  print("total", took);
  print("longest", longest);
  await Bun.sleep(1);
  db.close();
  rmSync(folder, { recursive: true });
}
