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
  name: "\ue003",
  reason: "\ue004",
  namespace: "\ue005",
  node: "\ue006",
  origin: "\ue007",
  open: "\ue008",
};

const longest = 400;
const mostTerms = 16;

/**
 * The words and "phrases" that a user typed, as FTS5 terms that must all occur. Any text is legal: every term is
 * quoted, so that nothing in it is an operator. A word of three letters or more matches words that begin so.
 * Undefined when something was typed that holds no word at all: that matches nothing.
 */
export function textTerms(q: string): string[] | undefined {
  const clean = q.slice(0, longest).replace(/[\0\ue000-\uf8ff]|\p{Cs}/gu, " ");
  const terms: string[] = [];
  for (const [, phrase, word] of clean.matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const term = phrase ?? word ?? "";
    if (!/[\p{L}\p{N}]/u.test(term)) continue;
    const prefix = phrase === undefined && /[\p{L}\p{N}]{3}$/u.test(term) ? "*" : "";
    terms.push(`"${term}"${prefix}`);
    if (terms.length === mostTerms) break;
  }
  return terms.length === 0 && clean.trim() !== "" ? undefined : terms;
}

const hex = (value: string) => Buffer.from(value).toString("hex").toUpperCase();

/**
 * A query's words and filters as one FTS5 expression; an empty one when all events match, undefined when none
 * can. `cluster` is the cluster's number, where the query names one.
 */
export function matchExpression(query: EventQuery, cluster: number | undefined): string | undefined {
  const terms = textTerms(query.q ?? "");
  if (!terms) return undefined;
  const filter = (start: string, value: string | number) => terms.push(`"${start}${value}"`);
  if (cluster !== undefined) filter(mark.cluster, cluster);
  if (query.severity) filter(mark.severity, severityNumber(query.severity));
  if (query.kind) filter(mark.kind, hex(query.kind));
  if (query.name) filter(mark.name, hex(query.name));
  if (query.reason) filter(mark.reason, hex(query.reason));
  if (query.namespace) filter(mark.namespace, hex(query.namespace));
  if (query.node) filter(mark.node, hex(query.node));
  if (query.origin) filter(mark.origin, hex(query.origin));
  if (query.open) filter(mark.open, "");
  return terms.join(" AND ");
}

/** The expression for the two worse severities. */
export const warningsExpression = `("${mark.severity}1" OR "${mark.severity}2")`;
