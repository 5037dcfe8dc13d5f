const digest = (text: string): Uint8Array => new Bun.CryptoHasher("sha256").update(text).digest();

/**
 * Compares with the expected token in a time that tells nothing of either: digests are compared, all of each.
 * (node:crypto's timingSafeEqual would cost the agent 5 MB.)
 */
export function tokenCheck(expected: string): (given: string | undefined) => boolean {
  const wanted = digest(expected);
  return (given) => expected !== "" && given !== undefined && same(digest(given), wanted);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < b.length; index++) difference |= a[index]! ^ b[index]!;
  return difference === 0;
}

/** The token of a request and the path behind it: from the header, or from `/t/<token>/…`. */
export function credentialsOf(request: Request): { token: string | undefined; path: string } {
  const path = new URL(request.url).pathname;
  const inPath = /^\/t\/([^/]+)(\/.*)$/.exec(path);
  if (inPath) return { token: decode(inPath[1]!), path: inPath[2]! };
  const header = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "");
  return { token: header?.[1], path };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
