import { Type as T } from "@sinclair/typebox";
import { Event } from "../../wire/event.ts";
import { problem } from "../../wire/problem.ts";
import { page, scopeCluster } from "./common.ts";
import { paging, pathCluster, scope } from "./places.ts";
import { choice, flag, readQuery, text, time } from "./query.ts";
import type { Route } from "./route.ts";
import { WrongNow, wrongNowOf } from "./shapes.ts";

const eventParameters = {
  ...scope,
  kind: text("The kind of the object, such as Pod."),
  name: text("The object's name."),
  node: text("A node's name."),
  severity: choice("How bad it is.", ["info", "warning", "critical"]),
  reason: text("The reason, such as CrashLoopBackOff."),
  origin: text("kubernetes, diagnosis, or an adapter's name."),
  q: text('Full text: words and "phrases".'),
  open: flag("Only diagnosed occurrences that are not over."),
  from: time("Not before this time: RFC 3339 or ms."),
  to: time("Not after this time: RFC 3339 or ms."),
  ...paging,
};

const StoredEvent = T.Composite([Event, T.Object({ cluster: T.String() })]);

/** What happened, and what is wrong now. */
export const eventRoutes: Route[] = [
  {
    path: "/api/v1/events",
    id: "listEvent",
    tag: "events",
    summary: "The event history, newest first.",
    query: eventParameters,
    answer: T.Composite([
      page(StoredEvent),
      T.Object({ more: T.Boolean({ description: "More match than were counted." }) }),
    ]),
    get(parts, request) {
      const { from, to, ...query } = readQuery(request.url, eventParameters);
      return parts.history.search({
        ...query,
        ...scopeCluster(parts, query.cluster),
        ...(from === undefined ? {} : { fromMs: from }),
        ...(to === undefined ? {} : { toMs: to }),
      });
    },
  },
  {
    path: "/api/v1/events/:cluster/:id",
    id: "getEvent",
    tag: "events",
    summary: "One event.",
    query: {},
    answer: StoredEvent,
    get(parts, request, params) {
      readQuery(request.url, {});
      const event = parts.history.get(pathCluster(parts, params), params.id!);
      if (!event) throw problem(404, "there is no such event");
      return event;
    },
  },
  {
    path: "/api/v1/problems",
    id: "listProblem",
    tag: "problems",
    summary: "What is wrong now, worst first.",
    query: scope,
    answer: page(WrongNow),
    get(parts, request) {
      const query = readQuery(request.url, scope);
      const items = parts.datasource
        .problems({ ...query, ...scopeCluster(parts, query.cluster) })
        .map(wrongNowOf);
      return { items, total: items.length };
    },
  },
];
