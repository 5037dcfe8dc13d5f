import type { EventQuery } from "../../../views/event-model.ts";
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
const plenty = 1000;

/** What the index holds, as far as it decides how a word is looked for. */
export interface Vocabulary {
  /** The words that begin so; undefined when there are too many to name them. */
  completions(prefix: string): string[] | undefined;
  /** Whether so many events match an expression. */
  matches(expression: string, atLeast: number): boolean;
}

/**
 * The words and "phrases" that a user typed, as FTS5 terms that must all occur. Any text is legal: every term is
 * quoted, so that nothing in it is an operator. A plain word of three letters or more matches words that begin
 * so. Undefined when something was typed that holds no word at all: that matches nothing.
 */
function textTerms(q: string, vocabulary: Vocabulary): string[] | undefined {
  const clean = q.slice(0, longest).replace(/[\0\ue000-\uf8ff]|\p{Cs}/gu, " ");
  const terms: string[] = [];
  for (const [, phrase, word] of clean.matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const term = phrase ?? word ?? "";
    if (!/[\p{L}\p{N}]/u.test(term)) continue;
    terms.push(phrase === undefined ? wordTerm(term, vocabulary) : `"${term}"`);
    if (terms.length === mostTerms) break;
  }
  return terms.length === 0 && clean.trim() !== "" ? undefined : terms;
}

/**
 * A word and all that begin with it. FTS5's own prefix search reads every occurrence of every such word before
 * it gives the first: with the words named instead, it reads only what a page needs.
 */
function wordTerm(word: string, vocabulary: Vocabulary): string {
  const exact = `"${word}"`;
  // `checkout-7d` is a phrase to the tokenizer, of which the last part may be cut short.
  const tail = /[\p{L}\p{N}]*$/u.exec(word)![0];
  const head = word.slice(0, word.length - tail.length);
  if (tail.length < (head === "" ? 3 : 1)) return exact;
  const words = /^[a-z0-9]+$/i.test(tail) ? vocabulary.completions(tail.toLowerCase()) : undefined;
  if (words) return words.length === 0 ? exact : `(${words.map((one) => `"${head}${one}"`).join(" OR ")})`;
  // Too many, such as the random ends of pods' names. What is there in plenty as it stands is meant so; the
  // first letter of a last part says little until more is typed.
  if (head === "" && vocabulary.matches(exact, plenty)) return exact;
  if (tail.length < 3 && /[\p{L}\p{N}]/u.test(head))
    return vocabulary.matches(exact, 1) ? exact : `"${head}"`;
  return `${exact}*`;
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
  vocabulary: Vocabulary,
): string | undefined {
  const terms = textTerms(query.q ?? "", vocabulary);
  if (!terms) return undefined;
  const filter = (start: string, value: string | number) => terms.push(`"${start}${value}"`);
  if (cluster !== undefined) filter(mark.cluster, cluster);
  if (query.severity) filter(mark.severity, severityNumber(query.severity));
  if (query.kind) filter(mark.kind, hex(query.kind));
  if (query.name) terms.push(...(textTerms(`"${query.name.replaceAll('"', " ")}"`, vocabulary) ?? []));
  if (query.reason) filter(mark.reason, hex(query.reason));
  if (query.namespace) filter(mark.namespace, hex(query.namespace));
  if (query.node) filter(mark.node, hex(query.node));
  if (query.origin) filter(mark.origin, hex(query.origin));
  if (query.open) filter(mark.open, "");
  return terms.join(" AND ");
}

/**
 * The expression for what can be seen of some clusters, by their numbers: all of one, or what is in some of its
 * namespaces. Undefined where nothing can.
 */
export function seenExpression(
  seen: Iterable<readonly [number, "all" | ReadonlySet<string>]>,
): string | undefined {
  const parts: string[] = [];
  for (const [cluster, part] of seen) {
    const all = clusterExpression(cluster);
    if (part === "all") parts.push(all);
    else if (part.size > 0) {
      const namespaces = [...part].map((one) => `"${mark.namespace}${hex(one)}"`);
      parts.push(`(${all} AND (${namespaces.join(" OR ")}))`);
    }
  }
  return parts.length === 0 ? undefined : `(${parts.join(" OR ")})`;
}

/** The expression for all events of a cluster. */
export const clusterExpression = (cluster: number) => `"${mark.cluster}${cluster}"`;

/** The expression for the two worse severities. */
export const warningsExpression = `("${mark.severity}1" OR "${mark.severity}2")`;
