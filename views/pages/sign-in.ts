import { type Html, html, nothing } from "../html.ts";
import { csrfField, field } from "../parts/form.ts";
import { qrCode } from "../parts/qr.ts";
import type { Viewing } from "../viewing.ts";

export interface SignInForm {
  name: string;
  /** The path to go on to. */
  back: string;
  fault?: string;
  /** The provider by which one may come in, and whether passwords are for emergencies only. */
  oidc?: { name: string; only: boolean };
  /** What went wrong there. */
  provider?: string;
  /** One has just signed out here. */
  out?: boolean;
}

export function signInContent(v: Pick<Viewing, "t">, form: SignInForm): Html {
  const { oidc } = form;
  if (!oidc) return passwordForm(v, form, true);
  const password = oidc.only
    ? html`<details ${form.fault ? "open" : nothing}><summary class="small soft">${v.t.signIn.emergency}</summary>${passwordForm(v, form, false)}</details>`
    : passwordForm(v, form, false);
  return html`${providerContent(v, form, oidc)}${password}`;
}

/** A link, since no form may lead to another site. */
function providerContent({ t }: Pick<Viewing, "t">, form: SignInForm, oidc: { name: string }): Html {
  const to = `/sign-in/oidc${form.back === "/" ? "" : `?back=${encodeURIComponent(form.back)}`}`;
  return html`<div class="form">${form.provider ? html`<p class="fault" role="alert">${form.provider}</p>` : nothing}
<a class="button primary" href="${to}">${t.signIn.provider(oidc.name)}</a>
${form.out ? html`<p class="small soft">${t.signIn.providerStill(oidc.name)} <a href="/sign-in/oidc/out">${t.signIn.providerOut}</a></p>` : nothing}</div>`;
}

function passwordForm({ t }: Pick<Viewing, "t">, form: SignInForm, first: boolean): Html {
  return html`<form class="form" method="post" action="/sign-in"><input type="hidden" name="back" value="${form.back}">
${field({ name: "name", label: t.signIn.name, value: form.name, autocomplete: "username", required: true, autofocus: first && form.name === "", maxlength: 200 })}
${field({ name: "password", label: t.signIn.password, type: "password", autocomplete: "current-password", required: true, autofocus: form.name !== "", fault: form.fault })}
<button class="${first ? "button primary" : "button"}">${t.signIn.submit}</button><p class="small soft">${t.signIn.first}</p></form>`;
}

export function passwordContent(
  v: Pick<Viewing, "t">,
  form: { csrf: string; name: string; least: number; faults: Record<string, string> },
): Html {
  const { t } = v;
  const { faults } = form;
  return html`<form class="form" method="post" action="/setup/password">${csrfField(form.csrf)}<p class="soft">${t.signIn.setupText}</p>
${field({ name: "name", label: t.signIn.name, value: form.name, autocomplete: "username", required: true, fault: faults.name, maxlength: 200 })}
${field({ name: "password", label: t.signIn.newPassword, type: "password", hint: t.signIn.passwordHint(form.least), autocomplete: "new-password", required: true, autofocus: true, fault: faults.password })}
${field({ name: "repeat", label: t.signIn.repeat, type: "password", autocomplete: "new-password", required: true, fault: faults.repeat })}
${faults[""] ? html`<p class="fault" role="alert">${faults[""]}</p>` : nothing}<button class="button primary">${t.signIn.setupSubmit}</button></form>`;
}

/** For a set-up link that no longer works. */
export function linkUsedContent(v: Pick<Viewing, "t">): Html {
  return html`<div class="form"><p>${v.t.signIn.linkUsed}</p><a class="button primary" href="/sign-in">${v.t.signIn.submit}</a></div>`;
}

/** The second step: a code of the app. */
export function codeContent(v: Pick<Viewing, "t">, back: string, fault?: string): Html {
  const { t } = v;
  return html`<form class="form" method="post" action="/sign-in/code"><input type="hidden" name="back" value="${back}">
${field({ name: "code", label: t.signIn.code, hint: t.signIn.codeHint, autocomplete: "one-time-code", required: true, autofocus: true, maxlength: 20, fault })}
<button class="button primary">${t.signIn.submit}</button><p class="small"><a href="/sign-in">${t.signIn.codeStart}</a></p></form>`;
}

