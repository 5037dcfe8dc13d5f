import type { Static } from "@sinclair/typebox";
import { parseJson, readBody } from "../../wire/body.ts";
import { decode } from "../../wire/check.ts";
import {
  type AgentStatusPayload,
  Envelope,
  type EventsPayload,
  eventsSource,
  type MetricsPayload,
  metricsSource,
  openEventsRoute,
  type Source,
  Sync,
  sources,
  statusSource,
} from "../../wire/envelope.ts";
import { maxSentBytes } from "../../wire/limits.ts";
import { type Problem, ProblemError, problem, problemResponse } from "../../wire/problem.ts";
import type { ClusterPrincipal } from "../access/principal.ts";
import { databaseFault } from "../database/errors.ts";
import { withoutContainers } from "../datasource/nodes.ts";
import type { EventsTaken, ListPayload, MetricsTaken, StatusTaken } from "../hub/payloads.ts";
import type { MasterParts } from "../parts.ts";
import { requestInfo } from "../requests.ts";
import type { RawHandler } from "../serve.ts";
import { tidyAfter, tidyAfterBomb } from "../tidy.ts";
import { authorize } from "./authorize.ts";
import { eventsOf } from "./events.ts";
import { forgetParsed, itemsOf } from "./lists.ts";
import { snapshotsOf } from "./metrics.ts";
import { Rate } from "./rate.ts";
import { Statuses } from "./statuses.ts";
import { SyncStates } from "./sync.ts";

/** From so many objects on, a list takes effect in two steps, so that nobody waits for all of it. */
const manyItems = 200;
/** Bytes as sent of all messages that are being read at one time; more have to come again. */
const maxReadingBytes = 64 * 2 ** 20;

type Answer = Record<string, unknown>;
type Message = Static<typeof Envelope>;

const sourceOfRoute = new Map(sources.map((source) => [source.route, source]));

