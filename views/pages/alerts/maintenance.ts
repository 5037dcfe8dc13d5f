import { durationText } from "../../../wire/duration.ts";
import type { AlertView, MaintenanceView } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { empty } from "../../parts/empty.ts";
import { areaField, field, selectField } from "../../parts/form.ts";
import type { PlaceView } from "../../parts/grant.ts";
import { pageHref } from "../../parts/links.ts";
import { badge, state } from "../../parts/state.ts";
import { until } from "../../parts/time.ts";
import { type Opening, type Schedule, type Standing, weekdays } from "../../schedule-model.ts";
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
import { hiddenList, placeOptions, placeText, placeValue } from "./place.ts";
import { daysText, localText, openingLine, openingText, zoned, zoneField } from "./times.ts";

export interface MaintenanceData {
  windows: readonly MaintenanceView[];
  standing(window: MaintenanceView): Standing;
  /** How many alerts each of those that are open hides. */
  hides: ReadonlyMap<string, number>;
  mayChange(window: MaintenanceView): boolean;
  /** Where the viewer may plan work. */
  places: readonly PlaceView[];
  tenants: ReadonlyMap<string, string>;
  /** What the window that is being written would hide now; absent until that is asked. */
  preview: readonly AlertView[] | undefined;
  /** When the window that is being written opens; undefined where that is not known yet. */
  openings: readonly Opening[] | undefined;
  /** The time zone that is taken where none is chosen. */
  zone: string;
}

const types = ["once", "weekly", "cron"] as const;

export function maintenancePage(v: Viewing, data: MaintenanceData, form?: AlertForm): Record<string, Html> {
  const notOver = data.windows.filter((one) => stateOf(data.standing(one)) !== "over");
  return {
    head: alertsHead(v, "maintenance", notOver.length),
    edit: editor(v, data, form),
    list: table(v, data, form),
  };
}

const stateOf = ({ open, untilMs }: Standing) =>
  open ? "open" : untilMs === undefined ? "over" : "scheduled";

function table(v: Viewing, data: MaintenanceData, form?: AlertForm): Html {
  const t = v.t.alerts.maintenance;
  if (data.windows.length === 0) return html`<div id="list">${empty(t.nothing, t.nothingHow)}</div>`;
  const fault = form?.do === "end" || form?.do === "remove" ? form : undefined;
  return html`<div id="list">${wholeFault(v, fault, form?.do ?? "", [])}<table class="list"><thead><tr><th scope="col">${v.t.column.name}</th><th scope="col">${t.state}</th><th scope="col">${t.next}</th><th scope="col">${t.when}</th><th scope="col" class="right">${v.t.alerts.silences.hides}</th><th scope="col"><span class="sr">${v.t.common.actions}</span></th></tr></thead><tbody>${data.windows.map((one) => row(v, one, data))}</tbody></table></div>`;
}

function row(v: Viewing, one: MaintenanceView, data: MaintenanceData): Html {
  const standing = data.standing(one);
  const href = pageHref(v, "/alerts/maintenance", { edit: one.id });
  const may = data.mayChange(one);
  const what = [placeText(v, one, data.tenants), matchersText(one.matchers)].filter(Boolean).join(" · ");
  return html`<tr id="m${one.id}" data-name="${one.name}"${may ? html` data-href="${href}"` : nothing}><td class="name a">${
    may ? html`<a href="${href}">${one.name}</a>` : one.name
  } <span class="soft small">${what}</span></td><td class="b">${standingText(v, standing)}</td><td class="c">${nextText(v, one, standing)}</td><td class="grow"><span title="${one.reason}">${scheduleText(v, one.schedule)} · ${one.reason} (${one.by})</span></td><td class="right">${standing.open ? (data.hides.get(one.id) ?? 0) : nothing}</td><td class="right d">${
    standing.open && may
      ? alertForm(
          v,
          "maintenance",
          "end",
          html`${hidden("id", one.id)}<button class="button">${v.t.alerts.silences.end}</button>`,
          "inline",
        )
      : nothing
  }</td></tr>`;
}

