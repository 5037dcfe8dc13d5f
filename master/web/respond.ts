import type { Html } from "../../views/html.ts";

/** HTML as an answer, compressed where the browser takes it. Pages hold live data: nothing keeps them. */
export function respond(
  request: Request,
  body: Html | string,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  const text = typeof body === "string" ? body : body.text;
  const all: Record<string, string> = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    ...headers,
  };
  if (text.length < 1000 || !/\bgzip\b/.test(request.headers.get("accept-encoding") ?? ""))
    return new Response(text, { status, headers: all });
  all["content-encoding"] = "gzip";
  // Level 3 takes half the time of the default for a tenth more bytes.
  return new Response(Bun.gzipSync(text, { level: 3 }), { status, headers: all });
}

/** After a form: on to another page of ours. */
export function seeOther(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const one of cookies) headers.append("set-cookie", one);
  return new Response(null, { status: 303, headers });
}

/** Whether htmx asked, which wants fragments rather than a page. */
export function wantsFragments(request: Request): boolean {
  return request.headers.has("hx-request");
}

/** To the sign-in page, and back to here afterwards. */
export function toSignIn(request: Request): Response {
  const url = new URL(request.url);
  const back = wantsFragments(request) ? currentPage(request) : url.pathname + url.search;
  const location = back === "/" ? "/sign-in" : `/sign-in?back=${encodeURIComponent(back)}`;
  if (!wantsFragments(request)) return seeOther(location);
  return new Response(null, { status: 401, headers: { "hx-redirect": location } });
}

function currentPage(request: Request): string {
  try {
    const url = new URL(request.headers.get("hx-current-url") ?? "");
    return url.pathname + url.search;
  } catch {
    return "/";
  }
}
