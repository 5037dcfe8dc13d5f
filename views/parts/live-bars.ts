import { type Html, html } from "../html.ts";
import type { Viewing } from "../viewing.ts";
import { bar } from "./banner.ts";
import { mark } from "./state.ts";

/** Bars that the live stream puts above an open page. */
type Visiting = Pick<Viewing, "t">;

export function signedOutBar(v: Visiting, back: string): Html {
  return bar(
    "warning",
    html`${v.t.frame.expired}`,
    html`<a class="button primary" href="/sign-in?back=${encodeURIComponent(back)}">${v.t.frame.signInAgain}</a>`,
  );
}

export function reloadBar(v: Viewing): Html {
  const here = v.query.size > 0 ? `${v.path}?${v.query}` : v.path;
  return bar(
    "info",
    html`${v.t.frame.newVersion}`,
    html`<a class="button" href="${here}">${v.t.frame.reload}</a>`,
  );
}

export function goneBar(v: Viewing): Html {
  return bar("warning", html`${mark(v, "unknown")}${v.t.frame.gone}`);
}

export function staleBar(v: Viewing): Html {
  return bar("warning", html`${mark(v, "warning")}${v.t.frame.renderFailed}`);
}