function standingText(v: Viewing, { open, untilMs }: Standing): Content {
  const { maintenance: t, times } = v.t.alerts;
  if (open)
    return html`${state(v, "info", t.states.open)}${untilMs === undefined ? nothing : html` <span class="soft">${times.another} ${until(v, untilMs)}</span>`}`;
  if (untilMs === undefined) return badge(t.states.over);
  return html`${badge(t.states.scheduled)} <span class="soft">${times.in} ${until(v, untilMs)}</span>`;
}

/** When it opens next, or until when it is open, at the clocks of its zone. */
function nextText(v: Viewing, { schedule }: MaintenanceView, { open, untilMs }: Standing): Content {
  if (untilMs === undefined) return nothing;
  const when = zoned(v, untilMs, schedule.zone, "short");
  return open ? v.t.alerts.maintenance.until(when) : when;
}

export function scheduleText(v: Viewing, one: Schedule): Content {
  const t = v.t.alerts;
  if (one.type === "once") return openingText(v, one, one.zone);
  if (one.type === "weekly") return `${daysText(one, t.times.days)} ${one.from}-${one.to} ${one.zone}`;
  return html`<code>${one.expression}</code> ${t.maintenance.lasting(durationText(one.durationMs))} ${one.zone}`;
}

function editor(v: Viewing, data: MaintenanceData, form?: AlertForm): Html {
  const t = v.t.alerts.maintenance;
  const posted = form?.do === "put" || form?.do === "preview" ? form : undefined;
  const values = posted && (posted.shown.preview ? posted.shown : posted.values);
  const window = data.windows.find((one) => one.id === (values?.id || v.query.get("edit")));
  const wanted = window?.schedule.type ?? values?.type ?? v.query.get("new");
  const type = types.find((one) => one === wanted);
  if (window ? !data.mayChange(window) : data.places.length === 0) return absent("edit");
  if (!type)
    return html`<section id="edit" class="panel"><h2>${t.add}</h2><p class="soft">${t.addHow}</p><div class="row">${types.map(
      (one) =>
        html`<a class="button" href="${pageHref(v, "/alerts/maintenance", { new: one })}#edit">${t.types[one]}</a>`,
    )}</div></section>`;
  const shown = values ?? (window ? valuesOf(window) : { from: "", zone: data.zone });
  return html`<section id="edit" class="panel" hx-morph-skip><h2>${window ? t.editTitle(window.name) : t.addTitle(t.types[type])}</h2>${alertForm(v, "maintenance", "put", fields(v, type, shown, data, window, posted))}${
    window
      ? html`<details class="fold"><summary>${t.remove}</summary><p class="soft">${t.removeHow}</p>${alertForm(v, "maintenance", "remove", html`${hidden("id", window.id)}<button class="button danger">${t.remove}</button>`, "row")}</details>`
      : nothing
  }</section>`;
}

const ownFields = ["name", "reason", "matchers", "zone", "from", "to", "expression", "duration"];

