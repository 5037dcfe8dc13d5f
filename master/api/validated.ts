/**
 * An answer with a validator (RFC 9110, 8.8.3), or 304 where the asker has it already. It is made of the answer itself:
 * so it holds whatever the answer depends on, the asker's rights and the newest sample among them.
 */
export async function validated(request: Request, answer: Response): Promise<Response> {
  if (answer.status !== 200) return answer;
  const body = await answer.bytes();
  const tag = `"${Bun.hash.wyhash(body).toString(36)}"`;
  const headers = new Headers(answer.headers);
  // Weak: what is in between may compress it.
  headers.set("etag", `W/${tag}`);
  // A browser may keep it, and asks each time whether it still is so; of whom, is asked before.
  headers.set("cache-control", "private, no-cache");
  headers.set("vary", "authorization, cookie");
  if (!has(request.headers.get("if-none-match"), tag)) return new Response(body, { headers });
  headers.delete("content-type");
  headers.delete("content-disposition");
  return new Response(null, { status: 304, headers });
}

function has(known: string | null, tag: string): boolean {
  return (known ?? "").split(",").some((one) => {
    const text = one.trim();
    return text === "*" || text.replace(/^W\//, "") === tag;
  });
}
