/** What a page may load and run: our own files. `inlineStyles` is for what lays itself out, and never for scripts. */
export const contentPolicy = ({ inlineStyles = false } = {}): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${inlineStyles ? " 'unsafe-inline'" : ""}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const always: [string, string][] = [
  ["content-security-policy", contentPolicy()],
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=()"],
];

/**
 * For what an agent gets once its token was taken: no browser asks there, and at one request a quarter of a minute the
 * others would be a third of what an agent costs on the wire.
 */
export function agentHeaders(headers: Headers): void {
  headers.set("x-content-type-options", "nosniff");
}

/** Sets the security headers that every other answer carries; what a route has set itself stays. */
export function secureHeaders(headers: Headers, secure: boolean): void {
  for (const [name, value] of always) if (!headers.has(name)) headers.set(name, value);
  if (secure && !headers.has("strict-transport-security"))
    headers.set("strict-transport-security", "max-age=31536000");
}