/** Setting up the second factor that is required, and then its recovery codes. */
export function requiredFactorContent(
  v: Pick<Viewing, "t">,
  form: { csrf: string; uri: string; secret: string; fault?: string },
): Html {
  const { t } = v;
  return html`<form class="form" method="post" action="/setup/second-factor"><p>${t.signIn.requiredText}</p>${csrfField(form.csrf)}${qrCode(form.uri, t.settings.secondQr)}<p>${t.settings.secondSecret} <code class="mono">${form.secret}</code></p>
${field({ name: "code", label: t.signIn.code, autocomplete: "one-time-code", required: true, autofocus: true, maxlength: 20, fault: form.fault })}
<button class="button primary">${t.settings.secondConfirm}</button></form><form class="form" method="post" action="/sign-out">${csrfField(form.csrf)}<button class="button">${t.frame.signOut}</button></form>`;
}

export function recoveryCodesContent(v: Pick<Viewing, "t">, codes: string): Html {
  const { t } = v;
  return html`<div class="form"><p role="status">${t.settings.secondCodes}</p><div class="copy"><pre tabindex="0"><code>${codes}</code></pre><button type="button" class="button" data-copy><span class="label">${t.frame.copy}</span></button></div><a class="button primary" href="/">${t.signIn.requiredDone}</a></div>`;
}

export interface InviteForm {
  by: string;
  role: "viewer" | "operator" | "admin";
  name: string;
  least: number;
  faults: Record<string, string>;
  /** Who is signed in, if anybody is. */
  as?: { name: string; csrf: string };
  oidc?: { name: string; only: boolean };
}

export function inviteContent(v: Pick<Viewing, "t">, form: InviteForm): Html {
  const { t } = v;
  const { faults, as, oidc } = form;
  const text = html`<p class="soft">${t.signIn.inviteText(form.by, t.settings.roles[form.role])}</p>`;
  // Somebody who is signed in gets the role; who is not becomes a user.
  if (as)
    return html`<form class="form" method="post" action="/invite/accept">${text}${csrfField(as.csrf)}<input type="hidden" name="as" value="me"><button class="button primary">${t.signIn.inviteAs(as.name)}</button><p class="small"><a href="/">${t.signIn.inviteNot}</a></p></form>`;
  const provider =
    oidc &&
    html`<a class="button primary" href="/sign-in/oidc?invited=1">${t.signIn.provider(oidc.name)}</a>`;
  if (oidc?.only) return html`<div class="form">${text}${provider}</div>`;
  return html`<form class="form" method="post" action="/invite/accept">${text}${provider}<p class="soft">${oidc ? t.signIn.inviteOr : t.signIn.inviteChoose}</p>
${field({ name: "name", label: t.signIn.name, value: form.name, autocomplete: "username", required: true, autofocus: true, fault: faults.name, maxlength: 200 })}
${field({ name: "password", label: t.signIn.newPassword, type: "password", hint: t.signIn.passwordHint(form.least), autocomplete: "new-password", required: true, fault: faults.password })}
${field({ name: "repeat", label: t.signIn.repeat, type: "password", autocomplete: "new-password", required: true, fault: faults.repeat })}
${faults[""] ? html`<p class="fault" role="alert">${faults[""]}</p>` : nothing}<button class="button primary">${t.signIn.inviteSubmit}</button><p class="small"><a href="/sign-in?back=%2Finvite%2Faccept">${t.signIn.inviteHave}</a></p></form>`;
}

export function inviteGoneContent(v: Pick<Viewing, "t">): Html {
  return html`<div class="form"><p>${v.t.signIn.inviteGone}</p><a class="button primary" href="/sign-in">${v.t.signIn.submit}</a></div>`;
}
