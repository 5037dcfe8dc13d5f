import { parseJson, readBody } from "../../wire/body.ts";
import { decode } from "../../wire/check.ts";
import { Envelope, type Source, type Sync, sources, statusSource } from "../../wire/envelope.ts";
import type { Event } from "../../wire/event.ts";
import { type KindKey, keyOf } from "../../wire/kind-names.ts";
import { kinds } from "../../wire/kinds.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { ProblemError, problem, problemResponse } from "../../wire/problem.ts";
import { openEventsRoute } from "../../wire/routes.ts";
import type { AgentStatus } from "../../wire/status.ts";
import { WireControl } from "./wire-control.ts";

export interface Received {
  route: string;
  envelope: Envelope;
  bytes: number;
  at: number;
}
type Item = { summary: { name: string; namespace?: string } };

/**
 * The other end of the wire, for tests and benches: checks every message against its schema, keeps what a
 * master keeps, and answers as one.
 */
export interface WireMaster extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  readonly requests: { route: string; status: number; token: string | null }[];
  readonly lists: Map<KindKey, Map<string, Item>>;
  readonly events: Map<string, Event>;
  readonly metrics: Map<string, NodeMetricsSnapshot>;
  status: AgentStatus | undefined;
  open: Event[];
  readonly control: WireControl;
  /** Bytes of all bodies as sent. */
  bytes: number;
  /** May answer in place of the master. */
  intercept: ((route: string) => Response | undefined | Promise<Response | undefined>) | undefined;
  /** Bytes decompressed above which it answers 413. */
  maxBytes: number;
  /** Forgets where each list is, as a master that was started anew. */
  forget(): void;
  /** Has nothing any more but what it is told from now on, and another name of its run. */
  restart(): void;
  /** Keep what is received in `received`; off for benches. */
  keep: boolean;
  stop(): Promise<void>;
}

interface Place {
  run: string;
  seq: number;
  parts: Map<number, Item[]>;
}

export function startWireMaster(port = 0, token = "atlc_test"): WireMaster {
  let toldAt = "";
  let run = crypto.randomUUID();
  const places = new Map<string, Place>();
  const byRoute = new Map<string, Source>(sources.map((source) => [source.route, source]));

  async function answer(request: Request, route: string): Promise<Response> {
    if (request.headers.get("authorization") !== `Bearer ${token}`) throw problem(401, "unknown token");
    const intercepted = await master.intercept?.(route);
    if (intercepted) {
      await request.arrayBuffer();
      return intercepted;
    }
    master.bytes += Number(request.headers.get("content-length") ?? 0);
    const body = await readBody(request);
    if (body.length > master.maxBytes) throw problem(413);
    const json = parseJson(body);
    const controlled = await master.control.answer(route, json, request.signal);
    if (controlled) return controlled;
    if (route === openEventsRoute) return Response.json({ events: master.open });
    const source = byRoute.get(route);
    if (source === undefined) throw problem(404);
    const envelope = decode(Envelope, json);
    const payload =
      source === statusSource && envelope.sync?.mode === "delta"
        ? stillThere(envelope.sync)
        : (decode(source.payload, envelope.payload, "/payload") as Record<string, unknown>);
    if (master.keep)
      master.received.push({
        route,
        envelope,
        bytes: Number(request.headers.get("content-length")),
        at: Date.now(),
      });
    if (source.kind) takeList(source.kind, envelope, payload[kinds[source.kind].field] as Item[]);
    for (const event of (payload.events as Event[]) ?? [])
      master.events.set(event.id ?? crypto.randomUUID(), event);
    for (const one of (payload.snapshots as NodeMetricsSnapshot[]) ?? [])
      master.metrics.set(one.nodeName, one);
    if (payload.agent) {
      master.status = payload.agent as AgentStatus;
      if (envelope.sync) toldAt = `${envelope.sync.run} ${envelope.sync.seq}`;
    }
    return Response.json({ ok: true, ...(source === statusSource ? { run } : {}) });
  }

  /** A sign of life says nothing, of the status that is here. */
  function stillThere({ run, seq }: Sync): Record<string, unknown> {
    if (toldAt !== `${run} ${seq}`) throw problem(409, undefined, { resync: true });
    return {};
  }

  function takeList(kind: KindKey, { sync, source }: Envelope, items: Item[]): void {
    const list = master.lists.get(kind) ?? new Map<string, Item>();
    if (sync === undefined || sync.mode === "full") {
      const place = places.get(source);
      const same = sync !== undefined && place?.run === sync.run && place.seq === sync.seq;
      const parts = same ? place.parts : new Map<number, Item[]>();
      parts.set(sync?.part ?? 1, items);
      places.set(source, { run: sync?.run ?? "", seq: sync?.seq ?? 0, parts });
      if (parts.size < (sync?.parts ?? 1)) return;
      const whole = [...parts.values()].flat();
      master.lists.set(kind, new Map(whole.map((item) => [keyOf(item), item])));
      parts.clear();
      return;
    }
    const place = places.get(source);
    if (place?.run !== sync.run || place.seq + 1 !== sync.seq)
      throw problem(409, undefined, { resync: true });
    place.seq = sync.seq;
    for (const item of items) list.set(keyOf(item), item);
    for (const key of sync.removed ?? []) list.delete(key);
    master.lists.set(kind, list);
  }

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    async fetch(request) {
      const route = new URL(request.url).pathname;
      let response: Response;
      try {
        response = await answer(request, route);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        response = problemResponse(error.problem);
      }
      if (master.keep)
        master.requests.push({ route, status: response.status, token: request.headers.get("authorization") });
      return response;
    },
  });

  const master: WireMaster = {
    url: `http://127.0.0.1:${server.port}`,
    received: [],
    requests: [],
    lists: new Map(),
    events: new Map(),
    metrics: new Map(),
    status: undefined,
    open: [],
    control: new WireControl(),
    bytes: 0,
    maxBytes: Number.POSITIVE_INFINITY,
    intercept: undefined,
    keep: true,
    forget: () => places.clear(),
    restart() {
      places.clear();
      master.lists.clear();
      toldAt = "";
      run = crypto.randomUUID();
    },
    stop: () => server.stop(true),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
  return master;
}

/** Waits until a condition holds; throws, with what it was to be, after `ms`. */
export async function until(what: string, condition: () => boolean | undefined, ms = 5000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await Bun.sleep(5);
  }
}
