import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestMaster } from "../harness.ts";
import { type Answer, lab, scale } from "./lab.ts";

async function startProcess(folder: string) {
  const fixture = join(import.meta.dir, "master.fixture.ts");
  const child = Bun.spawn([process.execPath, fixture, folder], { stdout: "pipe", stderr: "inherit" });
  const { value } = await child.stdout.getReader().read();
  return { child, url: new TextDecoder().decode(value).trim() };
}

/** What was answered, and so has to be there, whatever happened to the master since. */
interface Promised {
  /** The command's id, by its idem. */
  asked: Map<string, string>;
  ended: Set<string>;
  before: Map<string, number>;
  rv: number;
}

/** Asks for commands and carries them out, four at a time, until the master is gone. */
async function load(all: ReturnType<typeof lab>, round: number, promised: Promised): Promise<void> {
  const { asked, ended, before } = promised;
  const unlessGone = (request: Promise<Answer>) => request.catch(() => undefined);
  async function operator(who: number) {
    for (let n = 0; ; n++) {
      const idem = `${round}-${who}-${n}`;
      const command = { ...scale(n, `web-${idem}`), idem };
      // Asked twice, as by somebody who did not hear the answer.
      const both = await unlessGone(Promise.all([all.enqueue(command), all.enqueue(command)]).then(same));
      if (!both) return;
      asked.set(idem, both.body.id);
    }
  }
  async function agent() {
    for (;;) {
      const set = await unlessGone(all.watch(promised.rv, 5));
      if (!set) return;
      if (set.status !== 200) continue;
      expect(set.body.rv).toBeGreaterThan(promised.rv);
      promised.rv = set.body.rv;
      const mine = set.body.commands;
      const told = mine.slice(0, 100).map(({ id, before }) => ({
        commandID: id,
        ts_ms: 1,
        before: { round },
        ...(before === undefined ? {} : { replaces: before }),
      }));
      const recorded = await unlessGone(all.progress(`run-${round}`, ...told));
      if (!recorded) return;
      expect(recorded.status).toBe(200);
      for (const { commandID } of told) before.set(commandID, round);
      const results = mine.slice(0, 50).map(({ id }) => ({ commandID: id, status: "success" }));
      if (!(await unlessGone(all.ack(...results)))) return;
      for (const { commandID } of results) ended.add(commandID);
    }
  }
  await Promise.all([agent(), ...Array.from({ length: 4 }, (_, who) => operator(who))]);
}

function same([one, other]: [Answer, Answer]): Answer {
  expect(one.status).toBe(200);
  expect(other.body.id).toBe(one.body.id);
  return one;
}

test("whatever was answered before the master was killed is so after it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  const promised: Promised = { asked: new Map(), ended: new Set(), before: new Map(), rv: 0 };
  const first = await startTestMaster({ data: folder });
  const cluster = await first.addCluster("home");
  const operator = await first.apiToken("operator");
  await first.stop();
  for (let round = 0; round < 2; round++) {
    const { child, url } = await startProcess(folder);
    const enough = setInterval(() => {
      if (promised.asked.size <= 30 * (round + 1) || promised.ended.size <= 15 * (round + 1)) return;
      clearInterval(enough);
      child.kill("SIGKILL");
    }, 10);
    // The agent of each round goes on from what the one before it recorded.
    await load(lab({ url }, cluster, operator), round, promised);
    await child.exited;

    await using master = await startTestMaster({ data: folder });
    const { control } = master.parts;
    expect(promised.asked.size).toBeGreaterThan(20 * (round + 1));
    expect(promised.ended.size).toBeGreaterThan(10 * (round + 1));
    for (const [idem, id] of promised.asked)
      expect(control.queue.table.byIdem(cluster.id, idem)?.id).toBe(id);
    for (const id of promised.ended) expect(control.queue.table.get(id)?.state).toBe("succeeded");
    for (const [id, by] of promised.before)
      expect(control.queue.table.get(id)?.before).toEqual({ round: by });
    expect(control.queue.table.version(cluster.id)).toBeGreaterThanOrEqual(promised.rv);
    expect(master.database.main.query("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    // Each end is in the audit log once, and the log is whole.
    const ends = master.database.main
      .query<{ n: number; ids: number }, []>(
        `SELECT count(*) AS n, count(DISTINCT json_extract(detail, '$.command')) AS ids
         FROM audit WHERE action = 'command.end'`,
      )
      .get()!;
    expect(ends.ids).toBe(ends.n);
    expect(ends.n).toBeGreaterThanOrEqual(promised.ended.size);
    expect((await master.parts.trail.verify()).fault).toBeUndefined();
  }
  rmSync(folder, { recursive: true, force: true });
}, 30_000);
