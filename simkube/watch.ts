import { ApiError, expired } from "./api-error.ts";
import { invalidOptions, parseVersion, present, tooLarge, wholeNumber } from "./list.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import type { Stored } from "./object.ts";
import { type Matches, parseSelectors } from "./selector.ts";
import type { Entry, Store } from "./store.ts";

export interface WatchOptions {
  bookmarkMs: number;
  signal: AbortSignal;
}

/** About as much as is handed to the socket at once, so that a list of 10,000 is not held as text as a whole. */
const chunkBytes = 65_536;

type Line = { type: string; object: unknown };

/** A watch as one JSON line per change; see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export function watchAnswer(
  store: Store,
  kind: Kind,
  namespace: string | undefined,
  query: URLSearchParams,
  options: WatchOptions,
): Response {
  const selects = parseSelectors(kind, query);
  const matches: Matches = namespace
    ? (object) => object.metadata.namespace === namespace && selects(object)
    : selects;
  const bookmarks = /^(1|true)$/.test(query.get("allowWatchBookmarks") ?? "");
  const seconds = wholeNumber(query, "timeoutSeconds") || 1800;
  const begin = beginning(store, kind, query, matches, bookmarks);

  const encoder = new TextEncoder();
  const pending: Line[] = begin.lines;
  let wake: (() => void) | undefined;
  let ended = begin.ended;
  const push = (line: Line) => {
    pending.push(line);
    wake?.();
  };
  const bookmark = () => push(bookmarkLine(kind, store.version));
  const end = () => {
    if (ended) return;
    ended = true;
    close();
    wake?.();
  };
  const unsubscribe = ended
    ? () => {}
    : store.subscribe((entry) => {
        const line = entry.storage === kind.storage ? lineOf(kind, entry, matches) : undefined;
        if (line) push(line);
      });
  const beat = bookmarks && !ended ? setInterval(bookmark, options.bookmarkMs) : undefined;
  const timer = setTimeout(() => {
    // The real one sends a last bookmark too, so that the next watch begins where this one ended.
    if (bookmarks) bookmark();
    end();
  }, seconds * 1000);
  const close = () => {
    unsubscribe();
    clearInterval(beat);
    clearTimeout(timer);
    options.signal.removeEventListener("abort", end);
  };
  options.signal.addEventListener("abort", end, { once: true });

  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      // Bun sends the head only with the first byte; the real one at once. An empty line is no event.
      if (pending.length === 0) controller.enqueue(encoder.encode("\n"));
    },
    async pull(controller) {
      while (pending.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      let text = "";
      let taken = 0;
      while (taken < pending.length && text.length < chunkBytes)
        text += `${JSON.stringify(pending[taken++])}\n`;
      pending.splice(0, taken);
      if (text !== "") controller.enqueue(encoder.encode(text));
      if (ended && pending.length === 0) {
        close();
        controller.close();
      }
    },
    cancel: end,
  });
  return new Response(stream, { headers: { "content-type": "application/json" } });
}

/** What a watch starts with: the state there is, or the changes since a version, or that those are forgotten. */
function beginning(
  store: Store,
  kind: Kind,
  query: URLSearchParams,
  matches: Matches,
  bookmarks: boolean,
): { lines: Line[]; ended: boolean } {
  const text = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch");
  const initial = query.get("sendInitialEvents");
  if (initial !== null && match !== "NotOlderThan")
    throw invalidOptions(
      "resourceVersionMatch",
      "resourceVersionMatch must be set to NotOlderThan when sendInitialEvents is set",
    );
  if (initial === null && match !== null)
    throw invalidOptions(
      "resourceVersionMatch",
      "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
    );
  const version = text === "" ? 0 : parseVersion(text);
  if (initial === "true" && version > store.version) throw tooLarge(version, store.version);
  const wholeState = initial === "true" || (initial === null && version === 0);
  if (wholeState) {
    const lines: Line[] = store
      .list(kind)
      .filter(matches)
      .map((object) => ({ type: "ADDED", object: present(kind, object) }));
    if (initial === "true" && bookmarks)
      lines.push(bookmarkLine(kind, store.version, { "k8s.io/initial-events-end": "true" }));
    return { lines, ended: false };
  }
  try {
    const entries = version === 0 ? [] : store.since(kind, version);
    const lines = entries.map((entry) => lineOf(kind, entry, matches)).filter((line) => line !== undefined);
    return { lines, ended: false };
  } catch (error) {
    // The watch cache answers 200 and an ERROR event, not 410.
    const fault = error instanceof ApiError ? error : expired("too old resource version");
    return { lines: [{ type: "ERROR", object: fault.toStatus() }], ended: true };
  }
}

/** A change as a watch with these selectors sees it: leaving them is a deletion, coming under them a creation. */
function lineOf(kind: Kind, entry: Entry, matches: Matches): Line | undefined {
  const is = entry.type !== "DELETED" && matches(entry.object);
  const was = entry.previous !== undefined && matches(entry.previous);
  if (is) return { type: was ? "MODIFIED" : "ADDED", object: present(kind, entry.object) };
  if (!was) return undefined;
  const last =
    entry.type === "DELETED" ? entry.object : { ...entry.previous!, metadata: entry.object.metadata };
  return { type: "DELETED", object: present(kind, last as Stored) };
}

function bookmarkLine(kind: Kind, version: number, annotations?: Record<string, string>): Line {
  return {
    type: "BOOKMARK",
    object: {
      kind: kind.kind,
      apiVersion: apiVersionOf(kind),
      metadata: {
        resourceVersion: String(version),
        creationTimestamp: null,
        ...(annotations ? { annotations } : {}),
      },
    },
  };
}
