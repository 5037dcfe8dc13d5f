import type { AlertView, SilenceView } from "../../alert-model.ts";
import { type Html, html, nothing } from "../../html.ts";
import { empty } from "../../parts/empty.ts";
import { areaField, field, selectField } from "../../parts/form.ts";
import type { PlaceView } from "../../parts/grant.ts";
import { badge } from "../../parts/state.ts";
import { age, until } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { absent } from "../detail/blocks.ts";
import {
  type AlertForm,
  alertForm,
  alertsHead,
  faultAt,
  hidden,
  matchersText,
  wholeFault,
} from "./common.ts";
import { hiddenList, placeOptions, placeText } from "./place.ts";

export interface SilencesData {
  silences: readonly SilenceView[];
  /** How many alerts each of them hides now. */
  hides: ReadonlyMap<string, number>;
  mayEnd(silence: SilenceView): boolean;
  /** Where the viewer may silence. */
  places: readonly PlaceView[];
  tenants: ReadonlyMap<string, string>;
  /** What the silence that is being written would hide; absent until that is asked. */
  preview: readonly AlertView[] | undefined;
}

export function silencesPage(v: Viewing, data: SilencesData, form?: AlertForm): Record<string, Html> {
  return {
    head: alertsHead(v, "silences", data.silences.filter((one) => one.endsMs > v.now).length),
    edit: editor(v, data, form),
    list: table(v, data, form),
  };
}

function table(v: Viewing, data: SilencesData, form?: AlertForm): Html {
  const t = v.t.alerts.silences;
  if (data.silences.length === 0) return html`<div id="list">${empty(t.nothing, t.nothingHow)}</div>`;
  return html`<div id="list">${wholeFault(v, form, "end", [])}<table class="list"><thead><tr><th scope="col">${t.matchers}</th><th scope="col">${t.comment}</th><th scope="col">${t.by}</th><th scope="col" class="right">${t.hides}</th><th scope="col" class="right">${t.until}</th><th scope="col"><span class="sr">${v.t.common.actions}</span></th></tr></thead><tbody>${data.silences.map((one) => row(v, one, data))}</tbody></table></div>`;
}

function row(v: Viewing, one: SilenceView, data: SilencesData): Html {
  const t = v.t.alerts.silences;
  const over = one.endsMs <= v.now;
  return html`<tr id="s${one.id}" data-name="${one.comment}"><td class="name a"><code>${matchersText(one.matchers)}</code> <span class="soft small">${placeText(v, one, data.tenants)}</span></td><td class="grow c">${one.comment}</td><td>${one.by}</td><td class="right">${over ? nothing : (data.hides.get(one.id) ?? 0)}</td><td class="right b">${
    over
      ? html`${badge(t.ended)} ${age(v, one.endsMs)}`
      : one.startsMs > v.now
        ? html`${t.starts} ${until(v, one.startsMs)}`
        : until(v, one.endsMs)
  }</td><td class="right d">${
    !over && data.mayEnd(one)
      ? alertForm(
          v,
          "silences",
          "end",
          html`${hidden("id", one.id)}<button class="button">${t.end}</button>`,
          "inline",
        )
      : nothing
  }</td></tr>`;
}

function editor(v: Viewing, data: SilencesData, form?: AlertForm): Html {
  const t = v.t.alerts.silences;
  if (data.places.length === 0) return absent("edit");
  const posted = form?.do === "add" || form?.do === "preview" ? form : undefined;
  const values: Record<string, string> = posted?.shown.preview ? posted.shown : (posted?.values ?? {});
  const fault = (name: string) => faultAt(v, posted, posted?.do ?? "", name);
  const button = data.preview && data.preview.length > 0 ? `${t.button} (${data.preview.length})` : t.button;
  return html`<section id="edit" class="panel" hx-morph-skip><details class="fold"${posted ? html` open` : nothing}><summary>${t.add}</summary>${alertForm(
    v,
    "silences",
    "add",
    html`${wholeFault(v, posted, posted?.do ?? "", ["matchers", "comment"])}${selectField("where", t.where, placeOptions(v, data.places), values.where ?? data.places[0]!.value, "silence-where")}${field({ id: "silence-namespace", name: "namespace", label: t.namespace, value: values.namespace ?? "", maxlength: 63, autocomplete: "off" })}${areaField({ id: "silence-matchers", name: "matchers", label: t.matchers, value: values.matchers ?? "", rows: 3, hint: t.matchersHint, fault: fault("matchers") })}${selectField("hours", t.for, Object.entries(t.hours), values.hours ?? "1", "silence-hours")}${field({ id: "silence-comment", name: "comment", label: t.comment, value: values.comment ?? "", maxlength: 500, autocomplete: "off", fault: fault("comment") })}${hiddenList(v, data.preview, "silence-preview")}<div class="row"><button class="button" name="do" value="preview">${t.preview}</button><button class="button primary">${button}</button></div>`,
  )}</details></section>`;
}
