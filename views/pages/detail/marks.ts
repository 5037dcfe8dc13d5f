import { type Html, html, nothing } from "../../html.ts";
import { type Mark, type Marked, type MarkKind, markKinds, markKindsOf } from "../../mark.ts";
import { absent, section } from "./blocks.ts";
import type { Viewing } from "../../viewing.ts";
import { markSymbol } from "../../parts/chart-marks.ts";
import { formatCount } from "../../parts/format.ts";
import { withQuery } from "../../parts/links.ts";
import { age } from "../../parts/time.ts";

const mostListed = 100;
/** More are folded away. */
const mostOpen = 8;

/** What the marks on a page's charts are, as a list, the newest first, and which kinds are shown. */
export function marksPart(v: Viewing, marked: Marked | undefined): Html {
  const t = v.t.marks;
  const there = markKinds.filter((kind) => (marked?.counts[kind] ?? 0) > 0);
  if (!marked || there.length === 0) return absent("marks");
  const listed = marked.marks.slice(-mostListed).reverse();
  const shown = there.reduce(
    (sum, kind) => sum + (markKindsOf(v.query).has(kind) ? marked.counts[kind]! : 0),
    0,
  );
  const list = (some: readonly Mark[]) => html`<ol class="marked">${some.map((one) => entry(v, one))}</ol>`;
  const rest = listed.slice(mostOpen);
  return section(
    "marks",
    t.title,
    html`${toggles(v, marked, there)}${
      listed.length > 0 ? list(listed.slice(0, mostOpen)) : html`<p class="soft">${t.allHidden}</p>`
    }${
      rest.length > 0 &&
      html`<details class="fold" id="more-marks"><summary>${t.earlier} <span class="count soft">${formatCount(rest.length)}</span></summary>${list(rest)}</details>`
    }`,
    shown > listed.length ? t.newest(listed.length, shown) : undefined,
  );
}

function entry(v: Viewing, one: Mark): Html {
  return html`<li>${markSymbol(one.kind)}<a href="${one.href}">${one.text}</a>${
    one.kind === "alert" && one.untilMs === undefined && html` <span class="badge">${v.t.marks.fires}</span>`
  } <span class="soft when">${age(v, one.atMs)}</span></li>`;
}

/** A link for each kind that there is, which shows or hides it. */
function toggles(v: Viewing, { counts }: Marked, there: readonly MarkKind[]): Html {
  const shown = markKindsOf(v.query);
  const link = (kind: MarkKind) => {
    const next = markKinds.filter((one) => (one === kind ? !shown.has(one) : shown.has(one)));
    const marks = next.length === markKinds.length ? undefined : next.join(",") || "none";
    const on = shown.has(kind);
    return html`<a href="${withQuery(v.path, v.query, { marks })}"${on ? html` aria-current="true"` : nothing} title="${on ? t.hide : t.show}">${markSymbol(kind)}${t.kinds[kind]} <span class="count">${formatCount(counts[kind]!)}</span></a>`;
  };
  const t = v.t.marks;
  return html`<nav class="compare mark-kinds" aria-label="${t.which}">${there.map(link)}</nav>`;
}
