import { type Content, type Html, html, nothing } from "../html.ts";
import { langs } from "../text/text.ts";
import type { Viewing } from "../viewing.ts";
import { csrfField } from "./form.ts";
import { icon, shape } from "./svg.ts";

/** The top bar: scope, search, connection, theme, language, user. */
export function topBar(v: Viewing): Html {
  return html`<header class="top">${scope(v)}
<form class="find" action="/search" method="get" role="search" hx-get="/search/found" hx-trigger="input delay:120ms" hx-target="#found" hx-swap="innerHTML" hx-sync="this:replace">${hiddenScope(v)}${icon("search")}<input id="search" type="text" enterkeyhint="search" name="q" placeholder="${v.t.frame.search}" aria-label="${v.t.frame.search}" value="${v.path === "/search" ? (v.query.get("q") ?? "") : ""}" autocomplete="off" spellcheck="false" role="combobox" aria-controls="found" aria-expanded="false" aria-autocomplete="list"><kbd>/</kbd><div id="found" class="found" role="listbox" aria-label="${v.t.search.title}" hidden></div></form>
<button type="button" class="icon-button" id="palette-button" aria-label="${v.t.palette.open} (Ctrl K)" title="${v.t.palette.open} (Ctrl K)" aria-haspopup="dialog">${icon("commands")}</button>
<span id="connection" class="connection" role="status" data-state="connecting" data-live="${v.t.frame.live}" data-lost="${v.t.frame.lost}" data-again="${v.t.frame.again}" hx-morph-skip>${shape("ok")}<span class="label">${v.t.frame.connecting}</span></span>
${quickSwitches(v)}<button type="button" class="menu-button" popovertarget="account" aria-label="${v.t.frame.account}">${icon("user")}</button>
${accountMenu(v)}</header>`;
}

/** Lists keep their path when the scope changes; a page of one object leads back to its list. */
function scope(v: Viewing): Html {
  const path = `/${v.path.split("/")[1] ?? ""}`;
  const kept =
    path === v.path
      ? ["q", "status", "sort", "severity", "kind", "range", "open", "actor", "action", "result"]
      : [];
  return html`<form class="scope" action="${path}" method="get">${kept.map((name) =>
    v.query.get(name) ? html`<input type="hidden" name="${name}" value="${v.query.get(name)}">` : nothing,
  )}${
    v.clusters.length > 1 || v.scope.cluster !== undefined
      ? select(
          "cluster",
          v.t.frame.cluster,
          v.t.frame.allClusters,
          v.scope.cluster,
          v.clusters.map((one) => [one.id, one.name]),
        )
      : nothing
  }${select(
    "namespace",
    v.t.frame.namespace,
    v.t.frame.allNamespaces,
    v.scope.namespace,
    v.namespaces.map((one) => [one, one]),
  )}<noscript><button class="button">${v.t.frame.apply}</button></noscript></form>`;
}

function select(
  name: string,
  label: string,
  all: string,
  value: string | undefined,
  options: [string, string][],
): Html {
  const known = value === undefined || options.some(([one]) => one === value);
  return html`<label><span class="sr">${label}</span><select name="${name}" id="scope-${name}" class="control" data-submit><option value="">${all}</option>${options.map(
    ([id, text]) => html`<option value="${id}"${id === value ? html` selected` : nothing}>${text}</option>`,
  )}${known ? nothing : html`<option value="${value}" selected>${value}</option>`}</select></label>`;
}

function hiddenScope(v: Viewing): Content {
  return (["cluster", "namespace"] as const).map((name) =>
    v.scope[name] ? html`<input type="hidden" name="${name}" value="${v.scope[name]}">` : nothing,
  );
}

function preferencesForm(v: Viewing, content: Content, className = ""): Html {
  const back = v.query.size > 0 ? `${v.path}?${v.query}` : v.path;
  return html`<form class="${className}" method="post" action="/preferences">${csrfField(v.csrf)}<input type="hidden" name="back" value="${back}">${content}</form>`;
}

/** One click each: to the other scheme than the one on the screen, to the other language. */
function quickSwitches(v: Viewing): Html {
  const other = v.lang === "zh" ? "en" : "zh";
  return preferencesForm(
    v,
    html`<button class="icon-button to-dark" name="theme" value="dark" aria-label="${v.t.frame.theme}: ${v.t.frame.themes.dark}">${icon("dark")}</button><button class="icon-button to-light" name="theme" value="light" aria-label="${v.t.frame.theme}: ${v.t.frame.themes.light}">${icon("light")}</button><button class="icon-button" name="lang" value="${other}" lang="${other === "zh" ? "zh-Hans" : "en"}" aria-label="${other === "zh" ? "文 中文" : "En English"}">${other === "zh" ? "文" : "En"}</button>`,
    "row wide tight",
  );
}

function accountMenu(v: Viewing): Html {
  return html`<div id="account" class="menu" popover><p class="soft">${v.t.frame.signedInAs(v.user.name)}</p><hr>
${themeForm(v)}<hr>
${langForm(v)}<hr>
<button type="button" data-dialog="help">${icon("keys")}${v.t.frame.keys}</button>
<form method="post" action="/sign-out">${csrfField(v.csrf)}<button>${icon("previous")}${v.t.frame.signOut}</button></form></div>`;
}

export function themeForm(v: Viewing, className = ""): Html {
  return preferencesForm(
    v,
    (["light", "dark", "system"] as const).map(
      (one) =>
        html`<button class="button" name="theme" value="${one}" aria-pressed="${String(v.theme === one)}">${icon(one)}${v.t.frame.themes[one]}</button>`,
    ),
    className,
  );
}

export function langForm(v: Viewing, className = ""): Html {
  return preferencesForm(
    v,
    langs.map(
      (one) =>
        html`<button class="button" name="lang" value="${one}" lang="${one === "zh" ? "zh-Hans" : "en"}" aria-pressed="${String(v.lang === one)}">${icon("language")}${one === "zh" ? "中文" : "English"}</button>`,
    ),
    className,
  );
}
