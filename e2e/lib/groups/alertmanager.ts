import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { inhibitions } from "../../../master/alert/inhibit.ts";
import { matcherText } from "../../../master/alert/labels.ts";
import { eventually } from "../wait.ts";
import { type Action, type Known, type Receiver, type Told, toldBy } from "./world.ts";

const port = 19_094;
const server = `http://127.0.0.1:${port}`;

/** The same routes; it repeats at the first of its intervals after the time for it. */
function configOf(receivers: readonly Receiver[], hooks: string): string {
  return stringify({
    route: {
      receiver: "none",
      routes: receivers.map((one) => ({
        receiver: one.name,
        continue: true,
        matchers: [
          ...one.matchers.map(matcherText),
          ...(one.severities.length > 0 ? [`severity=~"${one.severities.join("|")}"`] : []),
        ],
        ...(one.groupBy.length > 0 ? { group_by: [...one.groupBy] } : {}),
        group_wait: `${one.groupWaitMs}ms`,
        group_interval: `${one.groupIntervalMs}ms`,
        repeat_interval: `${one.repeatMs - 500}ms`,
      })),
    },
    inhibit_rules: inhibitions.map(({ source, target, equal }) => ({
      source_matchers: [`rule="${source}"`],
      target_matchers: target.map(matcherText),
      equal: [...equal],
    })),
    receivers: [
      { name: "none" },
      ...receivers.map((one) => ({
        name: one.name,
        webhook_configs: [{ url: `${hooks}/${one.name}`, send_resolved: one.sendResolved }],
      })),
    ],
  });
}

/** What Debian's Alertmanager tells, in real time, and by how much the latest of what it was told came late. */
export async function tellAlertmanager(
  binary: string,
  known: ReadonlyMap<string, Known>,
  receivers: readonly Receiver[],
  actions: readonly Action[],
  untilMs: number,
): Promise<{ told: Told[]; lateMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-groups-"));
  const told: Told[] = [];
  let begin = 0;
  const hooks = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const atMs = performance.now() - begin;
      told.push(toldBy(new URL(request.url).pathname.slice(1), atMs, await request.text()));
      return new Response();
    },
  });
  await Bun.write(join(folder, "config.yml"), configOf(receivers, `http://127.0.0.1:${hooks.port}`));
  const child = Bun.spawn(
    [
      binary,
      `--config.file=${join(folder, "config.yml")}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
    { stdout: "ignore", stderr: "ignore" },
  );
  const post = async (path: string, body: unknown): Promise<Record<string, string>> => {
    const response = await fetch(`${server}/api/v2/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : {};
  };
  const silences = new Map<string, string>();
  const since = new Map<string, string>();
  const farMs = 3_600_000;
  const alertOf = (action: Action & { thing: string }) => {
    const now = new Date().toISOString();
    if (action.do === "start") since.set(action.thing, now);
    return {
      ...known.get(action.thing)!,
      startsAt: since.get(action.thing),
      endsAt: action.do === "end" ? now : new Date(Date.now() + farMs).toISOString(),
    };
  };
  const does = async (action: Action) => {
    if ("thing" in action) await post("alerts", [alertOf(action)]);
    else if (action.do === "unsilence")
      await fetch(`${server}/api/v2/silence/${silences.get(action.id)}`, { method: "DELETE" });
    else {
      const matchers = action.matchers.map(({ name, op, value }) => ({
        ...{ name, value, isRegex: op.endsWith("~"), isEqual: op.startsWith("=") },
      }));
      const startsAt = new Date().toISOString();
      const endsAt = new Date(Date.now() + farMs).toISOString();
      const made = await post("silences", { matchers, startsAt, endsAt, createdBy: "b", comment: "c" });
      silences.set(action.id, made.silenceID!);
    }
  };
  try {
    await eventually("the Alertmanager is there", async () =>
      fetch(`${server}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    begin = performance.now();
    let lateMs = 0;
    for (const action of [...actions].sort((a, b) => a.atMs - b.atMs)) {
      await Bun.sleep(Math.max(0, begin + action.atMs - performance.now()));
      await does(action);
      lateMs = Math.max(lateMs, performance.now() - begin - action.atMs);
    }
    await Bun.sleep(Math.max(0, begin + untilMs - performance.now()));
    return { told, lateMs };
  } finally {
    child.kill();
    await child.exited;
    await hooks.stop(true);
    rmSync(folder, { recursive: true, force: true });
  }
}
