import type { Html } from "../../views/html.ts";
import { layout, liveElement, navBar, titleText } from "../../views/layout.ts";
import { html } from "../../views/html.ts";
import { banner } from "../../views/parts/banner.ts";
import { doingStrip } from "../../views/parts/doing.ts";
import type { Viewing } from "../../views/viewing.ts";
import { encodeState, type PageState, partial, stateOf } from "./fragments.ts";
import type { Loaded, Page } from "./page.ts";

/** A page's own fragments and the frame's that change: side bar and banner, as text by id. */
export function texts(v: Viewing, page: Page, loaded: Loaded, first?: Html): Record<string, string> {
  return textsIn(frameOf(v, page, first), loaded);
}

function textsIn(frame: Frame, loaded: Loaded): Record<string, string> {
  const all: Record<string, string> = {
    nav: frame.nav.text,
    banner: frame.banner.text,
    doing: frame.doing.text,
  };
  for (const [id, one] of Object.entries(loaded.fragments)) all[id] = one.text;
  return all;
}

type Frame = Record<"nav" | "banner" | "doing", Html>;

function frameOf(v: Viewing, page: Page, first?: Html): Frame {
  return {
    nav: navBar(v, page.nav, attention(v)),
    banner: banner(v, first),
    doing: doingStrip(v, v.doing),
  };
}

function attention(v: Viewing): Record<string, number> {
  const counts = { pods: 0, workloads: 0, nodes: 0, commands: v.proposed, alerts: v.firing };
  for (const { id, counts: one } of v.clusters) {
    if (v.scope.cluster !== undefined && v.scope.cluster !== id) continue;
    counts.pods += one.podsAttention;
    counts.workloads += one.workloadsAttention;
    counts.nodes += one.nodes - one.nodesReady;
  }
  return counts;
}

/**
 * The whole page. `plain` is how it is without what a posted form gave: the stream compares with that, and leaves what
 * a form gave where it stands, until something else about it changes.
 */
export function fullPage(v: Viewing, page: Page, loaded: Loaded, first?: Html, plain = loaded): Html {
  const frame = frameOf(v, page, first);
  const address = liveAddress(v, stateOf(textsIn(frame, plain)));
  return layout(v, loaded.title, frame, loaded.fragments, liveElement(address));
}

/** The page's fragments for a page that is open already: after a filter, a sort, a step in the pager. */
export function partialPage(v: Viewing, loaded: Loaded): string {
  const own = Object.fromEntries(Object.entries(loaded.fragments).map(([id, one]) => [id, one.text]));
  // Another element in its place: one that is morphed would go on with the stream of the address before, too, whose
  // next message would bring that address's content back.
  const live = partial("live", liveElement(liveAddress(v, stateOf(own))).text, "outerHTML");
  const parts = Object.entries(own).map(([id, text]) => partial(id, text));
  return html`<title>${titleText(loaded.title)}</title>`.text + parts.join("") + live;
}

/** `/live?page=…&have=…&v=…`: the page, what the browser has of it, and with which script. */
function liveAddress(v: Viewing, state: PageState): string {
  const query = new URLSearchParams({
    page: addressOf(v),
    have: encodeState(state),
    v: v.assets.js.split("/")[2] ?? "",
  });
  return `/live?${query}`;
}

/** The page's path and query. */
export function addressOf(v: Viewing): string {
  return v.query.size > 0 ? `${v.path}?${v.query}` : v.path;
}
