import type { ItemOf, KindKey } from "../../wire/kinds.ts";
import { type Html, html } from "../html.ts";
import type { Row } from "../model.ts";
import type { Text } from "../text/text.ts";
import type { Viewing } from "../viewing.ts";
import { rowDots } from "./dots.ts";
import { objectHref } from "./links.ts";
import type { Column } from "./list.ts";

/** What was drawn of an object last, and what it was drawn from beside the object. */
interface Drawn {
  t: Text;
  cluster: string;
  within: string;
  health: string;
  state: string;
  why: string;
  head: Html;
  cells: Map<Column<never>, Html>;
}

/**
 * By the object, which the datasource keeps while it is shown: a page of 100 pods is asked for again and again,
 * and what of it can have changed is its ages and usage.
 */
const drawn = new WeakMap<object, Drawn>();

/** A row of a list. */
export function tableRow<K extends KindKey>(
  v: Viewing,
  kind: K,
  columns: readonly Column<ItemOf[K]>[],
  row: Row<ItemOf[K]>,
): Html {
  const kept = drawnOf(v, kind, row);
  return html`${kept.head}${columns.map((column) => {
    if (!column.steady) return cell(v, kind, column, row);
    let one = kept.cells.get(column);
    if (!one) {
      one = cell(v, kind, column, row);
      kept.cells.set(column, one);
    }
    return one;
  })}${rowDots(v)}</tr>`;
}

function drawnOf<K extends KindKey>(v: Viewing, kind: K, row: Row<ItemOf[K]>): Drawn {
  const { health, state, why } = row;
  const within = `${v.scope.cluster ?? ""}/${v.scope.namespace ?? ""}`;
  const known = drawn.get(row.item);
  if (
    known?.t === v.t &&
    known.cluster === row.cluster &&
    known.within === within &&
    known.health === health &&
    known.state === state &&
    known.why === why
  )
    return known;
  const { name, namespace = "" } = row.item.summary as { name: string; namespace?: string };
  const head = html`<tr id="${rowID(row)}" data-href="${hrefOf(v, kind, row)}" data-kind="${kind}" data-name="${name}" data-namespace="${namespace}"><td class="check p2"><input type="checkbox" class="pick" aria-label="${v.t.list.selectRow(name)}"></td>`;
  const now: Drawn = { t: v.t, cluster: row.cluster, within, health, state, why, head, cells: new Map() };
  drawn.set(row.item, now);
  return now;
}

function cell<K extends KindKey>(v: Viewing, kind: K, column: Column<ItemOf[K]>, row: Row<ItemOf[K]>): Html {
  const content = column.cell(row, v);
  return html`<td class="${cellClass(column)}">${
    column.card === "a" ? html`<a href="${hrefOf(v, kind, row)}">${content}</a>` : content
  }</td>`;
}

function hrefOf<K extends KindKey>(v: Viewing, kind: K, row: Row<ItemOf[K]>): string {
  const { name, namespace = "" } = row.item.summary as { name: string; namespace?: string };
  return objectHref(v, kind, row.cluster, namespace, name);
}

const classes = new WeakMap<object, string>();

function cellClass<T>(column: Column<T>): string {
  let text = classes.get(column);
  if (text === undefined) {
    const { className, card, numeric, priority } = column;
    text = [className, card, numeric ? "right" : "", priority ? `p${priority}` : ""]
      .filter(Boolean)
      .join(" ");
    classes.set(column, text);
  }
  return text;
}

/** The id of a row in the page: the live stream changes single rows by it. */
export function rowID(row: { cluster: string; key: string }): string {
  return `r${Bun.hash.wyhash(`${row.cluster}/${row.key}`).toString(36)}`;
}
