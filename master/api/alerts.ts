import { Type as T } from "@sinclair/typebox";
import type { MatcherView } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import { checkMatchers } from "../alert/labels.ts";
import {
  Acknowledge,
  Alert,
  asker,
  listing,
  bodyOf,
  moment,
  Past,
  pastShape,
  post,
  route,
  shapeOf,
  Silence,
  SilenceAsked,
  SilencePreview,
} from "./alert-shapes.ts";
import { page, scopeCluster } from "./common.ts";
import { choice, flag, integer, readQuery, text, time } from "./query.ts";
import type { Route, SeenParts } from "./route.ts";

const listParameters = {
  cluster: text("A cluster, by its id or name."),
  namespace: text("A namespace."),
  state: choice("How it stands.", ["pending", "firing", "resolved"]),
  severity: choice("How bad it is.", ["info", "warning", "critical"]),
  muted: flag("Only those of which nobody is told, or only the others."),
  rule: text("A rule's id."),
  q: text("What its name, its object or its text holds."),
};
const historyParameters = {
  from: time("Those that began since then: RFC 3339, or ms since 1970."),
  cluster: text("A cluster, by its id or name."),
  namespace: text("A namespace."),
  severity: choice("How bad it is.", ["info", "warning", "critical"]),
  rule: text("A rule's id."),
  q: text("What its name, its object or its text holds."),
  limit: integer("Most in one answer.", 1, 1000),
  cursor: text("`next` of the page before."),
};

export const alertRoutes: readonly Route[] = [
  route({
    path: "/api/v1/alerts",
    id: "listAlert",
    tag: "alerts",
    summary: "What fires, is about to, or was over within the last hour; what fires first, worst first.",
    query: listParameters,
    answer: page(Alert),
    get(parts, request) {
      const query = readQuery(request.url, listParameters);
      const items = parts.alerts.list({ ...query, ...scopeCluster(parts, query.cluster) });
      return { items: items.map((one) => shapeOf(parts, one)), total: items.length };
    },
  }),
  route({
    path: "/api/v1/alert-history",
    id: "listAlertHistory",
    tag: "alerts",
    summary: "Each time that an alert fired, the newest first, for 90 days.",
    query: historyParameters,
    answer: T.Object({
      items: T.Array(Past),
      next: T.Optional(T.String({ description: "The cursor of the next page; absent on the last." })),
    }),
    async get(parts, request) {
      const { from = 0, limit = 100, ...query } = readQuery(request.url, historyParameters);
      const asked = { ...query, ...scopeCluster(parts, query.cluster), fromMs: from, limit };
      const { items, next } = await parts.alerts.past(asked);
      return { items: items.map(pastShape), ...(next === undefined ? {} : { next }) };
    },
  }),
  route({
    path: "/api/v1/alerts/:fingerprint",
    id: "getAlert",
    tag: "alerts",
    summary: "One alert with what happened to it, the newest first; of one that is over, for 90 days.",
    answer: T.Composite([
      Alert as ReturnType<typeof T.Object>,
      T.Object({
        history: T.Array(
          T.Object({ at_ms: T.Integer(), what: T.String(), by: T.String(), note: T.String() }),
        ),
        escalations: T.Array(
          T.Object({
            policy: T.String({ description: "Its name." }),
            done: T.Integer({ description: "Steps taken." }),
            steps: T.Integer({ description: "Of how many, repetitions among them." }),
            next_ms: moment,
          }),
          { description: "Who is told next if nobody acknowledges it." },
        ),
      }),
    ]),
    async get(parts, _request, { fingerprint = "" }) {
      const found = await parts.alerts.find(fingerprint);
      if (!found) throw problem(404, "there is no such alert");
      const history = await parts.alerts.history(fingerprint);
      return {
        ...shapeOf(parts, found),
        escalations: parts.alerts.escalations(fingerprint).map(({ name, done, all, next }) => ({
          policy: name,
          done,
          steps: all,
          ...(next ? { next_ms: next.atMs } : {}),
        })),
        history: history.map(({ atMs, ...one }) => ({ at_ms: atMs, ...one })),
      };
    },
  }),
  post({
    path: "/api/v1/alerts/:fingerprint/acknowledge",
    role: "operator",
    id: "acknowledgeAlert",
    tag: "alerts",
    summary: "Says that somebody has taken it up: it is not told of again while it fires.",
    body: Acknowledge,
    answer: Alert,
    async get(parts, request, { fingerprint = "" }, by) {
      const { note = "" } = await bodyOf(Acknowledge, request);
      return shapeOf(parts, await parts.alerting.acknowledge(asker(request, by), fingerprint, note));
    },
  }),
  post({
    path: "/api/v1/alerts/:fingerprint/release",
    role: "operator",
    id: "releaseAlert",
    tag: "alerts",
    summary: "Takes an acknowledgement back.",
    answer: Alert,
    async get(parts, request, { fingerprint = "" }, by) {
      return shapeOf(parts, await parts.alerting.release(asker(request, by), fingerprint));
    },
  }),
  listing({
    path: "/api/v1/silences",
    id: "listSilence",
    tag: "silences",
    summary: "Silences that hold, will hold, or ended within 30 days.",
    item: Silence,
    items: (parts, by) => parts.alerting.silences(by),
  }),
  post({
    path: "/api/v1/silences",
    role: "operator",
    id: "addSilence",
    tag: "silences",
    summary: "Tells nobody of what matches, at a place where one is an operator, until a time.",
    body: SilenceAsked,
    answer: Silence,
    get: putSilence,
  }),
  post({
    path: "/api/v1/silences/preview",
    id: "previewSilence",
    tag: "silences",
    summary: "The alerts that a silence would hide now.",
    body: SilencePreview,
    answer: page(Alert),
    async get(parts, request) {
      const asked = await bodyOf(SilencePreview, request);
      const items = parts.alerts.hidden({ ...placeOnly(asked), ...scopeOrNone(parts, asked.cluster) });
      return { items: items.map((one) => shapeOf(parts, one)), total: items.length };
    },
  }),
  post({
    path: "/api/v1/silences/:id",
    role: "operator",
    id: "changeSilence",
    tag: "silences",
    summary: "Puts another silence in the place of one that is not over; one that holds began when it did.",
    body: SilenceAsked,
    answer: Silence,
    get: putSilence,
  }),
  post({
    path: "/api/v1/silences/:id/end",
    role: "operator",
    id: "endSilence",
    tag: "silences",
    summary: "Ends a silence now.",
    answer: Silence,
    get: (parts, request, params, by) => parts.alerting.endSilence(asker(request, by), params.id!),
  }),
];

/** A new silence, or another in the place of the one that the address names. */
async function putSilence(...[parts, request, { id }, by]: Parameters<Route["get"]>) {
  const { startsMs = 0, ...asked } = await bodyOf(SilenceAsked, request);
  const body = { ...asked, ...scopeOrNone(parts, asked.cluster), startsMs };
  return parts.alerting.putSilence(asker(request, by), id, body);
}

/** A cluster that cannot be seen stays what was given: who may what there is asked later, with no word of it here. */
export function scopeOrNone(parts: SeenParts, given: string | undefined): { cluster?: string } {
  return given === undefined ? {} : { cluster: parts.datasource.findCluster(given) ?? given };
}

export function placeOnly(asked: { tenant?: string; namespace?: string; matchers: MatcherView[] }) {
  const { tenant, namespace } = asked;
  return {
    ...(tenant === undefined ? {} : { tenant }),
    ...(namespace === undefined ? {} : { namespace }),
    matchers: checkMatchers(asked.matchers),
  };
}
