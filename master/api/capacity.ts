import { Type as T } from "@sinclair/typebox";
import { rateTimes } from "../../views/pages/capacity.ts";
import type { Filling } from "../history/capacity.ts";
import { scopeCluster } from "./common.ts";
import { choice, readQuery, text } from "./query.ts";
import type { Route } from "./route.ts";

const parameters = {
  cluster: text("A cluster, by its id or name; all by default."),
  over: choice("The time over which the rate is measured; 7d by default.", rateTimes),
};

const Fills = T.Object({
  cluster: T.String(),
  kind: T.String({ description: "Node, or Cluster for the memory of all of its nodes." }),
  name: T.String(),
  what: T.String({ description: "disk or memory" }),
  mount: T.Optional(T.String()),
  used: T.Number({ description: "Bytes." }),
  total: T.Number(),
  per_day: T.Optional(
    T.Number({ description: "Bytes a day; absent where it was measured for too short a time." }),
  ),
  steady: T.Boolean({ description: "Whether the rate is one to go by." }),
  full_ms: T.Optional(
    T.Integer({ description: "When it is full if that goes on; absent where it does not fill." }),
  ),
});
const Requested = T.Object({
  cluster: T.String(),
  cpu_allocatable: T.Number({ description: "Cores." }),
  cpu_requested: T.Number(),
  cpu_used: T.Optional(T.Number()),
  memory_allocatable: T.Number({ description: "Bytes." }),
  memory_requested: T.Number(),
  memory_used: T.Optional(T.Number()),
});

/** When what there is will be full. */
export const capacityRoutes: readonly Route[] = [
  {
    path: "/api/v1/capacity",
    id: "getCapacity",
    tag: "metrics",
    summary:
      "When disks and memory will be full, the soonest first, and what pods ask for of what nodes can give.",
    query: parameters,
    answer: T.Object({ items: T.Array(Fills), total: T.Integer(), requests: T.Array(Requested) }),
    async get(parts, request) {
      const { over = "7d", ...query } = readQuery(request.url, parameters);
      const { cluster } = scopeCluster(parts, query.cluster);
      const known = parts.datasource
        .clusters()
        .map((one) => one.id)
        .filter((id) => cluster === undefined || id === cluster);
      const items = (await parts.metrics.fleet(over, cluster))
        .filter((one) => known.includes(one.cluster))
        .map(itemOf);
      const requests = known.flatMap((id) => {
        const found = parts.datasource.capacity(id);
        if (!found) return [];
        const used = Number.isFinite(found.cpuUsed)
          ? { cpu_used: found.cpuUsed, memory_used: found.memoryUsed }
          : {};
        return [
          {
            cluster: id,
            cpu_allocatable: found.cpuAllocatable,
            cpu_requested: found.cpuRequested,
            memory_allocatable: found.memoryAllocatable,
            memory_requested: found.memoryRequested,
            ...used,
          },
        ];
      });
      return { items, total: items.length, requests };
    },
  },
];

const itemOf = ({ line: _, perDay, fullMs, used, ...one }: Filling) => ({
  ...one,
  used: Math.round(used),
  ...(Number.isFinite(perDay) ? { per_day: Math.round(perDay) } : {}),
  ...(fullMs === undefined ? {} : { full_ms: Math.round(fullMs) }),
});
