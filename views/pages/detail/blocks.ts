import type { Condition } from "../../../wire/common.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { parseTime } from "../../../wire/values.ts";
import { kindHref } from "../../parts/links.ts";
import { mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";

/** A part of a page with a heading; the live stream exchanges it by its id. Without content it is not seen. */
export function section(id: string, title: Content, content: Content, note?: Content): Html {
  if (content === nothing) return absent(id);
  return html`<section class="panel" id="${id}"><h2>${title}${note ? html` <span class="soft small">${note}</span>` : nothing}</h2>${content}</section>`;
}

/** The place of a part that has nothing to show now, so that the live stream can fill it. */
export function absent(id: string): Html {
  return html`<div id="${id}" hidden></div>`;
}

/** Parts beside each other where there is room. */
export function columns(id: string, ...content: Content[]): Html {
  return html`<div class="columns" id="${id}">${content}</div>`;
}

/** Names with their values; those without a value are left out. */
export function facts(list: readonly (readonly [Content, Content])[]): Html {
  const known = list.filter(([, value]) => there(value));
  if (known.length === 0) return nothing;
  return html`<dl class="facts">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function there(value: Content): boolean {
  if (Array.isArray(value)) return value.some(there);
  return value !== undefined && value !== null && value !== "" && value !== false && value !== nothing;
}

/** Whether a part has anything to show at all. */
function orNothing(value: Html, soft: string): Html {
  return value === nothing ? html`<p class="soft">${soft}</p>` : value;
}

/** Labels or annotations as `key=value`; long values are cut, and shown whole when they are opened. */
export function labels(all: Record<string, string> | null | undefined): Html {
  const entries = Object.entries(all ?? {});
  if (entries.length === 0) return nothing;
  return html`<ul class="labels">${entries.map(([key, value]) => html`<li>${label(key, value)}</li>`)}</ul>`;
}

function label(key: string, value: string): Html {
  const shown = 80;
  if (value.length <= shown)
    return html`<code>${key}${value === "" ? nothing : html`=<b>${value}</b>`}</code>`;
  return html`<details><summary><code>${key}=<b>${value.slice(0, shown)}…</b></code></summary><pre>${value}</pre></details>`;
}

/** Both sorts of marks that an object carries, folded away as far as they are for machines. */
export function labelSections(
  v: Viewing,
  labelsOf: Record<string, string> | null | undefined,
  annotations?: Record<string, string> | null,
): Html {
  const t = v.t.detail;
  const count = Object.keys(annotations ?? {}).length;
  if (count === 0 && Object.keys(labelsOf ?? {}).length === 0) return nothing;
  return section(
    "labels",
    t.labels,
    html`${orNothing(labels(labelsOf), t.none)}${
      count > 0 &&
      html`<details class="fold" id="annotations"><summary>${t.annotations} <span class="count soft">${count}</span></summary>${labels(annotations)}</details>`
    }`,
  );
}

/** Conditions, those that are not as they should be first. `good` says which status of a type is the well one. */
export function conditionList(
  v: Viewing,
  list: readonly Condition[] | null | undefined,
  good: (condition: Condition) => boolean = (one) => one.status === "True",
): Html {
  if (!list || list.length === 0) return nothing;
  const sorted = [...list].sort((a, b) => Number(good(a)) - Number(good(b)));
  const health = (one: Condition) => (good(one) ? "ok" : one.status === "Unknown" ? "unknown" : "warning");
  return html`<ul class="conditions">${sorted.map(
    (one) =>
      html`<li><p>${mark(v, health(one))} <span>${one.type}</span> <span class="soft">${one.status}</span> <span class="soft when">${age(v, parseTime(one.lastTransitionTime))}</span></p>${
        (one.reason || one.message) &&
        html`<p class="soft small">${[one.reason, one.message].filter(Boolean).join(": ")}</p>`
      }</li>`,
  )}</ul>`;
}

/** A link to an object by its Kubernetes kind; plain text where the kind has no page. */
export function objectLink(
  v: Viewing,
  cluster: string,
  ref: { kind?: string | undefined; namespace?: string | undefined; name?: string | undefined },
  text?: Content,
): Html {
  if (!ref.name) return nothing;
  const href = kindHref(v, ref.kind ?? "", cluster, ref.namespace ?? "", ref.name);
  const shown = text ?? ref.name;
  return href ? html`<a class="mono" href="${href}">${shown}</a>` : html`<span class="mono">${shown}</span>`;
}

/** A share of a whole as a bar of the whole's width; no more than full is drawn. */
export function meter(share: number, health: "" | "warning" | "critical" = ""): Html {
  if (!Number.isFinite(share)) return nothing;
  const width = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return html`<svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="4"/><rect class="fill ${health}" width="${width}" height="4"/></svg>`;
}

/** How full is too full, the same everywhere on the pages. */
export function fullness(share: number): "" | "warning" | "critical" {
  return share >= 0.95 ? "critical" : share >= 0.85 ? "warning" : "";
}

/** Anything that came as unknown JSON, in words: texts as they are, objects as `key value` pairs. */
export function words(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  if (depth > 4) return "…";
  if (Array.isArray(value))
    return value
      .map((one) => words(one, depth + 1))
      .filter(Boolean)
      .join(", ");
  return Object.entries(value)
    .map(([key, one]) => {
      const text = words(one, depth + 1);
      return text === ""
        ? ""
        : typeof one === "object" && !Array.isArray(one)
          ? `${key} (${text})`
          : `${key} ${text}`;
    })
    .filter(Boolean)
    .join(", ");
}
