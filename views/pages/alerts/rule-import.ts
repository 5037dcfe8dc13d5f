import type { RuleComparison } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { differenceLines } from "../../parts/difference.ts";
import { selectField } from "../../parts/form.ts";
import type { PlaceView } from "../../parts/grant.ts";
import { pageHref } from "../../parts/links.ts";
import { badge } from "../../parts/state.ts";
import type { Viewing } from "../../viewing.ts";
import { absent } from "../detail/blocks.ts";
import { type AlertForm, alertsHead, hidden, tabForm, wholeFault } from "./common.ts";
import { faultList } from "./rule-files.ts";

export interface RuleImportData {
  /** How many rules there are. */
  count: number;
  /** Whose rules can be that name no tenant. */
  places: readonly PlaceView[];
  compared: RuleComparison | undefined;
}

const path = "/alerts/rules/import";

export function ruleImportPage(v: Viewing, data: RuleImportData, form?: AlertForm): Record<string, Html> {
  return {
    head: alertsHead(v, "rules", data.count),
    compared: data.compared ? comparedPart(v, data.compared, form) : absent("compared"),
    import: importForm(v, data, form),
  };
}

function importForm(v: Viewing, { places }: RuleImportData, form?: AlertForm): Html {
  const t = v.t.alerts.ruleFiles;
  const said = { ...form?.values, ...form?.shown };
  const choices = places.map(({ value, name }): [string, string] => [
    value,
    value === "" ? v.t.alerts.rules.everywhere : v.t.alerts.rules.tenant(name),
  ]);
  return html`<section id="import" class="panel" hx-morph-skip><h2>${t.import}</h2><p class="soft">${t.importHow}</p>${tabForm(
    v,
    path,
    "compare",
    html`${wholeFault(v, form, "compare", [])}${said.said ? html`<p class="fault" role="alert">${v.t.told(said.said)}</p>` : nothing}${
      choices.length < 2
        ? hidden("where", choices[0]?.[0] ?? "")
        : selectField("where", t.whose, choices, said.where ?? "", "import-where")
    }<div class="field"><label for="import-file">${t.file}</label><input id="import-file" type="file" accept=".yaml,.yml,application/yaml" data-reads="import-yaml"></div><div class="field"><label for="import-yaml">${t.yaml}</label><textarea id="import-yaml" name="yaml" class="editor mono" data-editor required spellcheck="false" autocomplete="off" autocapitalize="off" rows="18" aria-describedby="import-hint">
${said.yaml ?? ""}</textarea><p class="hint" id="import-hint">${t.compareKey}</p></div><div class="row"><button class="button primary">${t.compare}</button><a class="button" href="${pageHref(v, "/alerts/rules")}">${v.t.common.cancel}</a></div>`,
    "form wide-form",
  )}</section>`;
}

function comparedPart(v: Viewing, compared: RuleComparison, form?: AlertForm): Html {
  const t = v.t.alerts.ruleFiles;
  const { faults, different, same, state } = compared;
  if (faults.length > 0)
    return html`<div id="compared" class="panel" role="alert" hx-morph-skip><h2>${t.faults(faults.length)}</h2>${faultList(v, faults)}</div>`;
  if (different.length === 0)
    return html`<div id="compared" class="panel" role="status" hx-morph-skip><p>${t.nothing}</p></div>`;
  const added = different.filter((one) => one.added).length;
  const shown = form?.shown ?? {};
  const take = html`${hidden("where", shown.where ?? "")}${hidden("state", state)}<textarea name="yaml" hidden>
${shown.yaml ?? ""}</textarea><button class="button primary">${t.take(different.length)}</button>`;
  return html`<div id="compared" class="panel" role="status" hx-morph-skip><h2>${t.would(added, different.length - added, same)}</h2>${different.map(
    (one): Content =>
      html`<details class="fold"${different.length <= 5 ? html` open` : nothing}><summary>${one.name}${one.added ? html` ${badge(t.added)}` : nothing}</summary><pre class="difference" tabindex="0" aria-label="${t.difference(one.name)}">${differenceLines(one.lines)}</pre></details>`,
  )}${tabForm(v, path, "take", take, "row")}</div>`;
}
