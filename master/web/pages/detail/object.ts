import type { Html } from "../../../../views/html.ts";
import type { NavKey } from "../../../../views/layout.ts";
import type { ProblemView, Row } from "../../../../views/model.ts";
import type { EventQuery, StoredEvent } from "../../../../views/event-model.ts";
import { awaitedPage } from "../../../../views/pages/detail/awaited.ts";
import { gonePage } from "../../../../views/pages/detail/gone.ts";
import { lastCommand, objectCommands } from "../../../../views/pages/command.ts";
import { healthOf, isOpen, saidText, toldOf } from "../../../../views/parts/command.ts";
import { folders } from "../../../../views/parts/links.ts";
import { type ItemOf, type KindKey, kinds } from "../../../../wire/kinds.ts";
import { problem } from "../../../../wire/problem.ts";
import { awaitedLists } from "../../../datasource/awaited.ts";
import { goneOver, lastKept } from "./gone.ts";
import type { Page, PageContext, Topic } from "../../page.ts";

/** An object's page that has found its object. */
export interface Found<K extends KindKey> extends Missing {
  row: Row<ItemOf[K]>;
}

/** An object's page that knows its object by name only. */
export interface Missing extends PageContext {
  cluster: string;
  namespace: string;
  name: string;
}

/** Of what nothing is stored, nothing can be said before the list has come. */
const notYet = { status: 503, headers: { "retry-after": "5" } };

const fewEvents = 10;
const manyEvents = 100;
/** So long the newest command stands on its object's page. */
const newMs = 24 * 3_600_000;

/**
 * The page of one object of a kind. What the cluster has no more is told from its stored events; what nothing
 * is known of at all is not found.
 */
export function objectPage<K extends KindKey>(
  kind: K,
  nav: NavKey,
  topics: readonly Topic[],
  render: (found: Found<K>) => Record<string, Html>,
  /** What else may be known of an object of that name that is in no list of the kind. */
  elsewhere: (missing: Missing) => Record<string, Html> | undefined = () => undefined,
): Page {
  return {
    path: `/${folders[kind]}/:cluster/${kinds[kind].namespaced ? ":namespace/" : ""}:name`,
    nav,
    topics: [kind, "events", "commands", ...topics],
    load(ctx) {
      const { cluster = "", namespace = "", name = "" } = ctx.params;
      const row = ctx.deps.datasource.get(kind, { cluster, name, ...(namespace ? { namespace } : {}) });
      if (row) {
        const found = { ...ctx, row, cluster, namespace, name };
        return { title: name, fragments: withCommands(found, kind, render(found)) };
      }
      const known = elsewhere({ ...ctx, cluster, namespace, name });
      if (known) return { title: name, fragments: known };
      const { events, moreEvents } = eventsOf(ctx, {
        cluster,
        kind: kinds[kind].kind,
        name,
        ...(namespace ? { namespace } : {}),
      });
      const removedMs = ctx.deps.datasource.removedMs(kind, { cluster, namespace, name });
      const ref = { cluster, kind: kinds[kind].kind, name, ...(namespace ? { namespace } : {}) };
      const lastMs = removedMs || events[0]?.ts_ms || lastKept(ctx, ref);
      const lists = awaitedLists(ctx.deps.datasource, cluster, kind);
      if (lists && !removedMs) {
        // What an open page shows is left as it was until it is known better.
        if (ctx.live) return { title: name, fragments: {} };
        const over = lastMs ? goneOver(ctx, ref, lastMs) : undefined;
        const told = { kind, cluster, namespace, name, events, moreEvents, lists, lastMs, over };
        return { title: name, ...(lastMs ? {} : notYet), fragments: awaitedPage(ctx.v, told) };
      }
      if (!lastMs) throw problem(404, "there is no such object, and nothing is stored of one");
      return {
        title: name,
        fragments: gonePage(ctx.v, {
          kind,
          cluster,
          namespace,
          name,
          removedMs,
          events,
          moreEvents,
          lastMs,
          over: goneOver(ctx, ref, lastMs),
        }),
      };
    },
  };
}

