import { type Content, type Html, html, nothing } from "../html.ts";
import { csrfField, field } from "../parts/form.ts";
import { formatBytes, formatDuration, formatStep } from "../parts/format.ts";
import { badge } from "../parts/state.ts";
import { langForm, themeForm } from "../parts/top.ts";
import { age } from "../parts/time.ts";
import type { Viewing } from "../viewing.ts";

export interface SettingsForm {
  do: string;
  values: Record<string, string>;
  faults: Record<string, string>;
  shown: Record<string, string>;
}
export interface SessionInfo {
  id: string;
  createdMs: number;
  lastUsedMs: number;
  address: string;
  userAgent: string;
}
const here = "/settings";

/** A form of the settings page; `action` names what it does. */
export function form(v: Viewing, action: string, content: Content, className = "form"): Html {
  return html`<form class="${className}" method="post" action="${here}">${csrfField(v.csrf)}<input type="hidden" name="do" value="${action}">${content}</form>`;
}

/** A fault of the whole form stands beside the field that it most likely is about. */
export function faultOf(
  v: Viewing,
  posted: SettingsForm | undefined,
  action: string,
  name: string,
  whole = false,
) {
  if (posted?.do !== action) return undefined;
  const own = posted.faults[name];
  const fault = own ?? (whole ? posted.faults[""] : undefined);
  return fault && v.t.told(fault);
}

export function accountSection(v: Viewing, posted?: SettingsForm): Html {
  const { t } = v;
  return html`<section id="account-settings" class="panel" hx-morph-skip><h2>${t.settings.account}</h2><p>${v.user.name} ${badge(t.settings.roles[v.user.role])}</p>${
    v.query.get("changed") === "password" ? html`<p role="status">${t.settings.changed}</p>` : nothing
  }${form(
    v,
    "password",
    html`<input type="text" name="username" value="${v.user.name}" autocomplete="username" hidden>${field({ name: "current", label: t.settings.current, type: "password", autocomplete: "current-password", required: true, fault: faultOf(v, posted, "password", "current", true) && t.settings.wrongPassword })}${field({ name: "password", label: t.settings.newPassword, type: "password", autocomplete: "new-password", hint: t.signIn.passwordHint(v.passwordLeast), required: true, fault: faultOf(v, posted, "password", "password") })}<div class="row"><button class="button primary">${t.settings.change}</button></div>`,
  )}</section>`;
}

export function displaySection(v: Viewing): Html {
  return html`<section id="display" class="panel" hx-morph-skip><h2>${v.t.settings.display}</h2><div>${themeForm(v, "row")}</div><div>${langForm(v, "row")}</div></section>`;
}

export function sessionsSection(v: Viewing, sessions: readonly SessionInfo[], own: string): Html {
  const { t } = v;
  return html`<section id="sessions" class="panel"><h2>${t.settings.sessions}</h2>${sessionTable(
    v,
    sessions,
    (one) =>
      one.id === own
        ? badge(t.settings.sessionHere)
        : form(
            v,
            "session-end",
            html`<input type="hidden" name="id" value="${one.id}"><button class="button">${t.settings.end}</button>`,
            "inline",
          ),
  )}</section>`;
}

/** Where somebody is signed in, each with what can be done about it. */
export function sessionTable(
  v: Viewing,
  sessions: readonly SessionInfo[],
  action: (one: SessionInfo) => Content,
): Html {
  const { t } = v;
  return html`<table class="plain"><thead><tr><th>${t.settings.address}</th><th>${t.settings.browser}</th><th class="right">${t.settings.signedIn}</th><th class="right">${t.settings.lastUsed}</th><th><span class="sr">${t.common.actions}</span></th></tr></thead><tbody>${sessions.map(
    (one) =>
      html`<tr><td class="mono">${one.address}</td><td class="grow" title="${one.userAgent}">${one.userAgent}</td><td class="right">${age(v, one.createdMs)}</td><td class="right">${age(v, one.lastUsedMs)}</td><td class="right">${action(one)}</td></tr>`,
  )}</tbody></table>`;
}

export interface Retention {
  /** Absent for who may not know of all that is stored. */
  events?: number;
  bytes?: number;
  keptMs: number;
  maxBytes: number;
  sessionIdleMs: number;
  sessionMaxMs: number;
}

export function historySection(v: Viewing, one: Retention): Html {
  const { t } = v;
  return html`<section id="history" class="panel"><h2>${t.settings.history}</h2><p>${one.events === undefined ? nothing : t.settings.stored(one.events, formatBytes(one.bytes ?? 0))} ${t.settings.retention(formatDuration(one.keptMs), formatBytes(one.maxBytes))}</p><p class="soft">${t.settings.setBy} <code>ATLHYPER_EVENT_RETENTION</code>, <code>ATLHYPER_EVENT_MAX_SIZE</code></p><p>${t.settings.sessionRule(formatDuration(one.sessionIdleMs), formatDuration(one.sessionMaxMs))}</p><p class="soft">${t.settings.setBy} <code>ATLHYPER_SESSION_IDLE</code>, <code>ATLHYPER_SESSION_MAX</code></p></section>`;
}

/** What is kept of metrics, and what that takes. */
export interface MetricsKept {
  /** From the finest on; `seconds` between two values, 0 where they are kept as they come. */
  tiers: readonly { seconds: number; keptMs: number; bytes: number; oldest?: number }[];
  /** On disk, in all. */
  bytes: number;
  maxBytes: number;
}

export function metricsSection(v: Viewing, { tiers, bytes, maxBytes }: MetricsKept): Html {
  const { t } = v;
  return html`<section id="metrics-history" class="panel"><h2>${t.settings.metrics}</h2><p>${t.settings.metricsStored(formatBytes(bytes), formatBytes(maxBytes))}</p><table class="plain"><thead><tr><th>${t.settings.every}</th><th class="right">${t.settings.keptFor}</th><th class="right">${t.settings.since}</th><th class="right">${t.settings.onDisk}</th></tr></thead><tbody>${tiers.map(
    (one) =>
      html`<tr><td class="grow">${one.seconds === 0 ? t.settings.asTheyCome : formatStep(one.seconds * 1000)}</td><td class="right">${formatDuration(one.keptMs)}</td><td class="right">${one.oldest === undefined ? "–" : age(v, one.oldest * 1000)}</td><td class="right">${formatBytes(one.bytes)}</td></tr>`,
  )}</tbody></table><p class="soft">${t.settings.minutesLater}</p><p class="soft">${t.settings.setBy} <code>ATLHYPER_HISTORY_RAW</code>, <code>ATLHYPER_HISTORY_1M</code>, <code>ATLHYPER_HISTORY_10M</code>, <code>ATLHYPER_HISTORY_1H</code>, <code>ATLHYPER_HISTORY_MAX_SIZE</code></p></section>`;
}

export function versionsSection(v: Viewing, version: string): Html {
  const { t } = v;
  return html`<section id="versions" class="panel"><h2>${t.settings.versions}</h2><table class="plain"><tbody><tr><td class="grow">${t.settings.master}</td><td class="mono right">${version}</td></tr>${v.clusters.map(
    (one) =>
      html`<tr><td class="grow">${t.clusters.agent} · ${one.name}</td><td class="mono right">${one.status?.agentVersion ?? "–"}${one.status && one.status.agentVersion !== version ? html` ${badge("≠", "info")}` : nothing}</td></tr>`,
  )}</tbody></table></section>`;
}
