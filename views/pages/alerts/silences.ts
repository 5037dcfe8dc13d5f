import type { SilenceView } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { empty } from "../../parts/empty.ts";
import { pageHref } from "../../parts/links.ts";
import { badge } from "../../parts/state.ts";
import { age, minuteTime, until } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { type AlertForm, alertForm, alertsHead, hidden, matchersText, wholeFault } from "./common.ts";
import { placeText } from "./place.ts";
import { type SilenceFormData, silenceEditor } from "./silence-form.ts";

export interface SilencesData extends SilenceFormData {
  /** How many alerts each of them hides now. */
  hides: ReadonlyMap<string, number>;
  tenants: ReadonlyMap<string, string>;
}

export function silencesPage(v: Viewing, data: SilencesData, form?: AlertForm): Record<string, Html> {
  return {
    head: alertsHead(v, "silences", data.silences.filter((one) => one.endsMs > v.now).length),
    edit: silenceEditor(v, data, form),
    list: table(v, data, form),
  };
}

function table(v: Viewing, data: SilencesData, form?: AlertForm): Html {
  const t = v.t.alerts.silences;
  if (data.silences.length === 0) return html`<div id="list">${empty(t.nothing, t.nothingHow)}</div>`;
  const fault = form?.do === "end" || form?.do === "extend" ? form : undefined;
  return html`<div id="list">${wholeFault(v, fault, form?.do ?? "", [])}<table class="list"><thead><tr><th scope="col">${t.matchers}</th><th scope="col">${t.by}</th><th scope="col">${t.comment}</th><th scope="col" class="right">${t.hides}</th><th scope="col" class="right">${t.until}</th><th scope="col"><span class="sr">${v.t.common.actions}</span></th></tr></thead><tbody>${data.silences.map((one) => row(v, one, data))}</tbody></table></div>`;
}

function row(v: Viewing, one: SilenceView, data: SilencesData): Html {
  const t = v.t.alerts.silences;
  const over = one.endsMs <= v.now;
  const may = data.mayChange(one);
  const href = pageHref(v, "/alerts/silences", { [over ? "again" : "edit"]: one.id });
  const what = html`<code>${matchersText(one.matchers) || t.everything}</code>`;
  return html`<tr id="s${one.id}" data-name="${one.comment}"${may ? html` data-href="${href}#edit"` : nothing}><td class="name a">${
    may ? html`<a href="${href}#edit">${what}</a>` : what
  } <span class="soft small">${placeText(v, one, data.tenants)}</span></td><td class="c">${one.by}</td><td class="grow">${one.comment} ${whenText(v, one)}</td><td class="right">${over ? nothing : (data.hides.get(one.id) ?? 0)}</td><td class="right b">${timesOf(v, one)}</td><td class="right d">${may ? acts(v, one, href) : nothing}</td></tr>`;
}

function timesOf(v: Viewing, { startsMs, endsMs }: SilenceView): Content {
  const t = v.t.alerts;
  if (endsMs <= v.now) return html`${badge(t.silences.ended)} ${age(v, endsMs)}`;
  return startsMs > v.now
    ? html`${badge(t.maintenance.states.scheduled)} ${t.times.in} ${until(v, startsMs)}`
    : html`${t.times.another} ${until(v, endsMs)}`;
}

/** At which clocks: of one that is over nobody asks. */
function whenText(v: Viewing, { startsMs, endsMs }: SilenceView): Content {
  if (endsMs <= v.now) return nothing;
  const from = startsMs > v.now ? minuteTime(startsMs) : nothing;
  return html`<span class="soft small">${from} – ${minuteTime(endsMs)}</span>`;
}

function acts(v: Viewing, one: SilenceView, href: string): Content {
  const t = v.t.alerts.silences;
  if (one.endsMs <= v.now) return html`<a class="button" href="${href}#edit">${t.again}</a>`;
  const button = (what: "extend" | "end", label: string) =>
    alertForm(
      v,
      "silences",
      what,
      html`${hidden("id", one.id)}<button class="button">${label}</button>`,
      "inline",
    );
  return html`<div class="beside">${button("extend", t.extend)}${button("end", t.end)}</div>`;
}