/** The newest command stands under the head while it is new; all of them have a tab. */
function withCommands(ctx: Missing, kind: KindKey, fragments: Record<string, Html>): Record<string, Html> {
  const { v, deps, user, cluster, namespace, name } = ctx;
  const { head, problems, ...rest } = fragments;
  const tab = v.query.get("tab") === "commands";
  const query = { cluster, kind: kinds[kind].kind, name, writes: true, limit: tab ? manyEvents : 1 };
  const { items } = deps.control.list(user, namespace ? { ...query, namespace } : query);
  const [newest] = items;
  const top = { ...(head ? { head } : {}), ...(problems ? { problems } : {}) };
  if (tab) return { ...top, history: objectCommands(v, items) };
  const fresh = newest && (isOpen(newest) || v.now - (newest.endedMs ?? 0) < newMs);
  return { ...top, acted: lastCommand(v, fresh ? newest : undefined), ...rest };
}

/** The stored events of an object, newest first: some on its overview, many on the tab of events. */
export function eventsOf(
  ctx: PageContext,
  query: EventQuery,
): { events: StoredEvent[]; moreEvents: boolean } {
  const limit = ctx.v.query.get("tab") === "events" ? manyEvents : fewEvents;
  const page = ctx.deps.history.search({ ...query, limit });
  const commands = commandsOf(ctx, query, limit);
  const events = [...page.items, ...commands].sort((a, b) => b.ts_ms - a.ts_ms);
  return { events: events.slice(0, limit), moreEvents: page.total > page.items.length };
}

/** What people did with an object, as entries of its timeline. */
function commandsOf(ctx: PageContext, query: EventQuery, limit: number): StoredEvent[] {
  const { cluster, kind, name, namespace } = query;
  if (!cluster || !kind || !name) return [];
  const { v, deps, user } = ctx;
  const { items } = deps.control.list(user, {
    cluster,
    kind,
    name,
    ...(namespace ? { namespace } : {}),
    writes: true,
    limit,
  });
  return items.map((one) => ({
    cluster,
    id: one.id,
    ts_ms: one.endedMs ?? one.createdMs,
    kind,
    name,
    ...(namespace ? { namespace } : {}),
    reason: saidText(v.t, one),
    message: [one.by.name, toldOf(v, one)].filter(Boolean).join(v.lang === "zh" ? "：" : ": "),
    severity: healthOf(one) === "critical" || healthOf(one) === "warning" ? "warning" : "info",
    origin: "command",
  }));
}

/** Events of several objects as one list. */
export function eventsOfAll(
  ctx: PageContext,
  queries: readonly EventQuery[],
): { events: StoredEvent[]; moreEvents: boolean } {
  const limit = ctx.v.query.get("tab") === "events" ? manyEvents : fewEvents;
  const found = queries.map((query) => eventsOf(ctx, query));
  const events = found.flatMap((one) => one.events).sort((a, b) => b.ts_ms - a.ts_ms);
  return {
    events: events.slice(0, limit),
    moreEvents: events.length > limit || found.some((one) => one.moreEvents),
  };
}

/** What is wrong now with an object, or with what it belongs to. */
export function problemsWith(
  ctx: PageContext,
  cluster: string,
  objects: readonly { kind?: string | undefined; namespace?: string; name?: string | undefined }[],
): ProblemView[] {
  return ctx.deps.datasource
    .problems({ cluster })
    .filter((one) =>
      objects.some(
        ({ kind, namespace = "", name }) =>
          one.kind === kind && one.namespace === namespace && one.name === name,
      ),
    );
}

/** Rows of a kind in an object's namespace that a test holds for. */
export function others<K extends KindKey>(
  { deps, cluster, namespace }: { deps: PageContext["deps"]; cluster: string; namespace: string },
  kind: K,
  test: (item: ItemOf[K]) => boolean,
): Row<ItemOf[K]>[] {
  return deps.datasource
    .list(kind, { cluster, namespace, limit: 1000 })
    .items.filter((row) => test(row.item));
}

/** Whether a selector of labels, which must not be empty, selects what has these. */
export function selects(
  selector: Record<string, string> | null | undefined,
  labels: Record<string, string> | null | undefined,
): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value);
}
