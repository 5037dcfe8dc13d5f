import type { AlertView, SilenceView } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { areaField, field, selectField } from "../../parts/form.ts";
import type { PlaceView } from "../../parts/grant.ts";
import { pageHref } from "../../parts/links.ts";
import { exactTime } from "../../parts/time.ts";
import type { Opening } from "../../schedule-model.ts";
import type { Viewing } from "../../viewing.ts";
import { absent } from "../detail/blocks.ts";
import { type AlertForm, alertForm, faultAt, hidden, matchersText, wholeFault } from "./common.ts";
import { hiddenList, placeOptions, placeValue } from "./place.ts";
import { localText, zoneField } from "./times.ts";

export interface SilenceFormData {
  silences: readonly SilenceView[];
  mayChange(silence: SilenceView): boolean;
  /** Where the viewer may silence. */
  places: readonly PlaceView[];
  /** What the silence that is being written would hide, and when; absent until that is asked. */
  preview: readonly AlertView[] | undefined;
  opening: Opening | undefined;
  /** Whose clocks count where the browser does not say its own. */
  zone: string;
}

const ownFields = ["matchers", "comment", "hours", "from", "to", "endsMs", "zone"];

/** The form of a silence: of a new one, of one that is changed, or of one that is over and wanted again. */
export function silenceEditor(v: Viewing, data: SilenceFormData, form?: AlertForm): Html {
  const t = v.t.alerts.silences;
  if (data.places.length === 0) return absent("edit");
  const posted = form?.do === "put" || form?.do === "preview" ? form : undefined;
  const values = posted && (posted.shown.preview ? posted.shown : posted.values);
  const named = (id: string | null | undefined) =>
    data.silences.find((one) => one.id === id && data.mayChange(one));
  const changed = named(values ? values.id : v.query.get("edit"));
  const edited = changed && changed.endsMs > v.now ? changed : undefined;
  const again = values ? undefined : named(v.query.get("again"));
  const shown = values ?? { ...((edited ?? again) ? valuesOf((edited ?? again)!) : {}) };
  const place = html`${selectField("where", t.where, placeOptions(v, data.places), shown.where ?? data.places[0]!.value, "silence-where")}${field({ id: "silence-namespace", name: "namespace", label: t.namespace, value: shown.namespace ?? "", maxlength: 63, autocomplete: "off" })}`;
  const content = alertForm(
    v,
    "silences",
    "put",
    html`${hidden("id", edited?.id ?? "")}${posted && values?.back ? hidden("back", values.back) : nothing}${wholeFault(v, posted, posted?.do ?? "", ownFields)}${place}${silenceFields(v, shown, { zone: data.zone, form: posted, edited })}${openingPart(data)}${hiddenList(v, data.preview, "silence-preview")}${silenceButtons(v, data.preview?.length ?? 0, edited)}`,
  );
  if (edited)
    return html`<section id="edit" class="panel" hx-morph-skip><h2>${t.change}</h2>${content}</section>`;
  return html`<section id="edit" class="panel" hx-morph-skip><details class="fold"${posted || again || data.silences.length === 0 ? html` open` : nothing}><summary>${t.add}</summary>${content}</details></section>`;
}

/** What a silence is of, why, and when; the same here and on an alert's page. */
export function silenceFields(
  v: Viewing,
  values: Record<string, string>,
  { zone, form, edited }: { zone: string; form?: AlertForm | undefined; edited?: SilenceView | undefined },
): Content {
  const t = v.t.alerts.silences;
  const told = (name: string) => faultAt(v, form, form?.do ?? "", name);
  const fault = (name: string) => told(name) ?? (name === "to" ? told("endsMs") : undefined);
  const moment = (name: "from" | "to", label: string, ms: number | undefined, hint?: string) => {
    // Fresh from what is kept, the browser says it by its own clocks.
    const kept = form || ms === undefined ? undefined : ms;
    const value = kept === undefined ? (values[name] ?? "") : localText(kept, zone);
    return field({
      id: `silence-${name}`,
      name,
      label,
      type: "datetime-local",
      value,
      required: edited !== undefined && name === "to",
      fault: fault(name),
      ...(kept === undefined ? {} : { atMs: kept }),
      ...(hint ? { hint } : {}),
    });
  };
  const began = edited !== undefined && edited.startsMs <= v.now;
  const from = began
    ? nothing
    : moment("from", v.t.alerts.maintenance.from, edited?.startsMs, edited ? undefined : t.fromHint);
  const to = moment("to", v.t.alerts.maintenance.to, edited?.endsMs, edited ? undefined : t.toHint);
  const when = html`${from}${to}${zoneField(v, "silence-zone", values.zone || zone, fault("zone"), !form)}`;
  const open = ["from", "to", "zone"].some((name) => fault(name)) || values.from || values.to;
  return html`${areaField({ id: "silence-matchers", name: "matchers", label: t.matchers, value: values.matchers ?? "", rows: 3, hint: t.matchersHint, fault: fault("matchers") })}${field({ id: "silence-comment", name: "comment", label: t.comment, value: values.comment ?? "", required: true, maxlength: 500, autocomplete: "off", fault: fault("comment") })}${
    edited
      ? when
      : html`${selectField("hours", t.for, Object.entries(t.hours), values.hours ?? "1", "silence-hours", false, { fault: fault("hours") })}<details class="fold"${open ? html` open` : nothing}><summary>${t.planned}</summary><div class="form">${when}</div></details>`
  }`;
}

/** That which Enter presses stands first. */
export function silenceButtons(v: Viewing, hides: number, edited?: SilenceView): Html {
  const t = v.t.alerts.silences;
  const label = edited ? t.save : t.button;
  return html`<div class="row"><button class="button primary">${hides > 0 ? `${label} (${hides})` : label}</button><button class="button" name="do" value="preview" formnovalidate>${t.preview}</button>${edited ? html`<a class="button" href="${pageHref(v, "/alerts/silences")}">${v.t.common.cancel}</a>` : nothing}</div>`;
}

function openingPart({ opening }: SilenceFormData): Content {
  if (!opening) return nothing;
  return html`<p id="silence-opening">${exactTime(opening.startsMs)} – ${exactTime(opening.endsMs)}</p>`;
}

function valuesOf(one: SilenceView): Record<string, string> {
  return {
    where: placeValue(one),
    namespace: one.namespace ?? "",
    matchers: one.matchers.map((of) => matchersText([of])).join("\n"),
    comment: one.comment,
  };
}
