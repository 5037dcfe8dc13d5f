import type { Html } from "../../../../views/html.ts";
import type { NavKey } from "../../../../views/layout.ts";
import type { EventQuery, ProblemView, Row, StoredEvent } from "../../../../views/model.ts";
import { gonePage } from "../../../../views/pages/detail/gone.ts";
import { folders } from "../../../../views/parts/links.ts";
import { type ItemOf, type KindKey, kinds } from "../../../../wire/kinds.ts";
import { problem } from "../../../../wire/problem.ts";
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

const fewEvents = 10;
const manyEvents = 100;

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
    topics: [kind, "events", ...topics],
    load(ctx) {
      const { cluster = "", namespace = "", name = "" } = ctx.params;
      const row = ctx.deps.datasource.get(kind, { cluster, name, ...(namespace ? { namespace } : {}) });
      if (row) return { title: name, fragments: render({ ...ctx, row, cluster, namespace, name }) };
      const known = elsewhere({ ...ctx, cluster, namespace, name });
      if (known) return { title: name, fragments: known };
      const { events, moreEvents } = eventsOf(ctx, {
        cluster,
        kind: kinds[kind].kind,
        name,
        ...(namespace ? { namespace } : {}),
      });
      if (events.length === 0) throw problem(404, "there is no such object, and nothing is stored of one");
      return {
        title: name,
        fragments: gonePage(ctx.v, {
          kind,
          cluster,
          namespace,
          name,
          removedMs: ctx.deps.datasource.removedMs(kind, { cluster, namespace, name }),
          events,
          moreEvents,
        }),
      };
    },
  };
}

/** The stored events of an object, newest first: some on its overview, many on the tab of events. */
export function eventsOf(
  ctx: PageContext,
  query: EventQuery,
): { events: StoredEvent[]; moreEvents: boolean } {
  const limit = ctx.v.query.get("tab") === "events" ? manyEvents : fewEvents;
  const page = ctx.deps.history.search({ ...query, limit });
  return { events: page.items, moreEvents: page.total > page.items.length };
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
