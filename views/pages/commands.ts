import { commandTypeNames } from "../../wire/command-names.ts";
import { type Html, html, nothing } from "../html.ts";
import { type CommandView, commandStates } from "../command-model.ts";
import { cursorPager } from "../parts/cursor-pager.ts";
import {
  askedText,
  offersUndo,
  commandHref,
  commandState,
  targetLink,
  targetOf,
  toldOf,
  undoHref,
} from "../parts/command.ts";
import { empty } from "../parts/empty.ts";
import { formatCount, formatDuration } from "../parts/format.ts";
import { withQuery } from "../parts/links.ts";
import { age } from "../parts/time.ts";
import { clusterName, manyClusters, type Viewing } from "../viewing.ts";

export interface CommandPage {
  items: readonly CommandView[];
  total: number;
  next?: string;
}

const filters = ["state", "type", "who", "reads", "group"] as const;

export function commandsHead(v: Viewing, page: CommandPage): Html {
  const t = v.t.commands;
  const value = (name: string) => v.query.get(name) ?? "";
  const choice = (name: string, label: string, options: readonly (readonly [string, string])[]) =>
    html`<select name="${name}" id="commands-${name}" aria-label="${label}">${options.map(
      ([one, text]) =>
        html`<option value="${one}"${one === value(name) ? html` selected` : nothing}>${text}</option>`,
    )}</select>`;
  const kept = ["cluster", "namespace", "group"].map((name) =>
    value(name) ? html`<input type="hidden" name="${name}" value="${value(name)}">` : nothing,
  );
  const types = [...new Map(commandTypeNames.map((one) => [`${t.asked[one]({})} · ${one}`, one]))];
  return html`<header id="head" class="head"><h1>${value("group") ? t.together : t.title}</h1><p class="count">${formatCount(page.total)}</p>
<form class="filters" action="/commands" method="get" hx-get="/commands" hx-trigger="input delay:250ms, submit" hx-swap="none" hx-sync="this:replace" hx-indicator="#list">${kept}
<label class="tick"><input type="checkbox" name="reads" value="1"${value("reads") ? html` checked` : nothing}>${t.filter.reads}</label>
${choice("state", v.t.column.state, [
  ["", t.filter.any],
  ["open", t.filter.open],
  ["ended", t.filter.ended],
  ...commandStates.map((one): [string, string] => [one, t.state[one]]),
])}
${choice("type", t.column.what, [["", t.filter.anyType], ...types.map(([text, one]): [string, string] => [one, text])])}
${choice("who", t.column.by, [
  ["", t.filter.anybody],
  ["me", t.filter.me],
])}
<noscript><button class="button">${v.t.frame.apply}</button></noscript></form></header>`;
}

export function commandsTable(v: Viewing, page: CommandPage): Html {
  const t = v.t.commands;
  if (page.items.length === 0) {
    const filtered = filters.some((name) => v.query.get(name));
    const clear = withQuery("/commands", new URLSearchParams(), v.scope);
    return html`<div id="list">${
      filtered
        ? empty(t.none, nothing, html`<a class="button" href="${clear}">${v.t.list.clear}</a>`)
        : empty(t.nothing, t.nothingHow)
    }</div>`;
  }
  return html`<div id="list">${commandRows(v, page.items, true)}${cursorPager(v, page.next, v.t.commands)}</div>`;
}

/** Commands as a table; with the object where they are not all of the same one. */
export function commandRows(v: Viewing, items: readonly CommandView[], objects: boolean): Html {
  const t = v.t.commands;
  const many = objects && manyClusters(v);
  return html`<table class="list"><thead><tr><th scope="col">${v.t.column.state}</th><th scope="col">${t.column.what}</th>${objects ? html`<th scope="col">${t.column.object}</th>` : nothing}${many ? html`<th scope="col" class="p2">${v.t.column.cluster}</th>` : nothing}<th scope="col">${t.column.result}</th><th scope="col">${t.column.by}</th><th scope="col" class="right p2">${t.column.took}</th><th scope="col" class="right">${t.column.when}</th></tr></thead><tbody>${items.map((one) => row(v, one, objects, many))}</tbody></table>`;
}

function row(v: Viewing, one: CommandView, objects: boolean, many: boolean): Html {
  const href = commandHref(one.id);
  const { namespace } = targetOf(one);
  const told = toldOf(v, one);
  const begun = one.startedMs ?? one.fetchedMs;
  return html`<tr id="c${one.id.replace(/[^\w-]/g, "")}" data-href="${href}" data-name="${askedText(v.t, one)}"><td class="b">${commandState(v, one)}</td><td class="name a"><a href="${href}">${askedText(v.t, one)}</a></td>${
    objects
      ? html`<td class="object c">${targetLink(v, one)}${namespace ? html` <span class="soft small">${namespace}</span>` : nothing}</td>`
      : nothing
  }${many ? html`<td class="p2">${clusterName(v, one.cluster)}</td>` : nothing}<td class="grow"><span title="${told}">${told}</span></td><td>${one.by.name}${offersUndo(v, one) ? html` <a class="button" href="${undoHref(one.id)}" data-act>${v.t.commands.undo}</a>` : nothing}</td><td class="right p2">${
    one.endedMs && begun ? formatDuration(one.endedMs - begun) : nothing
  }</td><td class="right d">${age(v, one.createdMs)}</td></tr>`;
}
