import { Html } from "./raw.ts";

export type { Html } from "./raw.ts";

export type Content = Html | string | number | boolean | null | undefined | readonly Content[];

export const nothing = new Html("");

/**
 * HTML from an auto-escaping template: html`<a href="${url}">${name}</a>`. Every value is escaped for text
 * and for quoted attributes alike; attributes in templates are therefore always written with double quotes.
 * Arrays are joined, `null`, `undefined`, `false` and `true` give nothing, nested Html stays as it is.
 */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  let out = strings[0]!;
  for (let at = 0; at < values.length; at++) out += render(values[at]) + strings[at + 1]!;
  return new Html(out);
}

export function join(parts: readonly Content[], separator: Content): Html {
  const between = render(separator);
  return new Html(parts.map(render).join(between));
}

function render(value: Content): string {
  if (value instanceof Html) return value.text;
  if (typeof value === "string") return Bun.escapeHTML(value);
  if (typeof value === "number") return String(value);
  if (value === null || value === undefined || typeof value === "boolean") return "";
  let out = "";
  for (const one of value) out += render(one);
  return out;
}

/**
 * An address that comes from a cluster, made safe for an href: http, https and relative ones only. Anything
 * else (`javascript:`, `data:`, …) becomes `undefined`, and the caller shows plain text instead of a link.
 */
export function safeHref(address: string): string | undefined {
  // Browsers drop tabs and newlines, and skip leading controls and spaces, before they look for a scheme.
  const seen = address.replace(/[\t\n\r]/g, "").replace(/^[\u0000-\u0020]+/, "");
  if (/^https?:\/\//i.test(seen)) return seen;
  return /^[a-z][a-z0-9+.-]*:/i.test(seen) || /^[/\\]{2}|^\\/.test(seen) || seen === "" ? undefined : seen;
}
