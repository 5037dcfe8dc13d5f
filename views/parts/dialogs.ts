import { type Html, html } from "../html.ts";
import type { Viewing } from "../viewing.ts";
import { icon } from "./svg.ts";

export function helpDialog(v: Viewing): Html {
  const { t } = v;
  const rows: [string[], string][] = [
    [["j", "k"], t.keys.move],
    [["Enter"], t.keys.open],
    [["x"], t.keys.select],
    [["a"], t.palette.rowActions],
    [["Ctrl", "K"], t.palette.keys],
    [["/"], t.keys.search],
    [["f"], t.keys.filter],
    [["g", "o"], `${t.keys.goTo} ${t.nav.overview}`],
    [["g", "n"], `${t.keys.goTo} ${t.nav.nodes}`],
    [["g", "p"], `${t.keys.goTo} ${t.nav.pods}`],
    [["g", "w"], `${t.keys.goTo} ${t.nav.workloads}`],
    [["g", "s"], `${t.keys.goTo} ${t.nav.network}`],
    [["g", "c"], `${t.keys.goTo} ${t.nav.config}`],
    [["g", "m"], `${t.keys.goTo} ${t.nav.namespaces}`],
    [["g", "e"], `${t.keys.goTo} ${t.nav.events}`],
    [["g", "a"], `${t.keys.goTo} ${t.nav.commands}`],
    [["g", "k"], `${t.keys.goTo} ${t.nav.clusters}`],
    [["g", ","], `${t.keys.goTo} ${t.nav.settings}`],
    [["g", "u"], `${t.keys.goTo} ${t.nav.audit}`],
    [["←", "→"], t.keys.chart],
    [["Shift", "←", "→"], t.keys.chartSelect],
    [["Enter"], t.keys.chartEnter],
    [["+", "−"], t.keys.chartZoom],
    [["?"], t.keys.help],
    [["Esc"], t.keys.close],
  ];
  return html`<dialog id="help" class="sheet" aria-labelledby="help-title"><h2 id="help-title">${t.keys.title}</h2><dl class="shortcuts">${rows.map(
    ([keys, text]) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${text}</dd>`,
  )}</dl><p class="row"><button type="button" class="button" data-close autofocus>${t.frame.close}</button></p></dialog>`;
}

/** What can be done with the rows that are ticked; the browser shows it while there are any. */
export function selectionBar(v: Viewing): Html {
  const { t } = v;
  return html`<div id="selection" class="selection" role="region" aria-label="${t.list.actions}" data-text="${t.list.selected(0).replace("0", "{n}")}" hidden><output></output><button type="button" class="button primary" data-selection="actions" aria-haspopup="dialog">${t.actions.title}</button><button type="button" class="button" data-selection="names"><span class="label">${t.list.copyNames}</span></button><button type="button" class="button" data-selection="kubectl"><span class="label">${t.list.copyCommand}</span></button><button type="button" class="icon-button" data-selection="clear" aria-label="${t.list.clearSelection}">${icon("close")}</button></div>`;
}

/** The places that menus of rows, dialogs of actions and the command palette are fetched into. */
export function actionShells(v: Viewing): Html {
  const { t } = v;
  return html`<div id="row-menu" class="menu acts-menu" popover aria-label="${t.actions.title}"></div><dialog id="act" class="sheet" aria-labelledby="act-title"></dialog>
<dialog id="palette" class="palette" aria-label="${t.palette.title}"><div class="row">${icon("search")}<input id="palette-input" type="text" role="combobox" aria-controls="palette-list" aria-expanded="true" aria-autocomplete="list" aria-label="${t.palette.title}" placeholder="${t.palette.hint}" autocomplete="off" spellcheck="false" enterkeyhint="go"><button type="button" class="icon-button" data-close aria-label="${t.frame.close}">${icon("close")}</button></div><div id="palette-list" class="found-list" role="listbox" aria-label="${t.palette.title}"></div></dialog>`;
}
