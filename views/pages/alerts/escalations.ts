import { durationText } from "../../../wire/duration.ts";
import type { ChannelView, EscalationView, InEscalation } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { empty } from "../../parts/empty.ts";
import { areaField, field, selectField } from "../../parts/form.ts";
import type { PlaceView } from "../../parts/grant.ts";
import { pageHref } from "../../parts/links.ts";
import { badge } from "../../parts/state.ts";
import { until } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { absent, section } from "../detail/blocks.ts";
import {
  type AlertForm,
  alertForm,
  alertsHead,
  faultAt,
  hidden,
  matchersText,
  severityTicks,
  wholeFault,
} from "./common.ts";
import { placeOptions } from "./place.ts";

export interface EscalationsData {
  escalations: readonly EscalationView[];
  channels: readonly Pick<ChannelView, "id" | "name" | "tenant">[];
  /** Where a new policy can be for. */
  places: readonly PlaceView[];
  tenants: ReadonlyMap<string, string>;
  /** How many steps, and how many repetitions at most. */
  most: { steps: number; repeats: number };
}

export function escalationsPage(v: Viewing, data: EscalationsData, form?: AlertForm): Record<string, Html> {
  return {
    head: alertsHead(v, "escalations", data.escalations.length),
    list: table(v, data, form),
    edit: editor(v, data, form),
  };
}