/** Takes what agents push, on all routes of the wire; answers 200 only when it is where it is promised to be. */
export function createIngest(parts: MasterParts): RawHandler {
  const { access, config, datasource, events, hub, history, metrics } = parts;
  const sync = new SyncStates();
  const statuses = new Statuses();
  const rate = new Rate(config.ingestPerMinute);
  /** Lists that are being made ready, by cluster and source: what comes after has to wait. */
  const underWay = new Map<string, Promise<void>>();
  /**
   * Names this process to agents, where they tell of themselves and of nodes: lists of a quiet cluster would not come
   * again by themselves after a restart.
   */
  const run = crypto.randomUUID().slice(0, 8);
  let reading = 0;

  return (request, path) => {
    const token = path.startsWith("/t/") ? path.slice(3, Math.max(path.indexOf("/", 3), 3)) : undefined;
    const route = token === undefined ? path : path.slice(3 + token.length);
    const source = sourceOfRoute.get(route);
    if (!source && route !== openEventsRoute) return undefined;
    return answer(request, token, source);
  };

  async function answer(
    request: Request,
    token: string | undefined,
    source: Source | undefined,
  ): Promise<Response> {
    let cluster = "";
    try {
      if (request.method !== "POST") return refuseMethod(request);
      const found = authorize(access, request, token);
      const principal = found instanceof Promise ? await found : found;
      cluster = principal.name;
      rate.take(principal.cluster);
      const text = await read(request);
      if (!source) return Response.json(await openEvents(principal, text));
      const message = decode(Envelope, parseJson(text));
      await bind(principal, message.cluster_id);
      if (!source.names.includes(message.source))
        throw problem(422, `this address takes ${source.names.join(" or ")}`, { pointer: "/source" });
      const payload =
        source === statusSource && message.sync?.mode === "delta"
          ? { agent: statuses.still(principal.cluster, message.sync) }
          : decode(source.payload, message.payload, "/payload");
      const taken = take(principal, source, message, payload, text.length);
      const result = taken instanceof Promise ? await taken : taken;
      tidyAfter(text.length);
      events.messageTaken(source.names[0]!);
      return Response.json(result);
    } catch (error) {
      return refusal(error, request, cluster, source);
    }
  }

  async function read(request: Request): Promise<Uint8Array> {
    const bytes = Number(request.headers.get("content-length") ?? maxSentBytes);
    if (reading + bytes > maxReadingBytes)
      throw problem(503, "too much is being sent at once", { retryAfterSeconds: 1 });
    reading += bytes;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(problem(408, "the body came too slowly")),
      config.bodyTimeoutMs,
    );
    try {
      return await Promise.race([readBody(request), late.promise]);
    } finally {
      clearTimeout(timer);
      reading -= bytes;
    }
  }

  function take(
    principal: ClusterPrincipal,
    source: Source,
    message: Message,
    payload: unknown,
    bytes: number,
  ): Answer | Promise<Answer> {
    const head = {
      version: message.version,
      clusterID: principal.cluster,
      source: source.names[0]!,
      sentAtMs: message.ts_ms,
    };
    if (source === eventsSource) return takeEvents(head, payload as Static<typeof EventsPayload>, bytes);
    if (source === metricsSource) {
      const snapshots = snapshotsOf(payload as Static<typeof MetricsPayload>);
      metrics.take(head.clusterID, snapshots);
      const taken: MetricsTaken = { snapshots };
      hub.replaceLatest({ ...head, payload: taken }, bytes);
      // Everybody has seen the containers by now: as long as the hub held them they would outlive a collection.
      taken.snapshots = snapshots.map(withoutContainers);
      return { ok: true, nodes: snapshots.length, run };
    }
    if (source === statusSource) {
      const { agent } = payload as Static<typeof AgentStatusPayload>;
      statuses.take(head.clusterID, message.sync, agent);
      hub.replaceLatest({ ...head, payload: { agent } satisfies StatusTaken }, bytes);
      return { ok: true, run };
    }
    return takeList(head, source, message, payload as Record<string, unknown>, bytes);
  }

  async function takeEvents(
    head: Head,
    payload: Static<typeof EventsPayload>,
    bytes: number,
  ): Promise<Answer> {
    const taken = eventsOf(payload, head.sentAtMs);
    const result = await history.append(head.clusterID, taken);
    events.eventsStored(result.stored);
    hub.append({ ...head, payload: { events: taken } satisfies EventsTaken }, bytes);
    return { ok: true, stored: result.stored, changed: result.changed };
  }

  async function takeList(
    head: Head,
    source: Source,
    message: Message,
    payload: Record<string, unknown>,
    bytes: number,
  ): Promise<Answer> {
    const id = `${head.clusterID}\n${head.source}`;
    while (underWay.has(id)) await underWay.get(id);
    // The envelope carries `sync`; in the payload it is taken too.
    const inside = payload.sync;
    const given = message.sync ?? (inside === undefined ? undefined : decode(Sync, inside, "/payload/sync"));
    const items = itemsOf(source.kind!, payload);
    const verdict = sync.take(head.clusterID, head.source, given, items, bytes);
    if ("duplicate" in verdict) return { ok: true, duplicate: true };
    if ("kept" in verdict) {
      forgetParsed(items);
      return { ok: true, part: given!.part };
    }
    const { apply, parts: messages } = verdict;
    if (apply.items.length < manyItems) publishList(head, apply, bytes * messages);
    else {
      const done = Promise.withResolvers<void>();
      underWay.set(id, done.promise);
      try {
        await datasource.prepare(source.kind!, head.clusterID, apply.items);
        if (!datasource.findCluster(head.clusterID)) throw problem(401, "this cluster was removed");
        publishList(head, apply, bytes * messages);
      } finally {
        underWay.delete(id);
        done.resolve();
      }
    }
    forgetParsed(items);
    return { ok: true, items: apply.items.length };
  }

  function publishList(head: Head, apply: ListPayload, bytes: number): void {
    const record = { ...head, payload: apply };
    if (apply.mode === "full") {
      hub.replaceLatest(record, bytes);
      events.fullListTaken(head.clusterID, head.source, apply.items.length);
    } else hub.append(record, bytes);
  }

  /** The occurrences that were open when an agent stopped, so that it goes on with them. */
  async function openEvents(principal: ClusterPrincipal, text: Uint8Array): Promise<Answer> {
    const told = text.length === 0 ? undefined : (parseJson(text) as { cluster_id?: unknown } | null);
    if (typeof told?.cluster_id === "string") await bind(principal, told.cluster_id);
    const open = history.open(principal.cluster);
    return { events: open.map(({ cluster: _, ...event }) => event) };
  }

  /** The first message of a cluster binds its token to the identity that its agent tells; later ones compare. */
  function bind(principal: ClusterPrincipal, clusterID: string): void | Promise<void> {
    if (principal.clusterID === clusterID) return undefined;
    return bindFirst(principal, clusterID);
  }

  async function bindFirst(principal: ClusterPrincipal, clusterID: string): Promise<void> {
    await access.bindCluster(principal, clusterID);
    await parts.refreshClusters();
  }

  function refusal(thrown: unknown, request: Request, cluster: string, source: Source | undefined): Response {
    const error = databaseFault(thrown);
    let fault: Problem = problem(500).problem;
    const id = requestInfo(request).id;
    if (error instanceof ProblemError) fault = error.problem;
    else events.failed("ingest", error, id);
    if (fault.status === 413) tidyAfterBomb();
    events.messageRefused(cluster, source?.names[0] ?? openEventsRoute, fault.status, fault.detail);
    return problemResponse({ ...fault, request: id });
  }

  function refuseMethod(request: Request): Response {
    const response = problemResponse({ ...problem(405).problem, request: requestInfo(request).id });
    response.headers.set("allow", "POST");
    return response;
  }
}

interface Head {
  version: string;
  clusterID: string;
  source: string;
  sentAtMs: number;
}
