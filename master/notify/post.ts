import type { TrustedProxies } from "../trusted-proxies.ts";
import type { Answer } from "./channel.ts";
import { type Lookup, resolveTarget, TargetError } from "./target.ts";
import { unsaid } from "./unsaid.ts";

export interface PostOptions {
  headers?: Record<string, string>;
  body: string;
  /** Judges an answer with status 2xx that says in its body that it failed. */
  refused?(body: string): string | undefined;
  /** How many bytes of an answer are read, where it is more than usual. */
  mostRead?: number;
}

/** Sends a body to an address, and tells what came of it; never throws. */
export type Post = (url: string, options: PostOptions) => Promise<Answer>;

const timeoutMs = 15_000;
const usuallyRead = 16 * 1024;
const mostShown = 300;

/**
 * The one way by which channels speak HTTP: to http and https only, to the address that was checked, with the name
 * kept for TLS and Host; no redirect is followed, since it would lead elsewhere with what was meant for one.
 */
export function createPost(
  allowed: TrustedProxies,
  look: Lookup,
  { secrets = [], ca }: { secrets?: readonly string[]; ca?: string | undefined } = {},
): Post {
  const clean = unsaid(secrets);
  return async (text, { headers = {}, body, refused, mostRead = usuallyRead }) => {
    try {
      const url = checkedUrl(text);
      const host = url.hostname.replace(/^\[|\]$/g, "");
      const address = await resolveTarget(host, allowed, look);
      const target = new URL(url.href);
      target.hostname = address.includes(":") ? `[${address}]` : address;
      // Credentials in the address become a header: they are no part of what is asked for.
      const basic = url.username || url.password ? basicOf(url) : {};
      target.username = "";
      target.password = "";
      const response = await fetch(target.href, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          "content-type": "application/json",
          "user-agent": "AtlHyper",
          ...basic,
          ...headers,
          host: url.host,
        },
        body,
        tls: { serverName: host, ...(ca ? { ca } : {}) },
      } as RequestInit);
      return await answerOf(response, { mostRead, refused, clean });
    } catch (error) {
      return { ok: false, text: faultText(error) };
    }
  };
}

/** 422's text where it is no address that can be sent to. */
export function checkedUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TargetError("this is no address such as https://example.com/hook");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new TargetError("only addresses of http and https are sent to");
  return url;
}

const basicOf = (url: URL) => ({
  authorization: `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString("base64")}`,
});

async function answerOf(
  response: Response,
  {
    mostRead,
    refused,
    clean,
  }: { mostRead: number; refused: PostOptions["refused"]; clean(text: string): string },
): Promise<Answer> {
  const { status } = response;
  const body = await readSome(response, mostRead);
  // Before it is cut: half of a secret would not be found any more.
  const shown = (text: string) => clean(text).slice(0, mostShown);
  const said = shown(
    `${status}${response.statusText ? ` ${response.statusText}` : ""}${body ? `: ${body}` : ""}`,
  );
  if (status >= 300 && status < 400) return { ok: false, text: `${said} (a redirect is not followed)` };
  const why = status < 300 ? refused?.(body) : undefined;
  const after = status === 429 ? retryAfterOf(response.headers.get("retry-after"), body) : undefined;
  return {
    ok: status >= 200 && status < 300 && why === undefined,
    text: why === undefined ? said : shown(`${status}: ${why}`),
    ...(after === undefined ? {} : { retryAfterMs: Math.min(after, 3600) * 1000 }),
  };
}

/** Seconds, as the header has them or the moment (RFC 9110), and else the body: Discord's, or Telegram's. */
function retryAfterOf(header: string | null, body: string): number | undefined {
  const date = header !== null && !/^[\d.]+$/.test(header) ? (Date.parse(header) - Date.now()) / 1000 : NaN;
  const said = /"retry_after":\s*([\d.]+)/.exec(body)?.[1];
  return [header === null ? NaN : Number(header), date, Number(said)].find((one) => one > 0);
}

/** The beginning of an answer: whoever answers without end is not read to it. */
export async function readSome(response: Response, mostRead = usuallyRead): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const chunks: Uint8Array[] = [];
  let read = 0;
  while (read < mostRead) {
    const { value, done } = await reader.read();
    if (done) break;
    chunks.push(value);
    read += value.length;
  }
  await reader.cancel().catch(() => {});
  const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, mostRead));
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
}

/** Without the address, which fetch puts into its errors and which may be a secret. */
function faultText(error: unknown): string {
  if (error instanceof TargetError) return error.message;
  const { name, code } = error as { name?: string; code?: string };
  if (name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  return typeof code === "string" ? `the connection failed: ${code}` : "the connection failed";
}
