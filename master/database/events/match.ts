import type { EventQuery } from "../../../views/model.ts";
import { severityNumber } from "./row.ts";

/**
 * What begins the words that stand for filters: characters of the private use area, which the tokenizer takes
 * for letters and which are removed from what users type.
 */
export const mark = {
  cluster: "\ue000",
  severity: "\ue001",
  kind: "\ue002",
  reason: "\ue003",
  namespace: "\ue004",
  node: "\ue005",
  origin: "\ue006",
  open: "\ue007",
};

const longest = 400;
const mostTerms = 16;

/** The words that are in the index and begin so; undefined when there are too many to name them. */
export type Completions = (prefix: string) => string[] | undefined;

/**
 * The words and "phrases" that a user typed, as FTS5 terms that must all occur. Any text is legal: every term is
 * quoted, so that nothing in it is an operator. A plain word of three letters or more matches words that begin
 * so. Undefined when something was typed that holds no word at all: that matches nothing.
 */
export function textTerms(q: string, completions: Completions): string[] | undefined {
  const clean = q.slice(0, longest).replace(/[\0\ue000-\uf8ff]|\p{Cs}/gu, " ");
  const terms: string[] = [];
  for (const [, phrase, word] of clean.matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const term = phrase ?? word ?? "";
    if (!/[\p{L}\p{N}]/u.test(term)) continue;
    terms.push(phrase === undefined ? wordTerm(term, completions) : `"${term}"`);
    if (terms.length === mostTerms) break;
  }
  return terms.length === 0 && clean.trim() !== "" ? undefined : terms;
}

/**
 * A word and all that begin with it. FTS5's own prefix search reads every occurrence of every such word before
 * it gives the first: with the words named instead, it reads only what a page needs.
 */
function wordTerm(word: string, completions: Completions): string {
  // `checkout-7d` is a phrase to the tokenizer, of which the last part may be cut short.
  const tail = /[\p{L}\p{N}]*$/u.exec(word)![0];
  const head = word.slice(0, word.length - tail.length);
  if (tail.length < (head === "" ? 3 : 1)) return `"${word}"`;
  const words = /^[a-z0-9]+$/i.test(tail) ? completions(tail.toLowerCase()) : undefined;
  if (!words) return tail.length < 3 ? `"${word}"` : `"${word}"*`;
  return words.length === 0 ? `"${word}"` : `(${words.map((one) => `"${head}${one}"`).join(" OR ")})`;
}

const hex = (value: string) => Buffer.from(value).toString("hex").toUpperCase();

/**
 * A query's words and filters as one FTS5 expression; an empty one when all events match, undefined when none
 * can. `cluster` is the cluster's number, where the query names one. A name is looked for as a phrase: rows have
 * to be compared with it.
 */
export function matchExpression(
  query: EventQuery,
  cluster: number | undefined,
  completions: Completions,
): string | undefined {
  const terms = textTerms(query.q ?? "", completions);
  if (!terms) return undefined;
  const filter = (start: string, value: string | number) => terms.push(`"${start}${value}"`);
  if (cluster !== undefined) filter(mark.cluster, cluster);
  if (query.severity) filter(mark.severity, severityNumber(query.severity));
  if (query.kind) filter(mark.kind, hex(query.kind));
  if (query.name) terms.push(...(textTerms(`"${query.name.replaceAll('"', " ")}"`, completions) ?? []));
  if (query.reason) filter(mark.reason, hex(query.reason));
  if (query.namespace) filter(mark.namespace, hex(query.namespace));
  if (query.node) filter(mark.node, hex(query.node));
  if (query.origin) filter(mark.origin, hex(query.origin));
  if (query.open) filter(mark.open, "");
  return terms.join(" AND ");
}

/** The expression for all events of a cluster. */
export const clusterExpression = (cluster: number) => `"${mark.cluster}${cluster}"`;

/** The expression for the two worse severities. */
export const warningsExpression = `("${mark.severity}1" OR "${mark.severity}2")`;
