import type { KubeClient } from "./client.ts";
import { errorOfStatus, inWords, KubeError } from "./error.ts";
import { LineCutter } from "./lines.ts";
import type { KubeObject } from "./object.ts";

export type WatchEvent =
  | { type: "ADDED" | "MODIFIED" | "DELETED"; object: KubeObject }
  | { type: "BOOKMARK"; object: KubeObject };

export interface WatchRequest {
  client: KubeClient;
  path: string;
  query: Record<string, string | number | boolean | undefined>;
  signal: AbortSignal;
  /** Ends the watch as dead after so long without a byte. */
  silenceMs: number;
  /** The server accepted: its answer's head is in. */
  onOpen(): void;
  onEvent(event: WatchEvent): void;
}

/** How long to work on what is there before letting timers and other connections have their turn. */
const sliceMs = 12;

/**
 * One watch until the server ends it, which resolves. Rejects with a KubeError: 410 when the resourceVersion is
 * too old (as an answer, or as an ERROR event), "Silent" after `silenceMs` without a byte, and whatever else.
 */
export async function watchOnce(request: WatchRequest): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([request.signal, ending.signal]);
  const body = await request.client.stream(request.path, { query: request.query, signal });
  request.onOpen();

  const reader = body.getReader();
  const cutter = new LineCutter();
  const decoder = new TextDecoder();
  let silent = false;
  const watchdog = setTimeout(() => {
    silent = true;
    ending.abort();
  }, request.silenceMs);

  const onLine = (line: Uint8Array) => request.onEvent(parseEvent(decoder.decode(line)));
  try {
    let sliceStart = performance.now();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      watchdog.refresh();
      cutter.feed(value, onLine);
      if (performance.now() - sliceStart > sliceMs) {
        await new Promise((resolve) => setImmediate(resolve));
        sliceStart = performance.now();
      }
      if (request.signal.aborted) break;
    }
  } catch (error) {
    if (silent) throw new KubeError(0, "Silent", "the watch was silent for too long");
    if (error instanceof KubeError || request.signal.aborted) throw error;
    throw new KubeError(0, "Unreachable", `the watch broke off: ${inWords(error)}`, undefined, error);
  } finally {
    clearTimeout(watchdog);
    ending.abort();
  }
  if (silent) throw new KubeError(0, "Silent", "the watch was silent for too long");
}

function parseEvent(line: string): WatchEvent {
  let event: { type?: unknown; object?: unknown } | null;
  try {
    event = JSON.parse(line) as typeof event;
  } catch {
    throw new KubeError(0, "BadAnswer", `the watch sent a line that is no JSON: ${line.slice(0, 80)}`);
  }
  const object = event?.object as KubeObject | null | undefined;
  if (typeof object !== "object" || object === null)
    throw new KubeError(0, "BadAnswer", `the watch sent an event without an object: ${line.slice(0, 80)}`);
  switch (event?.type) {
    case "ERROR":
      throw errorOfStatus(object as { code?: unknown; reason?: unknown; message?: unknown });
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
    case "BOOKMARK":
      if (typeof object.metadata !== "object" || object.metadata === null)
        throw new KubeError(
          0,
          "BadAnswer",
          `the watch sent an object without metadata: ${line.slice(0, 80)}`,
        );
      return { type: event.type, object };
    default:
      throw new KubeError(0, "BadAnswer", `the watch sent an event of an unknown type: ${line.slice(0, 80)}`);
  }
}
