import { timingSafeEqual } from "node:crypto";
import { problem } from "../../wire/problem.ts";
import { requestInfo } from "../requests.ts";
import type { Principal } from "./principal.ts";

/** The token that a session's forms carry: it cannot be made without the key, and ends with the session. */
export function formToken(key: Uint8Array, sessionHash: string): string {
  return new Bun.CryptoHasher("sha256", key).update(`form:${sessionHash}`).digest("base64url");
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * 403 for a form that does not come from our own pages. Browsers say where a request comes from in
 * Sec-Fetch-Site (W3C Fetch Metadata), older ones in Origin; programs say neither and need the token alone.
 */
export function checkForm(
  request: Request,
  principal: Principal | undefined,
  csrf: string | undefined,
): void {
  // No browser sends an Authorization header by itself.
  if (principal && principal.kind !== "user") return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const foreign =
    site !== null ? site !== "same-origin" && site !== "none" : origin !== null && !sameHost(origin, request);
  if (foreign) throw problem(403, "this form was sent from another site");
  if (principal && !sameText(principal.csrf, csrf ?? ""))
    throw problem(403, "this form is from an earlier session: load the page again");
}

function sameHost(origin: string, request: Request): boolean {
  try {
    const { host, secure } = requestInfo(request);
    return new URL(origin).host === new URL(`${secure ? "https" : "http"}://${host}`).host;
  } catch {
    return false;
  }
}
