import { type TSchema, Type as T } from "@sinclair/typebox";
import type { AlertView, PastAlert } from "../../views/alert-model.ts";
import { parseJson, readBody } from "../../wire/body.ts";
import { decode } from "../../wire/check.ts";
import { Severity } from "../../wire/event.ts";
import type { Asker } from "../alert/changing.ts";
import { Rule } from "../alert/rule.ts";
import type { Principal } from "../access/principal.ts";
import { ChannelBody, Matcher } from "../notify/channels.ts";
import { requestInfo } from "../requests.ts";
import { page } from "./common.ts";
import type { Route, SeenParts } from "./route.ts";

export const word = T.Optional(T.String());
export const moment = T.Optional(T.Integer({ description: "ms since 1970" }));
export const Labels = T.Record(T.String(), T.String());
export const id = T.String();

export const Alert: TSchema = T.Object({
  fingerprint: T.String({ description: "From the rule and what the alert is about alone." }),
  rule: T.String(),
  name: T.String(),
  severity: Severity,
  cluster: T.String({ description: "The cluster's id." }),
  kind: T.String(),
  namespace: T.String(),
  object: T.String(),
  labels: Labels,
  annotations: Labels,
  state: T.Union([T.Literal("pending"), T.Literal("firing"), T.Literal("resolved")]),
  since_ms: T.Integer({ description: "Since when the condition holds." }),
  fired_ms: moment,
  resolved_ms: moment,
  value: T.Optional(T.Number()),
  flapping: T.Boolean(),
  acknowledged: T.Optional(T.Object({ by: T.String(), at_ms: T.Integer(), note: T.String() })),
  muted: T.Optional(
    T.Object(
      { by: T.Union([T.Literal("silence"), T.Literal("maintenance"), T.Literal("inhibition")]) },
      {
        description: "Why nobody is told of it.",
        additionalProperties: true,
      },
    ),
  ),
});

export const Past: TSchema = T.Object({
  fingerprint: T.String(),
  rule: T.String(),
  name: T.String(),
  severity: Severity,
  cluster: T.String({ description: "The cluster's id." }),
  kind: T.String(),
  namespace: T.String(),
  object: T.String(),
  labels: Labels,
  fired_ms: T.Integer(),
  resolved_ms: moment,
  firing: T.Boolean({ description: "Whether it goes on." }),
  summary: T.String(),
  acknowledged_by: word,
});

export const pastShape = ({ about, firedMs, resolvedMs, going = false, summary, takenBy }: PastAlert) => ({
  ...about,
  fired_ms: firedMs,
  ...(resolvedMs === undefined ? {} : { resolved_ms: resolvedMs }),
  firing: going,
  summary,
  ...(takenBy === undefined ? {} : { acknowledged_by: takenBy }),
});

export const Silence: TSchema = T.Object({
  id,
  tenant: word,
  cluster: word,
  namespace: word,
  matchers: T.Array(Matcher),
  comment: T.String(),
  by: T.String(),
  createdMs: T.Integer(),
  startsMs: T.Integer(),
  endsMs: T.Integer(),
});
export const SilenceWhere = {
  tenant: word,
  cluster: T.Optional(T.String({ description: "A cluster, by its id or name." })),
  namespace: word,
  matchers: T.Array(Matcher, { maxItems: 20 }),
};
export const SilenceAsked = T.Object({
  ...SilenceWhere,
  comment: T.String({ description: "Why." }),
  startsMs: T.Optional(T.Integer({ description: "Now, where it is not said." })),
  endsMs: T.Integer(),
});
export const SilencePreview = T.Object(SilenceWhere);
export const Acknowledge = T.Object({ note: T.Optional(T.String({ maxLength: 500 })) });
export const RuleShape = T.Composite([
  Rule,
  T.Object({
    id,
    tenant: word,
    origin: T.String({ description: "default, changed, own or file" }),
    file: T.Optional(T.String({ description: "The file that it comes from." })),
  }),
]);
export const RuleAsked = T.Composite([Rule, T.Object({ tenant: word })]);
export const { settings, ...channelRest } = ChannelBody.properties;
export const Channel: TSchema = T.Object({
  ...channelRest,
  id,
  tenant: word,
  settings: T.Record(T.String(), T.String()),
  secrets: T.Array(T.String(), { description: "Names of the secrets that it has." }),
  createdMs: T.Integer(),
});
export const ChannelAsked = T.Object({ ...channelRest, settings, tenant: word });
export const Delivery: TSchema = T.Object({
  id,
  channel: T.String(),
  channelName: T.String(),
  title: T.String(),
  state: T.String({
    description: "queued, sending, sent, failed, or superseded: told by a newer one of its group",
  }),
  attempts: T.Integer(),
  createdMs: T.Integer(),
  nextMs: T.Integer(),
  endedMs: moment,
  answer: T.String({ description: "What the receiver, or what was in the way, said last." }),
  supersededBy: T.Optional(T.String({ description: "The id of the newer one." })),
  fingerprints: T.Array(T.String()),
});
export const Done = T.Object({ done: T.Literal(true) });
export const done = { done: true };

export function shapeOf({ alerts }: SeenParts, one: AlertView) {
  const { sinceMs, firedMs, resolvedMs, lastMs: _l, fired: _f, ack, ...rest } = one;
  const muted = alerts.muted(one.fingerprint);
  return {
    ...rest,
    since_ms: sinceMs,
    ...(firedMs === undefined ? {} : { fired_ms: firedMs }),
    ...(resolvedMs === undefined ? {} : { resolved_ms: resolvedMs }),
    ...(ack ? { acknowledged: { by: ack.by, at_ms: ack.atMs, note: ack.note } } : {}),
    ...(muted ? { muted } : {}),
  };
}

export const asker = (request: Request, by: Principal): Asker => ({
  by,
  address: requestInfo(request).address,
});
export const bodyOf = async <S extends TSchema>(schema: S, request: Request) =>
  decode(schema, parseJson(await readBody(request)));

export const route = (
  one: Partial<Route> & Pick<Route, "path" | "id" | "tag" | "summary" | "answer" | "get">,
): Route => ({
  query: {},
  ...one,
});
/** A route that lists all there is of something, as far as who asks may see it. */
export const listing = ({
  items,
  item,
  ...one
}: Pick<Route, "path" | "id" | "tag" | "summary"> &
  Pick<Partial<Route>, "role"> & {
    item: TSchema;
    items(parts: SeenParts, by: Principal): readonly unknown[];
  }): Route =>
  route({
    ...one,
    answer: page(item),
    get(parts, _request, _params, by) {
      const found = items(parts, by);
      return { items: found, total: found.length };
    },
  });
export const post = (one: Parameters<typeof route>[0]): Route => route({ method: "POST", ...one });
