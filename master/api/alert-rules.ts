import { Type as T } from "@sinclair/typebox";
import { previewRanges, type PreviewRange } from "../../views/rule-preview.ts";
import { readBody } from "../../wire/body.ts";
import { problem } from "../../wire/problem.ts";
import { exported, refuseFaults } from "../alert/import.ts";
import { Rule } from "../alert/rule.ts";
import { asker, bodyOf, Done, done, listing, post, route, RuleAsked, RuleShape } from "./alert-shapes.ts";
import { page } from "./common.ts";
import { choice, flag, readQuery, text } from "./query.ts";
import type { Route } from "./route.ts";

const listParameters = {
  format: choice("json by default; yaml as files of rules have it.", ["json", "yaml"]),
  all: flag("In YAML: not only what was made or changed here, but every rule."),
};
const importParameters = {
  tenant: text("Whose the rules are that name no tenant; a tenant's id. The installation's by default."),
  dry: flag("Only tell what would change."),
};
const Fault = T.Object({
  line: T.Optional(T.Integer()),
  column: T.Optional(T.Integer()),
  rule: T.Optional(T.String({ description: "Its id, or `#2` for the second." })),
  path: T.Optional(T.String({ description: "Within the rule: `condition.trigger`." })),
  message: T.String(),
});
const Imported = T.Object({
  added: T.Array(T.String({ description: "ids" })),
  changed: T.Array(T.String()),
  same: T.Integer(),
});

const previewParameters = {
  range: choice("How far back it goes; 7d by default.", Object.keys(previewRanges) as PreviewRange[]),
};
const about = {
  cluster: T.String(),
  kind: T.String(),
  namespace: T.String(),
  object: T.String(),
  measure: T.Optional(T.String({ description: "`group/series`, where it is of a value." })),
};
const ms = T.Integer({ description: "ms since 1970" });
const Preview = T.Object({
  fromMs: ms,
  toMs: ms,
  basis: T.String({
    description: "From what: stored values, diagnosed occurrences, stored events, or the present alone.",
  }),
  stepMs: T.Integer({ description: "Between two values that were looked at; 0 where each change was." }),
  of: T.String({ description: "mean, or furthest: which of a step's values was looked at." }),
  knownFromMs: T.Optional(
    T.Integer({ description: "From when on there is something to look at, where that is later." }),
  ),
  alerts: T.Array(
    T.Object({
      ...about,
      firedMs: ms,
      resolvedMs: T.Optional(T.Integer({ description: "Absent: it would fire now." })),
      peak: T.Optional(T.Number()),
      flapping: T.Boolean(),
      muted: T.Optional(T.Boolean({ description: "A silence or maintenance held all the time." })),
    }),
    { description: "The newest first, 500 at most." },
  ),
  total: T.Integer(),
  muted: T.Integer({ description: "Of how many nobody would have been told: silences and maintenance." }),
  now: T.Array(T.Object({ ...about, text: T.String() }), { description: "What it holds for now." }),
  nowTotal: T.Integer(),
  there: T.Integer({ description: "How many objects, or clusters, there are to look at." }),
  gone: T.Integer({ description: "How many nodes, workloads and pods among them are gone." }),
  looked: T.Integer({ description: "How many were before the time for it was over." }),
});

/** What is judged. */
export const alertRuleRoutes: readonly Route[] = [
  route({
    path: "/api/v1/alert-rules",
    id: "listAlertRule",
    tag: "alert-rules",
    summary:
      "The rules, those that come with AtlHyper and those of files among them; or, as YAML, a file of them.",
    query: listParameters,
    answer: page(RuleShape),
    async get(parts, request, _params, by) {
      const { format, all = false } = readQuery(request.url, listParameters);
      const items = parts.alerting.rules(by);
      if (format !== "yaml") return { items, total: items.length };
      return new Response(await parts.alerting.yaml(exported(items, all)), {
        headers: {
          "content-type": "application/yaml; charset=utf-8",
          "content-disposition": 'attachment; filename="rules.yaml"',
        },
      });
    },
  }),
  listing({
    path: "/api/v1/alert-rules/files",
    id: "listAlertRuleFile",
    tag: "alert-rules",
    summary:
      "The files that rules come from, and what is wrong with them; for who sees the whole installation.",
    item: T.Object({
      file: T.String(),
      rules: T.Integer({ description: "How many of it are judged." }),
      faults: T.Array(Fault),
      sinceMs: T.Integer(),
    }),
    items: (parts, by) => parts.alerting.ruleFiles(by),
  }),
  post({
    path: "/api/v1/alert-rules/import",
    role: "admin",
    id: "importAlertRule",
    tag: "alert-rules",
    summary: "Takes a file of rules, all of it or nothing; rules that are not in it stay as they are.",
    query: importParameters,
    body: T.String({ description: "Rules in YAML, as format=yaml gives them." }),
    bodyType: "application/yaml",
    answer: Imported,
    async get(parts, request, _params, by) {
      const { tenant, dry } = readQuery(request.url, importParameters);
      const yaml = utf8(await readBody(request));
      const compared = dry
        ? await parts.alerting.compareRules(by, yaml, tenant)
        : await parts.alerting.importRules(asker(request, by), yaml, tenant);
      refuseFaults(compared, "rules");
      const ids = (added: boolean) =>
        compared.different.filter((one) => one.added === added).map((one) => one.id);
      return { added: ids(true), changed: ids(false), same: compared.same };
    },
  }),
  post({
    path: "/api/v1/alert-rules/preview",
    id: "previewAlertRule",
    tag: "alert-rules",
    summary:
      "What a rule would have done over the time that is kept, as far as one sees it; nothing is changed.",
    query: previewParameters,
    body: RuleAsked,
    answer: Preview,
    async get(parts, request, _params, by) {
      const { range = "7d" } = readQuery(request.url, previewParameters);
      const { tenant, ...body } = await bodyOf(RuleAsked, request);
      return parts.alerting.preview(by, { body, tenant, range, signal: request.signal });
    },
  }),
  post({
    path: "/api/v1/alert-rules",
    role: "admin",
    id: "addAlertRule",
    tag: "alert-rules",
    summary: "Adds a rule, of a tenant or of the installation.",
    body: RuleAsked,
    answer: RuleShape,
    async get(parts, request, _params, by) {
      const { tenant, ...body } = await bodyOf(RuleAsked, request);
      const made = await parts.alerting.putRule(asker(request, by), undefined, body, tenant);
      return { ...made, origin: "own" };
    },
  }),
  post({
    path: "/api/v1/alert-rules/:id",
    role: "admin",
    id: "changeAlertRule",
    tag: "alert-rules",
    summary: "Puts another rule in a rule's place; its alerts stay the same.",
    body: Rule,
    answer: RuleShape,
    async get(parts, request, params, by) {
      await parts.alerting.putRule(asker(request, by), params.id!, await bodyOf(Rule, request));
      return parts.alerting.rules(by).find((one) => one.id === params.id);
    },
  }),
  post({
    path: "/api/v1/alert-rules/:id/remove",
    role: "admin",
    id: "removeAlertRule",
    tag: "alert-rules",
    summary: "Removes a rule; one that comes with AtlHyper is as it came again.",
    answer: Done,
    async get(parts, request, params, by) {
      await parts.alerting.removeRule(asker(request, by), params.id!);
      return done;
    },
  }),
];

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw problem(400, "the body is not text in UTF-8");
  }
}
