import { Type as T } from "@sinclair/typebox";
import { markKinds } from "../../views/mark.ts";
import { markText } from "../../views/mark-words.ts";
import { texts } from "../../views/text/text.ts";
import { problem } from "../../wire/problem.ts";
import type { StoredMark } from "../database/metrics/marks.ts";
import { checkTimes, scopeCluster } from "./common.ts";
import { choice, integer, readQuery, text, time } from "./query.ts";
import type { Route } from "./route.ts";

const hour = 3_600_000;

const parameters = {
  cluster: text("A cluster, by its id or name."),
  kind: text("Node, Pod, Deployment or any other kind of workload: only what concerns one object."),
  namespace: text("A namespace."),
  name: text("The object's name; of a workload, what happened to its pods is told too."),
  what: choice("Only one kind.", markKinds),
  from: time("The beginning: RFC 3339 or ms; an hour before the end by default."),
  to: time("The end; now by default."),
  limit: integer(
    "Of each kind, how many at most, the newest; 300 by default. More are told as many.",
    1,
    1000,
  ),
};

const Annotation = T.Object({
  at_ms: T.Integer(),
  until_ms: T.Optional(T.Integer({ description: "The end of an alert; absent while it fires." })),
  what: T.String({ description: markKinds.join(", ") }),
  kind: T.String(),
  namespace: T.Optional(T.String()),
  name: T.String(),
  text: T.String(),
  ref: T.Optional(T.String({ description: "An alert's fingerprint, a command's id, a container." })),
});
const answer = T.Object({
  items: T.Array(Annotation),
  many: T.Array(
    T.Object(
      { at_ms: T.Integer(), what: T.String(), count: T.Integer() },
      {
        description: "Kinds of which there are too many, by pieces of the time.",
      },
    ),
  ),
  total: T.Integer({ description: "How many there are, counted up to 10,000 of each kind." }),
});

/** What happened, as charts mark it. */
export const annotationRoutes: readonly Route[] = [
  {
    path: "/api/v1/annotations",
    id: "listAnnotation",
    tag: "metrics",
    summary: "What charts mark: deployments, scalings, restarts, reboots, commands and alerts.",
    query: parameters,
    answer,
    get(parts, request) {
      const query = readQuery(request.url, parameters);
      const { kind, namespace, name, what, limit } = query;
      if (query.cluster === undefined) throw problem(422, "cluster is missing", { pointer: "/cluster" });
      if ((kind === undefined) !== (name === undefined))
        throw problem(422, "kind and name belong together", { pointer: kind ? "/name" : "/kind" });
      const { cluster = "" } = scopeCluster(parts, query.cluster);
      const toMs = query.to ?? Date.now();
      const fromMs = query.from ?? Math.max(0, toMs - hour);
      checkTimes(fromMs, toMs, query.to);
      const found = parts.marks.find({
        ...{ cluster, fromMs, toMs },
        ...(kind && name
          ? { subjects: [{ kind, name, namespace: namespace ?? "", owner: true }] }
          : namespace === undefined
            ? {}
            : { namespace }),
        ...(what ? { kinds: new Set([what]) } : {}),
        ...(limit ? { most: limit } : {}),
      });
      const counted = what ? [found.counts[what] ?? 0] : Object.values(found.counts);
      return {
        items: found.single.map(itemOf),
        many: found.many.map((one) => ({ at_ms: one.atMs, what: one.what, count: one.count })),
        total: counted.reduce((sum, one) => sum + one, 0),
      };
    },
  },
];

const itemOf = (one: StoredMark) => ({
  at_ms: one.atMs,
  ...(one.untilMs === undefined ? {} : { until_ms: one.untilMs }),
  ...{ what: one.what, kind: one.kind },
  ...(one.namespace ? { namespace: one.namespace } : {}),
  name: one.name,
  text: markText(texts.en, one),
  ...(one.ref ? { ref: one.ref } : {}),
});
