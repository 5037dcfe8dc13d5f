import { type Content, type Html, html, nothing } from "./html.ts";
import { pageHref } from "./parts/links.ts";
import { icon } from "./parts/svg.ts";
import { actionShells, helpDialog, selectionBar } from "./parts/dialogs.ts";
import { topBar } from "./parts/top.ts";
import type { Text } from "./text/text.ts";
import { may, type Role, type Theme, type Viewing } from "./viewing.ts";

/** htmx without eval and without a style sheet of its own, so that the page's CSP can forbid both. */
const htmxConfig =
  '{"includeIndicatorCSS":false,"history":"reload","morphScanLimit":30,"sse":{"reconnectDelay":500,"reconnectMaxDelay":8000,"connectTimeout":15000}}';

function head(lang: string, theme: Theme, title: string, v: Pick<Viewing, "assets" | "now">): Html {
  return html`<!doctype html>
<html lang="${lang === "zh" ? "zh-Hans" : "en"}" data-theme="${theme}" data-now="${v.now}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"><title>${title}</title><meta name="color-scheme" content="light dark"><meta name="htmx-config" content="${htmxConfig}"><link rel="stylesheet" href="${v.assets.css}"><link rel="icon" type="image/svg+xml" href="${v.assets.icon}"><script src="${v.assets.js}" defer></script></head>
`;
}

/**
 * A whole page in the frame. `fragments` is the page's content in order: each is one element with its key as
 * its id, so that the live stream can send it again. `live` is the stream's address.
 */
export function layout(
  v: Viewing,
  title: string,
  frame: Record<"nav" | "banner" | "doing", Html>,
  fragments: Record<string, Html>,
  live: Content,
): Html {
  return html`${head(v.lang, v.theme, titleText(title), v)}<body class="frame" data-copied="${v.t.frame.copied}" data-go="${JSON.stringify(goKeys(v))}"><a class="skip" href="#main">${v.t.frame.skip}</a>
${frame.nav}
${topBar(v)}
${frame.banner}
<main id="main" tabindex="-1">${Object.values(fragments)}</main>
${frame.doing}${live}${selectionBar(v)}${helpDialog(v)}${actionShells(v)}</body></html>`;
}

export const titleText = (title: string) => `${title} · AtlHyper`;

/** The element that holds the page's one stream; with a new address comes a new element, which opens the new stream. */
export function liveElement(address: string): Html {
  return html`<div id="live" hx-sse:connect="${address}" hx-sse:close="session-end" hidden></div>`;
}

interface NavItem {
  key: keyof Text["nav"] & string;
  path: string;
  icon: Parameters<typeof icon>[0];
  /** The key behind g that goes there. */
  go: string;
  /** Stays in the bottom bar of a phone. */
  phone?: true;
  /** Who sees it; everybody otherwise. */
  role?: Role;
}

const navItems: readonly NavItem[] = [
  { key: "overview", path: "/", icon: "overview", go: "o", phone: true },
  { key: "nodes", path: "/nodes", icon: "nodes", go: "n" },
  { key: "pods", path: "/pods", icon: "pods", go: "p", phone: true },
  { key: "workloads", path: "/deployments", icon: "workloads", go: "w", phone: true },
  { key: "network", path: "/services", icon: "network", go: "s" },
  { key: "config", path: "/configmaps", icon: "config", go: "c" },
  { key: "namespaces", path: "/namespaces", icon: "namespaces", go: "m" },
  { key: "alerts", path: "/alerts", icon: "alerts", go: "l", phone: true },
  { key: "events", path: "/events", icon: "events", go: "e" },
  { key: "usage", path: "/top", icon: "usage", go: "t" },
];
const restItems: readonly NavItem[] = [
  { key: "commands", path: "/commands", icon: "commands", go: "a" },
  { key: "clusters", path: "/clusters", icon: "clusters", go: "k" },
  { key: "settings", path: "/settings", icon: "settings", go: "," },
  { key: "audit", path: "/audit", icon: "audit", go: "u", role: "admin" },
];
export const allNavItems = [...navItems, ...restItems];
export type NavKey = (typeof allNavItems)[number]["key"];

/** Whether an entry is the viewer's to see. */
export const offered = (v: Viewing, item: NavItem) => item.role === undefined || may(v, item.role);

function goKeys(v: Viewing): Record<string, string> {
  return Object.fromEntries(
    allNavItems.filter((item) => offered(v, item)).map((item) => [item.go, pageHref(v, item.path)]),
  );
}

/** The side bar, a bottom bar on phones. `attention` are counts of what needs a person. */
export function navBar(
  v: Viewing,
  current: NavKey | undefined,
  attention: Partial<Record<string, number>>,
): Html {
  const link = (item: NavItem, className: string) =>
    html`<li${className ? html` class="${className}"` : nothing}><a href="${pageHref(v, item.path)}"${item.key === current ? html` aria-current="page"` : nothing}>${icon(item.icon)}<span>${v.t.nav[item.key] as string}</span>${
      attention[item.key]
        ? html`<span class="count" data-glow title="${v.t.nav.attention(attention[item.key]!)}">${attention[item.key]}</span>`
        : nothing
    }</a></li>`;
  const rest = allNavItems.filter((item) => !item.phone && offered(v, item));
  return html`<div id="nav"><nav class="nav" aria-label="${v.t.nav.main}"><a class="brand" href="${pageHref(v, "/")}">${icon("clusters")}AtlHyper${v.demo.running ? html` <span class="badge demo" title="${v.t.frame.demoTitle}">${v.t.frame.demo}</span>` : nothing}</a>
<ul>${navItems.map((item) => link(item, item.phone ? "" : "wide"))}<li class="phone"><button type="button" popovertarget="more">${icon("more")}<span>${v.t.nav.more}</span></button></li></ul>
<ul class="rest">${restItems.filter((item) => offered(v, item)).map((item) => link(item, ""))}</ul></nav>
<div id="more" class="menu up" popover>${rest.map((item) => html`<a href="${pageHref(v, item.path)}"${item.key === current ? html` aria-current="page"` : nothing}>${icon(item.icon)}${v.t.nav[item.key] as string}</a>`)}</div></div>`;
}

/** A page without the frame, for those who are not signed in. */
export function barePage(
  v: Pick<Viewing, "t" | "lang" | "theme" | "assets" | "now">,
  title: string,
  content: Content,
): Html {
  return html`${head(v.lang, v.theme, titleText(title), v)}<body class="bare" data-copied="${v.t.frame.copied}"><main id="main" class="card"><p class="brand">${icon("clusters")}AtlHyper</p><h1>${title}</h1>${content}</main></body></html>`;
}
