import { expect, test } from "bun:test";
import type { AckResult, CommandSet, UndoCommand } from "../../wire/control.ts";
import { ProblemError } from "../../wire/problem.ts";
import type { Principal } from "../access/principal.ts";
import { isOpen } from "../database/commands.ts";
import { startTestMaster, type TestMaster } from "../harness.ts";
import type { CommandState } from "../../views/command-model.ts";
import { createControl, type ManagedControl } from "./create.ts";
import { random, scale } from "./lab.ts";

/** What is to be known of a command. */
interface Modelled {
  id: string;
  idem: string;
  command: ReturnType<typeof scale> | { type: string; target: Record<string, string>; args: object };
  state: CommandState;
  deadlineMs: number;
  before?: { run: string; value: unknown };
  undo?: UndoCommand;
  undoneBy?: string;
}

const minutes = 60_000;
const origin = { address: "127.0.0.1", secure: false };
const token = (name: string): Principal => ({
  kind: "token",
  tokenID: name,
  name,
  role: "admin",
  grants: [{ role: "admin" }],
  readOnly: false,
});
const asker = token("asker");
const second = token("second");
const runs = ["one", "two"];

/** What a request came to: its value, or the status with which it was refused. */
const outcome = <T>(asked: Promise<T>): Promise<T | number> =>
  asked.catch((error: unknown) => {
    if (error instanceof ProblemError) return error.problem.status;
    throw error;
  });

/**
 * A cluster's commands as they should be: one plain list. Each step does something that people, agents, networks
 * or restarts do to the master and to the list, and compares what came of it.
 */
class Run {
  readonly #next: () => number;
  readonly #master: TestMaster;
  readonly #cluster: string;
  readonly #other: string;
  #control: ManagedControl;
  #now = Date.now();
  #made = 0;
  readonly #all: Modelled[] = [];
  readonly #sentAcks: AckResult[][] = [];
  /** The newest set that the agent has seen. */
  #seen: CommandSet = { clusterID: "home", rv: 0, commands: [] };

  constructor(seed: number, master: TestMaster, cluster: string, other: string) {
    this.#next = random(seed);
    this.#master = master;
    this.#cluster = cluster;
    this.#other = other;
    this.#control = this.#start();
  }

  async run(steps: number): Promise<void> {
    const kinds = [
      () => this.#enqueue(),
      () => this.#enqueue(),
      () => this.#repeat(),
      () => this.#update(),
      () => this.#cancel(),
      () => this.#decide(),
      () => this.#undo(),
      () => this.#watch(),
      () => this.#watch(),
      () => this.#ack(),
      () => this.#ack(),
      () => this.#ackAgain(),
      () => this.#ackForeign(),
      () => this.#tell(),
      () => this.#tell(),
      () => this.#expire(),
      () => this.#restart(),
    ];
    for (let n = 0; n < steps; n++) {
      const version = this.#version();
      await this.#pick(kinds)();
      expect(this.#version()).toBeGreaterThanOrEqual(version);
      this.#compare();
    }
    await this.#watch();
    this.#control.stop();
  }

  #start(): ManagedControl {
    const { parts } = this.#master;
    return createControl({
      ...parts,
      approve: ["RolloutRestart"],
      retentionMs: 86_400_000,
      now: () => this.#now,
    });
  }

  #compare(): void {
    for (const one of this.#all) {
      const { state, type, target, args, idem, undoneBy } = this.#control.get(asker, one.id)!;
      const is = { id: one.id, state, command: { type, target, args }, idem, undoneBy };
      const { command, undoneBy: by } = one;
      expect(is).toEqual({
        id: one.id,
        state: one.state,
        command,
        idem: one.idem,
        undoneBy: by,
      } as typeof is);
    }
    expect(this.#control.list(asker, { cluster: this.#cluster, limit: 1 }).total).toBe(this.#all.length);
  }