function table(v: Viewing, data: EscalationsData, form?: AlertForm): Html {
  const t = v.t.alerts.escalations;
  if (data.escalations.length === 0) return html`<div id="list">${empty(t.nothing, t.nothingHow)}</div>`;
  const fault = form?.do === "remove" ? form : undefined;
  return html`<div id="list">${wholeFault(v, fault, "remove", [])}<table class="list"><thead><tr><th scope="col">${v.t.column.name}</th><th scope="col">${t.which}</th><th scope="col">${t.steps}</th></tr></thead><tbody>${data.escalations.map(
    (one) => {
      const href = pageHref(v, "/alerts/escalations", { edit: one.id });
      const which = [...one.severities.map((of) => v.t.health[of]), matchersText(one.matchers)];
      const whose = one.tenant && data.tenants.size > 1 ? data.tenants.get(one.tenant) : undefined;
      return html`<tr id="es${one.id}" data-href="${href}" data-name="${one.name}"><td class="name a"><a href="${href}">${one.name}</a>${one.enabled ? nothing : html` ${badge(t.off)}`}${whose ? html` <span class="soft small">${v.t.alerts.rules.tenant(whose)}</span>` : nothing}</td><td class="c">${which.filter(Boolean).join(" · ") || v.t.alerts.channels.all}</td><td class="grow d">${stepsText(v, one, data)}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

function stepsText(v: Viewing, one: EscalationView, { channels }: EscalationsData): Content {
  const t = v.t.alerts.escalations;
  const nameOf = (id: string) => channels.find((of) => of.id === id)?.name ?? id;
  const steps = one.steps.map(({ afterMs, channel }) => t.step(durationText(afterMs), nameOf(channel)));
  return html`${steps.join(t.thereafter)}${one.repeats > 0 ? html` <span class="soft small">${t.again(one.repeats)}</span>` : nothing}`;
}

function editor(v: Viewing, data: EscalationsData, form?: AlertForm): Html {
  const t = v.t.alerts.escalations;
  if (data.places.length === 0 && data.escalations.length === 0) return absent("edit");
  if (data.channels.length === 0)
    return html`<section id="edit" class="panel"><h2>${t.add}</h2><p class="soft">${t.noChannel} <a href="${pageHref(v, "/alerts/channels")}">${v.t.alerts.addChannel}</a></p></section>`;
  const posted = form?.do === "put" ? form.values : undefined;
  const policy = data.escalations.find((one) => one.id === (posted?.id || v.query.get("edit")));
  if (!policy && !posted && v.query.get("new") === null)
    return html`<section id="edit" class="panel"><div class="row"><a class="button" href="${pageHref(v, "/alerts/escalations", { new: "1" })}#edit">${t.add}</a></div></section>`;
  const values = posted ?? (policy ? valuesOf(policy) : { enabled: "1", repeats: "0", "after-0": "15m" });
  return html`<section id="edit" class="panel" hx-morph-skip><h2>${policy ? t.editTitle(policy.name) : t.add}</h2>${alertForm(v, "escalations", "put", fields(v, values, data, policy, form))}${
    policy
      ? html`<details class="fold"><summary>${t.remove}</summary>${alertForm(v, "escalations", "remove", html`${hidden("id", policy.id)}<button class="button danger">${t.remove}</button>`, "row")}</details>`
      : nothing
  }</section>`;
}

function fields(
  v: Viewing,
  values: Record<string, string>,
  data: EscalationsData,
  policy: EscalationView | undefined,
  form?: AlertForm,
): Content {
  const t = v.t.alerts.escalations;
  const { steps, repeats } = data.most;
  const fault = (name: string) => faultAt(v, form, "put", name);
  const own = [
    "name",
    "matchers",
    "repeats",
    ...numbers(steps).flatMap((at) => [`after-${at}`, `channel-${at}`]),
  ];
  return html`${hidden("id", policy?.id ?? "")}${wholeFault(v, form, "put", own)}${field({ id: "escalation-name", name: "name", label: v.t.column.name, value: values.name ?? "", maxlength: 100, required: true, autocomplete: "off", fault: fault("name") })}${
    policy
      ? nothing
      : data.places.length < 2
        ? hidden("where", data.places[0]?.value ?? "")
        : selectField(
            "where",
            v.t.alerts.rules.whose,
            placeOptions(v, data.places),
            values.where ?? "",
            "escalation-where",
          )
  }${severityTicks(v, values)}${areaField({ id: "escalation-matchers", name: "matchers", label: v.t.alerts.channels.matchers, value: values.matchers ?? "", rows: 2, hint: v.t.alerts.silences.matchersHint, fault: fault("matchers") })}<fieldset class="field escalation"><legend>${t.steps}</legend><p class="hint">${t.stepsHint}</p>${numbers(steps).map((at) => stepFields(v, at, values, data, policy, fault))}</fieldset>${field({ id: "escalation-repeats", name: "repeats", label: t.repeats, type: "number", min: 0, value: values.repeats ?? "0", hint: t.repeatsHint(repeats), fault: fault("repeats") })}<label class="tick"><input type="checkbox" name="enabled" value="1"${values.enabled === "1" ? html` checked` : nothing}> ${t.enabled}</label><div class="row"><button class="button primary">${v.t.alerts.rules.save}</button><a class="button" href="${pageHref(v, "/alerts/escalations")}">${v.t.common.cancel}</a></div>`;
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

function stepFields(
  v: Viewing,
  at: number,
  values: Record<string, string>,
  data: EscalationsData,
  policy: EscalationView | undefined,
  fault: (name: string) => string | undefined,
): Html {
  const t = v.t.alerts.escalations;
  const all = policy ? data.channels.filter((one) => one.tenant === policy.tenant) : data.channels;
  const nameOf = (one: Pick<ChannelView, "name" | "tenant">) =>
    one.tenant && data.tenants.size > 1
      ? `${one.name} (${data.tenants.get(one.tenant) ?? one.tenant})`
      : one.name;
  const options = all.map((one): [string, string] => [one.id, nameOf(one)]);
  const wrong = fault(`channel-${at}`);
  return html`<div class="step">${field({ id: `escalation-after-${at}`, name: `after-${at}`, label: t.after(at + 1), value: values[`after-${at}`] ?? "", maxlength: 20, autocomplete: "off", fault: fault(`after-${at}`) })}${selectField(`channel-${at}`, t.channel, [["", t.none], ...options], values[`channel-${at}`] ?? "", `escalation-channel-${at}`)}${wrong ? html`<p class="fault" role="alert">${wrong}</p>` : nothing}</div>`;
}

function valuesOf(one: EscalationView): Record<string, string> {
  return {
    name: one.name,
    enabled: one.enabled ? "1" : "",
    repeats: String(one.repeats),
    matchers: one.matchers.map((of) => matchersText([of])).join("\n"),
    ...Object.fromEntries(one.severities.map((of) => [`severity-${of}`, "1"])),
    ...Object.fromEntries(
      one.steps.flatMap(({ afterMs, channel }, at) => [
        [`after-${at}`, durationText(afterMs)],
        [`channel-${at}`, channel],
      ]),
    ),
  };
}

/** Who is told next if nobody takes an alert up; the channel is named to who administers it. */
export function escalationPart(
  v: Viewing,
  all: readonly InEscalation[],
  channels: ReadonlyMap<string, string>,
): Html {
  if (all.length === 0) return absent("escalation");
  const t = v.t.alerts.escalations;
  return section(
    "escalation",
    v.t.alerts.tabs.escalations,
    html`<ul class="firing">${all.map(({ name, next, done, all: most }) => {
      const channel = next && channels.get(next.channel);
      return html`<li><strong>${name}</strong> ${
        next
          ? html`<span>${t.next(done + 1, most)}${channel ? html` (${channel})` : nothing} <span class="soft">${v.t.alerts.times.in} ${until(v, next.atMs)}</span></span>`
          : html`<span class="soft">${t.allTaken(done)}</span>`
      }</li>`;
    })}</ul><p class="soft">${t.stops}</p>`,
  );
}
