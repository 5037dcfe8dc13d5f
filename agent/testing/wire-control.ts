import { decode } from "../../wire/check.ts";
import {
  AckRequest,
  type AckResult,
  type Command,
  ProgressRequest,
  WatchRequest,
} from "../../wire/control.ts";
import { problem } from "../../wire/problem.ts";
import { ackRoute, legacyControlRoutes, progressRoute, watchRoute } from "../../wire/routes.ts";

/** The control routes of a master, for tests: keeps commands until they are acked, and what was told of them. */
export class WireControl {
  readonly commands = new Map<string, Command>();
  readonly acks: AckResult[] = [];
  readonly watches: WatchRequest[] = [];
  readonly told: ProgressRequest["progress"] = [];
  /** Which run recorded what was there, by command. */
  readonly recordedBy = new Map<string, string>();
  rv = 1;
  /** The master's clock against ours. */
  aheadMs = 0;
  readonly #parked = new Set<() => void>();

  enqueue(command: Partial<Command> & Pick<Command, "type" | "target">): string {
    const id = command.id ?? Bun.randomUUIDv7();
    this.commands.set(id, { ...command, id });
    this.changed();
    return id;
  }

  cancel(id: string): void {
    this.commands.set(id, { ...this.commands.get(id)!, op: "cancel" });
    this.changed();
  }

  /** Lets every watch answer. */
  changed(): void {
    this.rv++;
    for (const wake of this.#parked) wake();
  }

  /** The ack of a command, once it is in. */
  async ended(id: string, ms = 5000): Promise<AckResult> {
    const end = Date.now() + ms;
    for (;;) {
      const ack = this.acks.find((one) => one.commandID === id);
      if (ack) return ack;
      if (Date.now() > end)
        throw new Error(`no ack of ${id} within ${ms} ms: ${JSON.stringify(this.told.at(-1))}`);
      await Bun.sleep(5);
    }
  }

  /** Enqueues and waits for the ack. */
  run(command: Parameters<WireControl["enqueue"]>[0], ms?: number): Promise<AckResult> {
    return this.ended(this.enqueue(command), ms);
  }

  async answer(given: string, json: unknown, signal: AbortSignal): Promise<Response | undefined> {
    const route = legacyControlRoutes[given] ?? given;
    if (route === watchRoute) return this.#watch(decode(WatchRequest, json), signal);
    if (route === ackRoute) {
      for (const result of decode(AckRequest, json).results) {
        this.acks.push(result);
        this.commands.delete(result.commandID);
      }
      return Response.json({ ok: true });
    }
    if (route !== progressRoute) return undefined;
    const { run = "", progress } = decode(ProgressRequest, json);
    for (const one of progress) {
      const command = this.commands.get(one.commandID);
      if (one.before !== undefined) {
        if (command === undefined) throw problem(404, "there is no such command, or it has ended");
        const own = (this.recordedBy.get(one.commandID) ?? run) === run;
        const handed = one.replaces !== undefined && Bun.deepEquals(one.replaces, command.before);
        if (!own && !handed) throw problem(409, "another agent has it");
        this.recordedBy.set(one.commandID, run);
        command.before = one.before;
      }
      this.told.push(one);
    }
    return Response.json({ ok: true });
  }

  async #watch(request: WatchRequest, signal: AbortSignal): Promise<Response> {
    this.watches.push(request);
    if (this.rv <= Number(request.rv ?? 0)) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#parked.delete(wake);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(wake, (request.waitSeconds ?? 60) * 1000);
        signal.addEventListener("abort", wake, { once: true });
        this.#parked.add(wake);
      });
      if (this.rv <= Number(request.rv ?? 0)) return new Response(null, { status: 304 });
    }
    const set = { clusterID: request.clusterID, rv: this.rv, commands: [...this.commands.values()] };
    return Response.json(set, { headers: { date: new Date(Date.now() + this.aheadMs).toUTCString() } });
  }
}
