const plain = "atlhyper_session";
/** Between the password and the code, an invitation and its answer, going to a provider and coming back. */
const others = { code: "atlhyper_code", invite: "atlhyper_invite", oidc: "atlhyper_oidc" } as const;
/** A browser takes a cookie with this prefix only over TLS, for this host, for all paths: no neighbour can set it. */
const hostOnly = `__Host-${plain}`;

/** The Set-Cookie header's value that begins a session. */
export function sessionCookie(value: string, secure: boolean, maxAgeMs: number): string {
  const age = Math.floor(maxAgeMs / 1000);
  const end = secure ? "; Secure" : "";
  return `${secure ? hostOnly : plain}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${end}`;
}

/** The Set-Cookie header's value that ends it. */
export function endedCookie(secure: boolean): string {
  return sessionCookie("", secure, 0);
}

/** The session's value in a request's cookies. Over TLS only the cookie counts that nobody else can have set. */
/** A cookie beside the session's, good for some minutes; an empty value ends it. */
export function briefCookie(
  kind: keyof typeof others,
  value: string,
  secure: boolean,
  maxAgeMs: number,
): string {
  const name = `${secure ? "__Host-" : ""}${others[kind]}`;
  const age = Math.floor(maxAgeMs / 1000);
  return `${name}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}

export const briefCookieOf = (request: Request, kind: keyof typeof others, secure: boolean) =>
  cookieNamed(request, `${secure ? "__Host-" : ""}${others[kind]}`);

export function cookieOf(request: Request, secure: boolean): string | undefined {
  return cookieNamed(request, secure ? hostOnly : plain);
}

function cookieNamed(request: Request, name: string): string | undefined {
  const header = request.headers.get("cookie");
  if (header === null) return undefined;
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
