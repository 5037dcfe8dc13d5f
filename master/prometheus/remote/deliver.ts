import { readSome } from "../../notify/post.ts";
import { version } from "../../../wire/version.ts";
import type { RemoteWriteSettings } from "./settings.ts";

/** What a store has said to a request, or why it has said nothing. */
export interface Told {
  /** `again`: it may be taken later. `refused`: it never will. */
  outcome: "taken" | "again" | "refused";
  /** Without anything secret. */
  text: string;
  /** Something in the request was the fault, not who sends it: in parts some of it may be taken. */
  whole?: boolean;
  /** How long the store wants to be left alone. */
  retryAfterMs?: number;
}

export type Deliver = (body: Uint8Array, signal: AbortSignal) => Promise<Told>;

const timeoutMs = 30_000;
const mostShown = 300;
const longestWaitMs = 300_000;

/** Sends requests of Remote-Write 1.0, already compressed, to the store; never throws. */
export function createDeliver({ url, headers, secrets, ca }: RemoteWriteSettings): Deliver {
  const clean = (text: string) =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), text).slice(0, mostShown);
  return async (body, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: "POST",
        // It would lead elsewhere with credentials that are meant for one.
        redirect: "manual",
        signal: AbortSignal.any([signal, timeout]),
        headers: {
          ...headers,
          "content-encoding": "snappy",
          "content-type": "application/x-protobuf",
          "user-agent": `AtlHyper/${version}`,
          "x-prometheus-remote-write-version": "0.1.0",
        },
        body: body as Uint8Array<ArrayBuffer>,
        ...(ca === undefined ? {} : { tls: { ca } }),
      });
      const { status } = response;
      const said = await readSome(response).catch(() => "");
      const redirect = status >= 300 && status < 400 ? " (a redirect is not followed)" : "";
      const text = clean(`${status}${redirect}${said ? `: ${said}` : ""}`);
      if (response.ok) return { outcome: "taken", text };
      if (status >= 400 && status < 500 && status !== 429) {
        const whole = status === 400 || status === 413 || status === 422;
        return { outcome: "refused", text, whole };
      }
      const wait = retryAfter(response.headers.get("retry-after"), Date.now());
      return { outcome: "again", text, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
    } catch (error) {
      const { code } = error as { code?: string };
      // Not the error's own text, which has the address.
      const why = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : "the connection failed";
      return { outcome: "again", text: typeof code === "string" ? `${why}: ${code}` : why };
    }
  };
}

/** In ms, by RFC 9110: seconds or a date. Undefined where it says nothing of the kind. */
export function retryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return ms > 0 ? Math.min(ms, longestWaitMs) : undefined;
}
