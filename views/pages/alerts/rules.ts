import type { RuleFileView, RuleView } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import type { PlaceView } from "../../parts/grant.ts";
import { pageHref } from "../../parts/links.ts";
import { badge, mark } from "../../parts/state.ts";
import { durationText } from "../../../wire/duration.ts";
import type { RulePreview } from "../../rule-preview.ts";
import type { Viewing } from "../../viewing.ts";
import { filesInTrouble, takenAlong } from "./rule-files.ts";
import { type AlertForm, alertForm, alertsHead, hidden, wholeFault } from "./common.ts";
import { conditionText } from "./condition-text.ts";
import { ruleEditor } from "./rule-editor.ts";

export interface RulesData {
  rules: readonly RuleView[];
  files: readonly RuleFileView[];
  /** The rule that is looked at, as files have it. */
  yaml?: string | undefined;
  /** What the rule in the form would have done, where that was asked. */
  preview?: RulePreview | undefined;
  /** How many alerts of each rule fire, as far as the viewer sees them. */
  firing: ReadonlyMap<string, number>;
  mayChange(rule: Pick<RuleView, "tenant">): boolean;
  /** Where a new rule can be for. */
  places: readonly PlaceView[];
}

export function rulesPage(v: Viewing, data: RulesData, form?: AlertForm): Record<string, Html> {
  const edit = ruleEditor(v, data, form);
  // What somebody is at stands before the long list.
  const edits = v.query.has("edit") || v.query.has("new") || form?.do === "put" || form?.do === "preview";
  return {
    head: alertsHead(
      v,
      "rules",
      data.rules.length,
      // The list is long, and what adds one stands below it.
      edits || data.places.length === 0
        ? nothing
        : html`<a class="button" href="#edit">${v.t.alerts.rules.add}</a>`,
    ),
    files: filesInTrouble(v, data.files),
    ...(edits ? { edit } : {}),
    list: table(v, data, form),
    yaml: takenAlong(v, data.places.length > 0),
    ...(edits ? {} : { edit }),
  };
}

function table(v: Viewing, { rules, firing, mayChange }: RulesData, form?: AlertForm): Html {
  const t = v.t.alerts;
  return html`<div id="list">${wholeFault(v, form?.do === "switch" || form?.do === "remove" ? form : undefined, form?.do ?? "", [])}<table class="list"><thead><tr><th scope="col">${t.rules.name}</th><th scope="col">${t.rules.condition}</th><th scope="col" class="right p2">${t.rules.for}</th><th scope="col" class="right">${t.rules.firing}</th><th scope="col"><span class="sr">${v.t.common.actions}</span></th></tr></thead><tbody>${rules.map(
    (one) => {
      const href = pageHref(v, "/alerts/rules", { edit: one.id });
      const count = firing.get(one.id) ?? 0;
      return html`<tr id="r-${one.id}" data-href="${href}" data-name="${one.name}"><td class="name a"><a href="${href}">${mark(v, one.enabled ? one.severity : "unknown")} ${one.name}</a>${one.enabled ? nothing : html` ${badge(t.rules.off)}`}${originBadge(v, one)}</td><td class="grow c">${conditionText(v, one.condition)}</td><td class="right p2">${durationText(one.forMs)}</td><td class="right b">${
        count > 0
          ? html`<a href="${pageHref(v, "/alerts", { rule: one.id, state: "firing" })}"><strong>${count}</strong></a>`
          : nothing
      }</td><td class="right d">${
        one.file === undefined && mayChange(one)
          ? alertForm(
              v,
              "rules",
              "switch",
              html`${hidden("id", one.id)}<button class="button">${one.enabled ? t.rules.switchOff : t.rules.switchOn}</button>`,
              "inline",
            )
          : nothing
      }</td></tr>`;
    },
  )}</tbody></table></div>`;
}

function originBadge(v: Viewing, { origin, file = "" }: RuleView): Content {
  if (origin === "default") return nothing;
  return html` ${badge(origin === "file" ? v.t.alerts.ruleFiles.from(file) : v.t.alerts.rules.origin[origin])}`;
}