  async #enqueue(): Promise<void> {
    const n = this.#made++;
    const rollout = {
      type: "RolloutRestart",
      target: { ns: "shop", kind: "Deployment", name: `web-${n}` },
      args: {},
    };
    const command = this.#next() < 0.2 ? rollout : scale(n, `web-${n % 5}`);
    await this.#add(`idem-${n}`, command);
  }

  /** Asked for twice at the same moment, as by somebody who does not hear the answer. */
  async #add(idem: string, command: Modelled["command"]): Promise<void> {
    const asked = () =>
      this.#control.enqueue(asker, origin, { cluster: this.#cluster, ...command, idem } as never);
    const [one, again] = await Promise.all([asked(), asked()]);
    expect(again.id).toBe(one.id);
    this.#note(one.id, idem, command);
  }

  #note(id: string, idem: string, command: Modelled["command"]): void {
    const proposed = command.type === "RolloutRestart";
    const state = proposed ? "proposed" : "queued";
    this.#all.push({ id, idem, command, state, deadlineMs: this.#now + (proposed ? 60 : 5) * minutes });
  }

  async #repeat(): Promise<void> {
    const one = this.#any();
    if (!one) return;
    const { idem, command } = one;
    const again = { cluster: this.#cluster, ...command, idem } as never;
    expect(await outcome(this.#control.enqueue(asker, origin, again))).toMatchObject({ id: one.id });
    const changed = { cluster: this.#cluster, ...scale(9999), idem } as never;
    expect(await outcome(this.#control.enqueue(asker, origin, changed))).toBe(409);
    const elsewhere = { cluster: "unknown", ...command, idem } as never;
    expect(await outcome(this.#control.enqueue(asker, origin, elsewhere))).toBe(404);
  }

  async #update(): Promise<void> {
    const one = this.#any();
    if (one?.command.type !== "ScaleWorkload") return;
    const args = { replicas: Math.floor(this.#next() * 100) };
    const done = await outcome(this.#control.update(asker, origin, one.id, { args }));
    if (one.state !== "queued") return void expect(done).toBe(409);
    expect(done).toMatchObject({ args });
    one.command = { ...one.command, args };
  }

  async #cancel(): Promise<void> {
    const one = this.#any();
    if (!one) return;
    const done = await outcome(this.#control.cancel(asker, origin, one.id));
    if (!isOpen(one.state)) return void expect(done).toBe(409);
    one.state = one.state === "queued" || one.state === "proposed" ? "cancelled" : "cancelling";
    expect(done).toMatchObject({ state: one.state });
  }

  async #decide(): Promise<void> {
    const one = this.#any((command) => command.state === "proposed") ?? this.#any();
    if (!one) return;
    const what = this.#pick(["approve", "reject"] as const);
    if (what === "approve") expect(await outcome(this.#control.approve(asker, origin, one.id))).toBe(403);
    const done = await outcome(this.#control[what](second, origin, one.id));
    if (one.state !== "proposed") return void expect(done).toBe(409);
    one.state = what === "approve" ? "queued" : "cancelled";
    if (what === "approve") one.deadlineMs = this.#now + 5 * minutes;
  }

  async #undo(): Promise<void> {
    const one = this.#any((command) => command.undo !== undefined) ?? this.#any();
    if (!one) return;
    const asked = () => outcome(this.#control.undo(asker, origin, one.id));
    const [done, again] = await Promise.all([asked(), asked()]);
    const there = this.#all.find((command) => command.id === one.undoneBy);
    if (there && isOpen(there.state)) expect(done).toMatchObject({ id: there.id });
    else if (there?.state === "succeeded" || isOpen(one.state) || !one.undo) expect(done).toBe(409);
    else {
      expect(again).toMatchObject({ id: (done as { id: string }).id, undoOf: one.id });
      const { id, idem } = done as { id: string; idem: string };
      this.#note(id, idem, one.undo as Modelled["command"]);
      one.undoneBy = id;
    }
  }

  /** The agent asks with the newest version it has seen, an old one (its answer was lost) or none (a new agent). */
  async #watch(): Promise<void> {
    const share = this.#next();
    const rv = share < 0.7 ? this.#seen.rv : share < 0.85 ? Math.max(0, this.#seen.rv - 2) : 0;
    const { signal } = new AbortController();
    const body = await this.#control.queue.watch(this.#cluster, "home", { rv, waitMs: 0 }, signal);
    const due = this.#all.filter(
      ({ state, deadlineMs }) =>
        isOpen(state) && state !== "proposed" && (state !== "queued" || deadlineMs > this.#now),
    );
    if (body !== undefined) {
      const set = JSON.parse(body) as CommandSet;
      expect(set.rv).toBeGreaterThan(rv);
      expect(set.rv).toBe(this.#version());
      for (const one of due) if (one.state === "queued") one.state = "fetched";
      const wanted = due.map((one) => ({
        id: one.id,
        ...one.command,
        op: one.state === "cancelling" ? "cancel" : "add",
        ...(one.before ? { before: one.before.value } : {}),
      }));
      const told = set.commands.map(({ idem: _i, createdAt_ms: _c, deadline_ms: _d, ...rest }) => rest);
      expect(told).toEqual(wanted as never);
      // An answer that is lost tells the agent nothing.
      if (this.#next() < 0.8) this.#seen = set;
      return;
    }
    // Nothing newer: what the agent has is all that there is for it.
    expect(rv).toBe(this.#seen.rv);
    const had = new Map(this.#seen.commands.map((one) => [one.id, one.op]));
    for (const { id, state } of due) expect(had.get(id)).toBe(state === "cancelling" ? "cancel" : "add");
  }

  async #ack(): Promise<void> {
    const results = Array.from({ length: 1 + Math.floor(this.#next() * 4) }, () => this.#result());
    this.#sentAcks.push(results);
    await this.#deliver(results);
  }

  /** An old one once more, perhaps long after, in another order, and two at the same time. */
  async #ackAgain(): Promise<void> {
    if (this.#sentAcks.length === 0) return;
    const results = this.#pick(this.#sentAcks).toReversed();
    await Promise.all([this.#deliver(results), this.#control.queue.ack(this.#cluster, results)]);
  }

  async #ackForeign(): Promise<void> {
    const results = [this.#result(), { commandID: "unknown", status: "success" }];
    await this.#control.queue.ack(this.#other, results);
    const told = { commandID: results[0]!.commandID, ts_ms: 1, before: {} };
    expect(await outcome(this.#control.queue.tell(this.#other, "one", [told]))).toBe(404);
  }

  #result(): AckResult {
    const commandID = this.#any()?.id ?? "unknown";
    const undo = this.#next() < 0.7 ? { undo: scale(Math.floor(this.#next() * 9), "undo") } : {};
    if (this.#next() < 0.6) return { commandID, status: this.#pick(["success", "Succeeded"]), ...undo };
    return { commandID, status: "failed", errorCode: this.#pick(["Cancelled", "TooLate", "ExecuteError"]) };
  }

  async #deliver(results: AckResult[]): Promise<void> {
    for (const { commandID, status, errorCode, undo } of results) {
      const one = this.#all.find((command) => command.id === commandID);
      if (!one || !isOpen(one.state) || one.state === "proposed") continue;
      if (status !== "failed") one.state = "succeeded";
      else
        one.state = errorCode === "Cancelled" ? "cancelled" : errorCode === "TooLate" ? "expired" : "failed";
      if (undo) one.undo = undo;
    }
    await this.#control.queue.ack(this.#cluster, results);
  }

  async #tell(): Promise<void> {
    const one = this.#any((command) => isOpen(command.state)) ?? this.#any();
    if (!one) return;
    const run = this.#pick(runs);
    const before = this.#next() < 0.6 ? { found: this.#made++ } : undefined;
    const replaces = one.before && this.#next() < 0.4 ? one.before.value : undefined;
    const done = await outcome(
      this.#control.queue.tell(this.#cluster, run, [
        {
          commandID: one.id,
          ts_ms: this.#now,
          ...(before ? { before } : {}),
          ...(replaces === undefined ? {} : { replaces }),
        },
      ]),
    );
    const open = isOpen(one.state) && one.state !== "proposed";
    if (before && !open) return void expect(done).toBe(404);
    if (before && one.before && one.before.run !== run && replaces === undefined)
      return void expect(done).toBe(409);
    expect(done).toBeUndefined();
    if (before) one.before = { run, value: before };
    if (open && one.state !== "cancelling") one.state = "running";
  }

  async #expire(): Promise<void> {
    this.#now += Math.floor(this.#next() * 3 * minutes);
    // What is overdue is not handed out, even where the timer is late.
    if (this.#next() < 0.5) await this.#watch();
    await this.#control.queue.expire();
    for (const one of this.#all)
      if ((one.state === "queued" || one.state === "proposed") && one.deadlineMs <= this.#now)
        one.state = "expired";
  }

  async #restart(): Promise<void> {
    this.#control.stop();
    this.#control = this.#start();
  }

  #version(): number {
    return this.#control.queue.table.version(this.#cluster);
  }

  #any(where: (one: Modelled) => boolean = () => true): Modelled | undefined {
    const some = this.#all.filter(where);
    // Recent ones more often: most of the others have ended.
    const at = Math.floor(some.length * (1 - this.#next() ** 2));
    return some[Math.min(at, some.length - 1)];
  }

  #pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.#next() * of.length)]!;
  }
}

test("whatever is asked, told, repeated, lost and restarted, commands are as a plain list of them says", async () => {
  await using master = await startTestMaster();
  for (let seed = 1; seed <= 20; seed++) {
    const { id } = await master.addCluster(`home-${seed}`);
    const { id: other } = await master.addCluster(`other-${seed}`);
    try {
      await new Run(seed, master, id, other).run(120);
    } catch (error) {
      throw new Error(`with the seed ${seed}`, { cause: error });
    }
    const ends = master.database.main
      .query<{ n: number; ids: number; ended: number }, [string, string]>(
        `SELECT count(*) AS n, count(DISTINCT json_extract(detail, '$.command')) AS ids,
                (SELECT count(*) FROM commands WHERE cluster = ? AND open = 0) AS ended
         FROM audit WHERE action = 'command.end' AND cluster = ?`,
      )
      .get(id, id)!;
    // Each end was told once.
    expect(ends).toEqual({ n: ends.ended, ids: ends.ended, ended: ends.ended });
  }
  expect((await master.parts.trail.verify()).fault).toBeUndefined();
}, 30_000);
