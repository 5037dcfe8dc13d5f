import { Type as T } from "@sinclair/typebox";
import { measuresOf, ordersOf, topKinds, topMeasures, topOrders } from "../../views/pages/top.ts";
import { problem } from "../../wire/problem.ts";
import type { Tops } from "../history/tops.ts";
import { checkTimes, page, scopeCluster } from "./common.ts";
import { csv } from "./csv.ts";
import { nineDigits } from "./digits.ts";
import { choice, duration, integer, readQuery, text, time } from "./query.ts";
import type { Route } from "./route.ts";

const day = 86_400_000;
const longest = 731 * day;

const parameters = {
  cluster: text("A cluster, by its id or name; all by default."),
  namespace: text("A namespace."),
  of: choice("Pods by default.", topKinds),
  by: choice("CPU by default; disk and network of nodes alone.", topMeasures),
  order: choice(
    "By their average over the time, by the 95th percentile (not of namespaces), or by the most; mean by default.",
    topOrders,
  ),
  range: duration("The length of the time that ends now: 15m, 1h, 24h, 7d, 730d; 24h by default."),
  from: time("The beginning instead: RFC 3339 or ms."),
  to: time("The end; now by default."),
  limit: integer("How many at most, 50 by default.", 1, 1000),
  format: choice("json by default.", ["json", "csv"]),
};

const Top = T.Object({
  cluster: T.String(),
  kind: T.String(),
  namespace: T.Optional(T.String()),
  name: T.String(),
  uid: T.Optional(T.String({ description: "Of a pod: which one of those that have had this name." })),
  owner: T.Optional(T.Object({ kind: T.String(), name: T.String() })),
  mean: T.Number({
    description:
      "Over all of the time, as if it used nothing while it was not there. CPU in cores, of nodes as a share; memory in bytes; disk as a share of the fullest; network in bytes a second.",
  }),
  p95: T.Optional(
    T.Number({
      description:
        "For 95 % of the time in which it was there it used no more than this: rounded up by at most 9 %, from how samples were spread in each piece of the time. Not of namespaces.",
    }),
  ),
  max: T.Number(),
  share: T.Optional(T.Number({ description: "Of what all used together; of a node of what it has." })),
  seconds: T.Integer({ description: "For how long of the time it was there." }),
});
type TopItem = Omit<Tops["items"][number], "line" | "others" | "share" | "p95"> & {
  share?: number;
  p95?: number;
};

/** Who used most over a time. */
export const topRoutes: readonly Route[] = [
  {
    path: "/api/v1/top",
    id: "listTop",
    tag: "metrics",
    summary:
      "Pods, workloads, namespaces or nodes that used most over a time, those that are gone among them.",
    query: parameters,
    answer: T.Composite([
      page(Top),
      T.Object({
        from_ms: T.Integer({ description: "What was added up: whole pieces of time." }),
        to_ms: T.Integer(),
      }),
    ]),
    polled: true,
    async get(parts, request) {
      const { of = "pods", by = "cpu", order = "mean", ...query } = readQuery(request.url, parameters);
      if (!measuresOf(of).includes(by))
        throw problem(422, `of ${of} there are ${measuresOf(of).join(" and ")}`, { pointer: "/by" });
      if (!ordersOf(of).includes(order))
        throw problem(422, `of ${of} there are ${ordersOf(of).join(" and ")}`, { pointer: "/order" });
      if (query.range !== undefined && query.from !== undefined)
        throw problem(422, "range and from say the same: give one of them", { pointer: "/range" });
      const toMs = query.to ?? Date.now();
      const rangeMs = query.from === undefined ? (query.range ?? day) : toMs - query.from;
      checkTimes(toMs - rangeMs, toMs, query.to);
      if (!(rangeMs > 0 && rangeMs <= longest))
        throw problem(422, "the time is longer than nothing and at most two years", {
          pointer: query.from === undefined ? "/range" : "/from",
        });
      const { cluster } = scopeCluster(parts, query.cluster);
      const found = await parts.metrics.top({
        ...{ of, by, order, rangeMs, cluster, namespace: query.namespace },
        most: query.limit ?? 50,
        ...(query.to === undefined ? {} : { toMs }),
      });
      const items = found.items.map(itemOf);
      if (query.format === "csv") return csv([columns, ...items.map(rowOf)], `top-${of}`);
      return { items, total: found.total, from_ms: found.fromMs, to_ms: found.toMs };
    },
  },
];

function itemOf({ line: _, others: _o, namespace, share, p95, ...one }: Tops["items"][number]): TopItem {
  const told = {
    ...one,
    ...(namespace ? { namespace } : {}),
    ...(Number.isFinite(p95) ? { p95: nineDigits(p95) } : {}),
    ...(Number.isFinite(share) ? { share: nineDigits(share) } : {}),
  };
  return {
    ...told,
    mean: nineDigits(one.mean),
    max: nineDigits(one.max),
    seconds: Math.round(one.seconds),
  } as TopItem;
}

const columns = ["cluster", "kind", "namespace", "name", "owner", "mean", "p95", "max", "share", "seconds"];
const rowOf = (one: TopItem): (string | number)[] => [
  one.cluster,
  one.kind,
  one.namespace ?? "",
  one.name,
  one.owner ? `${one.owner.kind}/${one.owner.name}` : "",
  one.mean,
  one.p95 ?? "",
  one.max,
  one.share ?? "",
  one.seconds,
];
