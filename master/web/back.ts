/**
 * Where to go on after signing in or changing a preference: a path of our own, or `/`. Anything that a browser
 * could take for another host (`//host`, `/\host`, control characters) is refused.
 */
export function safeBack(given: string | null | undefined): string {
  if (!given?.startsWith("/") || given.length > 4000 || /^\/[/\\]|[\u0000-\u001f\u007f]/.test(given))
    return "/";
  let url: URL;
  try {
    url = new URL(given, "http://own.invalid");
  } catch {
    return "/";
  }
  return url.origin === "http://own.invalid" && !url.pathname.startsWith("//")
    ? url.pathname + url.search
    : "/";
}
