import { type Html, html, nothing } from "../html.ts";
import { command } from "../parts/empty.ts";
import { pageHref } from "../parts/links.ts";
import { may, type Viewing } from "../viewing.ts";
import { section } from "./detail/blocks.ts";
import { table } from "./detail/containers.ts";

/** As much of an OpenAPI document as the page shows. */
export interface ApiDocument {
  info: { title: string; version: string; summary?: string };
  tags: readonly { name: string }[];
  paths: Record<string, { get?: ApiOperation }>;
}
export interface ApiOperation {
  operationId: string;
  tags: readonly string[];
  summary: string;
  parameters: readonly {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema: Record<string, unknown>;
  }[];
  responses: Record<string, unknown>;
}

/** The API for people: every address with its parameters and a command to try it. */
export function apiDocsPage(v: Viewing, document: ApiDocument, origin: string): Record<string, Html> {
  const t = v.t.detail;
  return {
    head: html`<header id="head" class="head"><h1>${t.api}</h1><p class="count">${document.info.version}</p></header>`,
    intro: html`<section id="intro" class="panel"><p>${t.apiIntro}</p>${command(v, "bun main.ts token create --name my-script --role viewer")}${
      may(v, "admin") ? html`<p><a href="${pageHref(v, "/settings")}">${t.apiToken}</a></p>` : nothing
    }<p>${t.apiDocument} <a href="/api/openapi.json"><code>/api/openapi.json</code></a></p></section>`,
    ...Object.fromEntries(
      document.tags.map(({ name }) => [
        `api-${name}`,
        html`<section id="api-${name}"><h2>${name}</h2>${operations(v, document, name, origin)}</section>`,
      ]),
    ),
  };
}

function operations(v: Viewing, document: ApiDocument, tag: string, origin: string): Html[] {
  return Object.entries(document.paths).flatMap(([path, { get }]) =>
    get?.tags.includes(tag) ? [operation(v, path, get, origin)] : [],
  );
}

function operation(v: Viewing, path: string, one: ApiOperation, origin: string): Html {
  const t = v.t.detail;
  return section(
    `op-${one.operationId}`,
    html`<code>GET ${path}</code>`,
    html`<p>${one.summary}</p>${
      one.parameters.length > 0 &&
      html`<details class="fold"><summary>${t.parameters} <span class="count soft">${one.parameters.length}</span></summary>${table(
        [t.parameter, v.t.column.type, t.meaning],
        one.parameters.map((parameter) => [
          html`<code>${parameter.name}</code>${parameter.required && html` <span class="soft">${t.required}</span>`}`,
          typeOf(parameter.schema),
          parameter.description ?? "",
        ]),
      )}</details>`
    }${command(v, curl(path, origin))}`,
  );
}

/** A parameter's schema in a word: `integer, 1 to 1000`, `critical | warning | info`. */
function typeOf(schema: Record<string, unknown>): string {
  if (Array.isArray(schema.enum)) return schema.enum.join(" | ");
  const range =
    schema.minimum !== undefined && schema.maximum !== undefined
      ? `, ${schema.minimum} – ${schema.maximum}`
      : "";
  return `${String(schema.type ?? "")}${range}`;
}

function curl(path: string, origin: string): string {
  return `curl -H "Authorization: Bearer $TOKEN" ${origin}${path}`;
}
