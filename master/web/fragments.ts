/**
 * What a browser has of a page, and what to send so that it has the newest. A fragment is known by the hash of
 * its HTML without the text of `<time>` elements, which the browser counts on by itself.
 */
export interface FragmentState {
  whole: string;
  /** The fragment with its rows left out, and each row by its id; known only after it was sent or rendered here. */
  parts?: { frame: string; rows: Map<string, string> };
}
export type PageState = Map<string, FragmentState>;

const timeStart = '<time datetime="';
const rowPattern = /<tr id="([^"]+)"[\s\S]*?<\/tr>/g;

function hash(text: string): string {
  return Bun.hash.wyhash(text).toString(36);
}

/** The pieces of a fragment between which stands the text of its `<time>` elements. */
function* pieces(html: string): Generator<string> {
  let from = 0;
  for (let at = html.indexOf(timeStart); at >= 0; at = html.indexOf(timeStart, from)) {
    const start = html.indexOf(">", at + timeStart.length) + 1;
    const end = html.indexOf("<", start);
    if (start === 0 || end < 0) break;
    yield html.slice(from, start);
    from = end;
  }
  yield html.slice(from);
}

/** The hash of a fragment without those texts: each piece with what came before it as the seed, so none is copied. */
function wholeOf(html: string): string {
  let seed = 0n;
  for (const piece of pieces(html)) seed = Bun.hash.wyhash(piece, seed);
  return seed.toString(36);
}

/** `head.1x9f,list.8a2k`: what the browser has, as it stands in the stream's address and its event ids. */
export function encodeState(state: PageState): string {
  return [...state].map(([id, one]) => `${id}.${one.whole}`).join(",");
}

export function decodeState(text: string | null): PageState {
  const state: PageState = new Map();
  for (const part of (text ?? "").slice(0, 2000).split(",")) {
    const at = part.lastIndexOf(".");
    if (at > 0) state.set(part.slice(0, at), { whole: part.slice(at + 1) });
  }
  return state;
}

export function stateOf(fragments: Record<string, string>): PageState {
  return new Map(Object.entries(fragments).map(([id, html]) => [id, { whole: wholeOf(html) }]));
}

/** Brings `state` up to `fragments` and gives the message that does the same in the browser; "" for nothing. */
export function difference(state: PageState, fragments: Record<string, string>): string {
  let message = "";
  for (const [id, html] of Object.entries(fragments)) {
    const whole = wholeOf(html);
    const had = state.get(id);
    if (had?.whole === whole) continue;
    const parts = split([...pieces(html)].join(""));
    message += (had?.parts && changedRows(had.parts, parts, html)) ?? partial(id, html);
    state.set(id, { whole, parts });
  }
  return message;
}

function split(text: string): NonNullable<FragmentState["parts"]> {
  const rows = new Map<string, string>();
  const frame = text.replace(rowPattern, (row, id: string) => {
    rows.set(id, hash(row));
    return `<${id}>`;
  });
  return { frame: hash(frame), rows };
}

/** The rows that changed, as long as the rest of the fragment is as it was. */
function changedRows(
  had: NonNullable<FragmentState["parts"]>,
  now: NonNullable<FragmentState["parts"]>,
  html: string,
): string | undefined {
  if (had.frame !== now.frame || now.rows.size === 0) return undefined;
  let message = "";
  for (const [row, id] of html.matchAll(rowPattern))
    if (had.rows.get(id!) !== now.rows.get(id!)) message += partial(id!, row);
  return message;
}

export function partial(id: string, html: string, swap = "outerMorph"): string {
  return `<hx-partial hx-target="#${id}" hx-swap="${swap}">${html}</hx-partial>`;
}
