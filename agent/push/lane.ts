import type { Answer } from "./link.ts";

export interface Message {
  route: string;
  /** The whole body, as JSON; bytes are valid until the next message is asked for. */
  body: string | Uint8Array<ArrayBuffer>;
}

/**
 * One source of messages to the master. The pusher asks each when it wants to send, sends one message at a
 * time, and tells what became of it before it asks for the next.
 */
export interface Lane {
  /** For the log. */
  readonly name: string;
  /** When it wants to send, in epoch ms; Infinity where there is nothing. */
  dueMs(): number;
  /** The message to send now; undefined where there turned out to be nothing to say. */
  next(): Message | undefined;
  /** A 2xx: it is where it is promised to be. */
  sent(answer: Answer): void;
  /**
   * Refused with a 4xx or 5xx that is about this message, or not answered (status 0): it may come again, in
   * this form or a better one.
   */
  failed(status: number, body: unknown): void;
  /** The master began anew, or is another one: it has nothing of what was sent, and does not ask for it. */
  afresh?(): void;
  /** The agent ends: what is left is due now. */
  flush(): void;
}

export interface Head {
  cluster_id: string;
  source: string;
  sync?: object;
}

/** The frame of a message up to its payload's JSON, which one brace follows. */
export function envelopeHead({ cluster_id, source, sync }: Head, nowMs: number): string {
  const frame = JSON.stringify({ version: "v1", cluster_id, source, ts_ms: nowMs, sync });
  return `${frame.slice(0, -1)},"payload":`;
}

export const envelope = (head: Head, payload: string, nowMs: number): string =>
  `${envelopeHead(head, nowMs)}${payload}}`;
