import { type AlertView, type MatcherView, type Muted, severities } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { csrfField } from "../../parts/form.ts";
import { formatCount } from "../../parts/format.ts";
import { pageHref } from "../../parts/links.ts";
import { tabs } from "../../parts/tabs.ts";
import { until } from "../../parts/time.ts";
import { may, type Viewing } from "../../viewing.ts";

export type AlertTab =
  | "alerts"
  | "history"
  | "rules"
  | "silences"
  | "maintenance"
  | "channels"
  | "escalations";
const paths: Record<AlertTab, string> = {
  alerts: "/alerts",
  history: "/alerts/history",
  rules: "/alerts/rules",
  silences: "/alerts/silences",
  maintenance: "/alerts/maintenance",
  channels: "/alerts/channels",
  escalations: "/alerts/escalations",
};

/** What a form of these pages was posted with. */
export interface AlertForm {
  do: string;
  values: Record<string, string>;
  faults: Record<string, string>;
  shown: Record<string, string>;
}

/** The head of one of the pages of alerts, with the way to the others. */
export function alertsHead(
  v: Viewing,
  current: AlertTab,
  count: number | undefined,
  filters: Content = nothing,
): Html {
  const t = v.t.alerts;
  const keys = (Object.keys(paths) as AlertTab[]).filter(
    (one) => (one !== "channels" && one !== "escalations") || may(v, "admin"),
  );
  return html`<header id="head" class="head"><h1>${t.tabs[current]}</h1>${count === undefined ? nothing : html`<p class="count">${formatCount(count)}</p>`}${filters}${tabs(
    t.parts,
    keys.map((one) => ({ label: t.tabs[one], href: pageHref(v, paths[one]), current: one === current })),
  )}</header>`;
}

/** A form of these pages; `action` names what it does. */
export function alertForm(
  v: Viewing,
  tab: AlertTab,
  action: string,
  content: Content,
  className = "form",
): Html {
  return tabForm(v, paths[tab], action, content, className);
}

/** A form of a page of its own among these. */
export function tabForm(v: Viewing, path: string, action: string, content: Content, className: string): Html {
  return html`<form class="${className}" method="post" action="${path}">${csrfField(v.csrf)}<input type="hidden" name="do" value="${action}">${content}</form>`;
}

export const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`;

/** A fault of a form in the reader's language. */
export function faultAt(
  v: Viewing,
  form: AlertForm | undefined,
  action: string,
  name: string,
): string | undefined {
  const said = form?.do === action ? form.faults[name] : undefined;
  return said && v.t.told(said);
}

/** What stands above a form where its fault belongs to none of its fields. */
export function wholeFault(
  v: Viewing,
  form: AlertForm | undefined,
  action: string,
  fields: readonly string[],
): Content {
  if (form?.do !== action) return nothing;
  const [name, said] = Object.entries(form.faults).find(([one]) => !fields.includes(one)) ?? [];
  return said ? html`<p class="fault" role="alert">${name ? `${name}: ` : ""}${v.t.told(said)}</p>` : nothing;
}

/** What an alert says, in the reader's language as far as it is known. */
export function alertText(v: Viewing, one: AlertView): string {
  const { message, measure, value, summary = one.name } = one.annotations;
  if (message) return v.t.told(message);
  if (!measure || !value) return summary;
  const [group = "", series = ""] = split(measure);
  return v.t.alerts.measured(`${group} ${v.t.alerts.series[series] ?? series}`, value);
}

const split = (measure: string) => {
  const at = measure.lastIndexOf("/");
  return [measure.slice(0, at), measure.slice(at + 1)];
};

/** What there is to know of an alert besides what it says: that it flaps, is hidden, or has somebody. */
export function alertBadges(v: Viewing, one: AlertView, muted: Muted | undefined): Content {
  const t = v.t.alerts;
  return html`${one.flapping ? html` <span class="badge" title="${t.flappingHow}">${t.flapping}</span>` : nothing}${
    muted
      ? html` <span class="badge"${muted.by === "maintenance" ? html` title="${muted.name}"` : nothing}>${mutedText(v, muted)}</span>`
      : nothing
  }${one.ack ? html` <span class="badge" title="${one.ack.note}">${t.takenBy(one.ack.by)}</span>` : nothing}`;
}

/** Of which severities, as ticks. */
export const severityTicks = (v: Viewing, values: Record<string, string>): Html =>
  html`<fieldset class="field"><legend>${v.t.alerts.channels.severities}</legend><div class="row">${severities.map(
    (one) =>
      html`<label class="tick"><input type="checkbox" name="severity-${one}" value="1"${values[`severity-${one}`] === "1" ? html` checked` : nothing}> ${v.t.health[one]}</label>`,
  )}</div></fieldset>`;

/** Why nobody is told of an alert. */
function mutedText(v: Viewing, muted: Muted): Content {
  const t = v.t.alerts;
  if (muted.by === "silence") return t.silenced(muted.who);
  if (muted.by === "inhibition") return t.inhibited(muted.name);
  return muted.endsMs === undefined
    ? t.maintenance.badge
    : html`${t.maintenance.badge}, ${t.times.another} ${until(v, muted.endsMs)}`;
}

export const matchersText = (matchers: readonly MatcherView[]): string =>
  matchers.map(({ name, op, value }) => `${name}${op}"${value.replace(/["\\]/g, "\\$&")}"`).join(", ");
