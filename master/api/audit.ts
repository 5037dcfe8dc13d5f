import { type TSchema, Type as T } from "@sinclair/typebox";
import { actorOf } from "../audit/actor.ts";
import { linesResponse } from "../audit/lines.ts";
import type { AuditQuery } from "../audit/search.ts";
import { visibleTo } from "../audit/visible.ts";
import { requestInfo } from "../requests.ts";
import { scopeCluster } from "./common.ts";
import { choice, integer, readQuery, text, time } from "./query.ts";
import type { Route, SeenParts } from "./route.ts";

const filters = {
  q: text("A part of who, what, where from, or the details, in any case."),
  actor: text("A part of the actor's name."),
  action: text("An action such as `user.add`, or the noun of several: `user`."),
  result: choice("How it went.", ["ok", "refused", "failed"]),
  cluster: text("A cluster, by its id or name, or the id of one that was removed."),
  from: time("Not before this time: RFC 3339 or ms."),
  to: time("Not after this time: RFC 3339 or ms."),
};
const listParameters = {
  ...filters,
  limit: integer("How many at most, 100 by default.", 1, 1000),
  cursor: integer("`next` of the page before.", 1, Number.MAX_SAFE_INTEGER),
};

const word = T.Optional(T.String());
const Entry: TSchema = T.Object({
  seq: T.Integer({ description: "Counts the entries without a gap." }),
  at_ms: T.Integer(),
  actor: T.Object({
    kind: T.Union(["user", "token", "cluster", "system", "cli", "nobody"].map((one) => T.Literal(one))),
    id: word,
    name: T.String(),
  }),
  address: word,
  action: T.String(),
  tenant: word,
  cluster: word,
  namespace: word,
  object: word,
  result: T.Union(["ok", "refused", "failed"].map((one) => T.Literal(one))),
  detail: T.Optional(T.Record(T.String(), T.Unknown())),
  hash: T.String({ description: "SHA-256 over the hash before and all of the above." }),
});

interface Given {
  q?: string;
  actor?: string;
  action?: string;
  result?: "ok" | "refused" | "failed";
  cluster?: string;
  from?: number;
  to?: number;
}

function queryOf(parts: SeenParts, { from, to, cluster, ...given }: Given): AuditQuery {
  return {
    ...given,
    ...(cluster === undefined ? {} : clusterOf(parts, cluster)),
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to }),
  };
}

/** The entries of a cluster outlive it: its id is taken for good. */
function clusterOf(parts: SeenParts, given: string): { cluster?: string } {
  const removed = /^[0-9a-f]{20}$/.test(given) && !parts.datasource.findCluster(given);
  return removed ? { cluster: given } : scopeCluster(parts, given);
}

export const auditRoutes: readonly Route[] = [
  {
    path: "/api/v1/audit",
    id: "listAudit",
    tag: "audit",
    summary: "Who did what, newest first, as far as one administers where it was done.",
    query: listParameters,
    role: "admin",
    answer: T.Object({
      items: T.Array(Entry),
      next: T.Optional(T.String({ description: "The cursor of the next page; absent on the last." })),
    }),
    async get(parts, request, _params, by) {
      const { limit = 100, cursor, ...given } = readQuery(request.url, listParameters);
      const query = { ...queryOf(parts, given), limit, ...(cursor === undefined ? {} : { before: cursor }) };
      const { items, next } = await parts.trail.search(query, visibleTo(parts.access, by));
      return { items, ...(next === undefined ? {} : { next: String(next) }) };
    },
  },
  {
    path: "/api/v1/audit/export",
    id: "exportAudit",
    tag: "audit",
    summary:
      "The same as JSON lines, oldest first, all of it; each with `prev`, the hash of the entry before it.",
    query: filters,
    role: "admin",
    answer: Entry,
    async get(parts, request, _params, by) {
      const given = readQuery(request.url, filters);
      await parts.audit.record({
        actor: actorOf(by),
        address: requestInfo(request).address,
        action: "audit.export",
        result: "ok",
        detail: given,
      });
      return linesResponse(parts.trail.export(queryOf(parts, given), visibleTo(parts.access, by)));
    },
  },
];
