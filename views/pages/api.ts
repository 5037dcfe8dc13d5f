import { type Html, html, nothing } from "../html.ts";
import { command } from "../parts/empty.ts";
import type { Viewing } from "../viewing.ts";

/** What the page shows of the OpenAPI document. */
export interface Operation {
  method: "GET" | "POST";
  path: string;
  tag: string;
  summary: string;
  parameters: { name: string; in: string; required?: boolean; description?: string; type: string }[];
  /** The field names of the body; `any` where there is none. */
  body: string;
  /** The field names of the answer, or of each of its items. */
  answer: string;
}

export function apiHead(v: Viewing, version: string): Html {
  return html`<header id="head" class="head"><h1>${v.t.api.title}</h1><p class="count">${version}</p></header>`;
}

/** How to call it at all: a token, one request. */
export function apiStart(v: Viewing, url: string): Html {
  const { t } = v;
  return html`<section id="start" class="panel"><p>${t.api.intro} <a href="/settings#tokens">${t.settings.tokens}</a></p>${command(v, `curl -H "Authorization: Bearer $TOKEN" '${url}/api/v1/pods?status=attention'`)}<p>${t.api.document} <a href="/api/openapi.json">/api/openapi.json</a></p></section>`;
}

export function apiOperations(v: Viewing, operations: readonly Operation[], url: string): Html {
  const tags = [...new Set(operations.map((one) => one.tag))];
  return html`<div id="operations">${tags.map(
    (tag) =>
      html`<section class="group"><h2>${tag}</h2>${operations.filter((one) => one.tag === tag).map((one) => operation(v, one, url))}</section>`,
  )}</div>`;
}

function operation(v: Viewing, one: Operation, url: string): Html {
  const { t } = v;
  return html`<details class="operation"><summary><span class="badge ${one.method === "GET" ? "info" : "warning"}">${one.method}</span> <code>${one.path}</code> <span class="soft">${one.summary}</span></summary>${
    one.parameters.length === 0
      ? nothing
      : html`<table class="plain"><thead><tr><th>${t.api.parameter}</th><th>${t.api.in}</th><th>${t.column.type}</th><th>${t.api.meaning}</th></tr></thead><tbody>${one.parameters.map(
          (parameter) =>
            html`<tr><td><code>${parameter.name}</code>${parameter.required ? html` <span class="soft">*</span>` : nothing}</td><td>${parameter.in}</td><td class="mono">${parameter.type}</td><td class="wrap">${parameter.description}</td></tr>`,
        )}</tbody></table>`
  }${one.body !== "any" && html`<p>${t.api.body} <code>${one.body}</code></p>`}<p>${t.api.answer} <code>${one.answer}</code></p>${command(v, `curl ${one.method === "POST" ? `-X POST${one.body === "any" ? "" : " -d @body.json"} ` : ""}-H "Authorization: Bearer $TOKEN" '${url}${one.path}'`)}</details>`;
}