function fields(
  v: Viewing,
  type: Schedule["type"],
  values: Record<string, string>,
  data: MaintenanceData,
  window: MaintenanceView | undefined,
  form?: AlertForm,
): Content {
  const t = v.t.alerts.maintenance;
  const silences = v.t.alerts.silences;
  const fault = (name: string) => faultAt(v, form, form?.do ?? "", name);
  const text = (name: string, label: string, more: Partial<Parameters<typeof field>[0]> = {}) =>
    field({
      id: `maintenance-${name}`,
      name,
      label,
      value: values[name] ?? "",
      autocomplete: "off",
      fault: fault(name),
      ...more,
    });
  const when = {
    once: () =>
      html`${text("from", t.from, { type: "datetime-local", required: true })}${text("to", t.to, { type: "datetime-local", required: true })}`,
    weekly: () =>
      html`<fieldset class="field"><legend>${t.days}</legend><div class="row">${weekdays.map(
        (one) =>
          html`<label class="tick"><input type="checkbox" name="day-${one}" value="1"${values[`day-${one}`] === "1" ? html` checked` : nothing}> ${v.t.alerts.times.days[one]}</label>`,
      )}</div></fieldset>${text("from", t.from, { type: "time", required: true })}${text("to", t.to, { type: "time", required: true, hint: t.toHint })}`,
    cron: () =>
      html`${text("expression", t.expression, { maxlength: 100, required: true, hint: t.expressionHint })}${text("duration", t.duration, { maxlength: 20, required: true, hint: t.durationHint })}`,
  };
  const hides = data.preview?.length ?? 0;
  return html`${hidden("id", window?.id ?? "")}${hidden("type", type)}${wholeFault(v, form, form?.do ?? "", ownFields)}${text("name", v.t.column.name, { maxlength: 100, required: true })}${text("reason", t.reason, { maxlength: 500, required: true })}${selectField("where", silences.where, placeOptions(v, data.places), values.where ?? data.places[0]?.value ?? "", "maintenance-where")}${text("namespace", silences.namespace, { maxlength: 63 })}${areaField({ id: "maintenance-matchers", name: "matchers", label: silences.matchers, value: values.matchers ?? "", rows: 3, hint: silences.matchersHint, fault: fault("matchers") })}${when[type]()}${zoneField(v, "maintenance-zone", values.zone || data.zone, fault("zone"), !form && !window)}${openings(v, data.openings, values.zone || data.zone)}${hiddenList(v, data.preview, "maintenance-preview")}<div class="row"><button class="button primary">${hides > 0 ? `${t.save} (${hides})` : t.save}</button><button class="button" name="do" value="preview" formnovalidate>${t.preview}</button><a class="button" href="${pageHref(v, "/alerts/maintenance")}">${v.t.common.cancel}</a></div>`;
}

function openings(v: Viewing, all: readonly Opening[] | undefined, zone: string): Content {
  if (!all) return nothing;
  const t = v.t.alerts.maintenance;
  return html`<div id="maintenance-openings"><p>${all.length === 0 ? t.noOpening : t.openings}</p><ol class="firing">${all.map(
    (one) => html`<li>${openingLine(v, one, zone)}</li>`,
  )}</ol></div>`;
}

function valuesOf(one: MaintenanceView): Record<string, string> {
  const { schedule } = one;
  return {
    id: one.id,
    name: one.name,
    reason: one.reason,
    where: placeValue(one),
    namespace: one.namespace ?? "",
    matchers: one.matchers.map((of) => matchersText([of])).join("\n"),
    zone: schedule.zone,
    ...(schedule.type === "once"
      ? { from: localText(schedule.startsMs, schedule.zone), to: localText(schedule.endsMs, schedule.zone) }
      : schedule.type === "weekly"
        ? {
            from: schedule.from,
            to: schedule.to,
            ...Object.fromEntries(schedule.days.map((day) => [`day-${day}`, "1"])),
          }
        : { expression: schedule.expression, duration: durationText(schedule.durationMs) }),
  };
}

/** What is being maintained, for the overview: only where something is. */
export function maintainedPart(
  v: Viewing,
  all: readonly { id: string; name: string; endsMs?: number; hides: number }[],
): Html {
  if (all.length === 0) return absent("maintained");
  const t = v.t.alerts.maintenance;
  return html`<section id="maintained" class="panel" aria-label="${v.t.alerts.tabs.maintenance}"><h2><a href="${pageHref(v, "/alerts/maintenance")}">${t.now}</a></h2><ul class="firing">${all
    .slice(0, 8)
    .map(
      (one) =>
        html`<li>${state(v, "info", one.name)}${one.endsMs === undefined ? nothing : html` <span class="soft">${v.t.alerts.times.another} ${until(v, one.endsMs)}</span>`}${one.hides > 0 ? html` <span class="soft">${t.hides(one.hides)}</span>` : nothing}</li>`,
    )}</ul></section>`;
}
