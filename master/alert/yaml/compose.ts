import { Composer, type CST, isScalar, isSeq, Lexer, LineCounter, type Node, Parser } from "yaml";

/** What is wrong at a place of a text. */
export interface Fault {
  /** Where in the text. */
  offset: number;
  message: string;
}

export interface Composed {
  /** The items of the list that the text is. */
  items: Node[];
  faults: Fault[];
  /** Line and column of an offset, from 1. */
  place(offset: number): { line: number; column: number };
}

const misplaced = "this does not fit what stands before it: mind the colons, and indent by spaces";
const lexemesAtOnce = 100;
/** Of one item: it is put together in one go, and each of its names is compared with all others. */
const mostNodes = 2000;
const mostDepth = 50;
const tooMuch =
  "this is more than one rule can be: each begins with - id: NAME at the beginning of a line, and is short";
/** What YAML's own words for its faults mean for who wrote the text. */
const said: Record<string, string> = {
  TAB_AS_INDENT: "YAML is indented by spaces, and this is a tab",
  DUPLICATE_KEY: "this key is there twice",
  MULTILINE_IMPLICIT_KEY: "a name and its value are written as name: value",
  BLOCK_AS_IMPLICIT_KEY:
    "a text with a colon needs quotes around it, and names that belong together begin in the same column",
  UNEXPECTED_TOKEN:
    "this does not fit what stands before it: a text with braces or a colon needs quotes around it",
};

/**
 * A text that is a YAML list, item by item, so that a long one can be read in slices. Items stand for themselves:
 * there are no anchors across them, nor anywhere else in these files.
 */
export function* compose(text: string): Generator<void, Composed> {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const documents: CST.Document[] = [];
  const faults: Fault[] = [];
  const take = (token: CST.Token) => {
    if (token.type === "document") documents.push(token);
    else if (token.type === "error") faults.push({ offset: token.offset, message: misplaced });
    else if (token.type === "directive")
      faults.push({ offset: token.offset, message: "directives of YAML are not taken" });
  };
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) take(token);
    if (++count % lexemesAtOnce === 0) yield;
  }
  for (const token of parser.end()) take(token);
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const items: Node[] = [];
  if (documents[1])
    faults.push({ offset: documents[1].offset, message: "one file has one list: take the --- out" });
  const [document] = documents;
  const within: Fault[] = [];
  for (const one of document ? listed(document) : []) {
    items.push(...composeOne(one, within));
    yield;
  }
  // What is left over of a text is often only what a fault within made of it.
  return { items, faults: within.length > 0 ? within : faults, place };
}

/** A document for each item of a list in block style; as it is otherwise. */
function* listed(document: CST.Document): Generator<CST.Document> {
  const { value } = document;
  if (value?.type !== "block-seq") {
    yield document;
    return;
  }
  for (const item of value.items) yield { ...document, value: { ...value, items: [item] } };
}

/** Whether an item is more than any rule can be; looked at without recursion, since it may be nested without end. */
function tooLarge({ value }: CST.Document): boolean {
  const stack: { token: CST.Token | null | undefined; depth: number }[] = [{ token: value, depth: 0 }];
  let count = 0;
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { token, depth } = top;
    if (++count > mostNodes || depth > mostDepth) return true;
    if (!token || !("items" in token)) continue;
    for (const { key, value } of token.items.slice(0, mostNodes)) {
      if (key) stack.push({ token: key, depth: depth + 1 });
      stack.push({ token: value, depth: depth + 1 });
    }
  }
  return false;
}

function composeOne(token: CST.Document, faults: Fault[]): Node[] {
  if (tooLarge(token)) {
    const [item] = token.value?.type === "block-seq" ? token.value.items : [];
    faults.push({ offset: item?.start[0]?.offset ?? token.offset, message: tooMuch });
    return [];
  }
  const composer = new Composer({ prettyErrors: false });
  const found: Node[] = [];
  for (const { errors, warnings, contents } of [...composer.next(token), ...composer.end()]) {
    for (const { code, message, pos } of [...errors, ...warnings])
      faults.push({ offset: pos[0], message: said[code] ?? message });
    if (contents === null || (isScalar(contents) && contents.value === null)) continue;
    if (isSeq(contents)) found.push(...(contents.items as Node[]));
    else
      faults.push({
        offset: contents.range?.[0] ?? token.offset,
        message: "a list of rules is needed: each begins with - id: NAME",
      });
  }
  return found;
}
