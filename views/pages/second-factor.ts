import { type Html, html, nothing } from "../html.ts";
import { csrfField, field } from "../parts/form.ts";
import { qrCode } from "../parts/qr.ts";
import { badge } from "../parts/state.ts";
import type { Viewing } from "../viewing.ts";
import type { SettingsForm } from "./settings.ts";

export interface SecondFactorState {
  on: boolean;
  codesLeft: number;
  /** It cannot be switched off. */
  required: boolean;
  /** Begun, and waiting for its first code. */
  pending: { uri: string; secret: string } | undefined;
}

/** The second step of signing in: off, being set up, or on. */
export function secondFactorSection(v: Viewing, state: SecondFactorState, posted?: SettingsForm): Html {
  const t = v.t.settings;
  const form = (action: string, content: Html) =>
    html`<form class="form" method="post" action="/settings">${csrfField(v.csrf)}<input type="hidden" name="do" value="${action}">${content}</form>`;
  const fault = (action: string, name: string) => {
    if (posted?.do !== action) return undefined;
    const told = posted.faults[name];
    return told && v.t.told(told);
  };
  const code = (action: string, id: string) =>
    field({
      id,
      name: "code",
      label: v.t.signIn.code,
      autocomplete: "one-time-code",
      required: true,
      maxlength: 20,
      fault: fault(action, "code") ?? fault(action, ""),
    });
  const codes = posted?.shown.codes;
  return html`<section id="second-factor" class="panel" hx-morph-skip><h2>${t.second}${state.on ? html` ${badge("✓", "ok")}` : nothing}</h2>${
    codes
      ? html`<div role="status"><p>${t.secondCodes}</p><div class="copy"><pre tabindex="0"><code>${codes}</code></pre><button type="button" class="button" data-copy><span class="label">${v.t.frame.copy}</span></button></div></div>`
      : nothing
  }${
    state.on
      ? html`<p>${t.secondOn(state.codesLeft)}</p>${form("totp-codes", html`${code("totp-codes", "codes-code")}<div class="row"><button class="button">${t.secondRenew}</button></div>`)}${state.required ? html`<p class="soft">${t.secondRequired}</p>` : form("totp-off", html`${field({ id: "off-password", name: "password", label: t.current, type: "password", autocomplete: "current-password", required: true, fault: fault("totp-off", "password") })}${code("totp-off", "off-code")}<div class="row"><button class="button danger">${t.secondRemove}</button></div>`)}`
      : state.pending
        ? html`<p>${t.secondScan}</p>${qrCode(state.pending.uri, t.secondQr)}<p>${t.secondSecret} <code class="mono">${state.pending.secret}</code></p>${form("totp-confirm", html`${code("totp-confirm", "confirm-code")}<div class="row"><button class="button primary">${t.secondConfirm}</button></div>`)}`
        : html`<p>${t.secondOff}</p>${form("totp-begin", html`<div class="row"><button class="button primary">${t.secondBegin}</button></div>`)}`
  }</section>`;
}
