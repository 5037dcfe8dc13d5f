import { strFromU8 } from "fflate";

/** The head of an HTTP/1.1 answer, as far as it matters for reading the next one. */
export interface Head {
  /** 0 when what came is not HTTP. */
  status: number;
  /** Where the body begins. */
  end: number;
  /** The body's length; undefined when it is chunked or ends with the connection. */
  length?: number;
  /** The server will take another request on this connection. */
  keep: boolean;
}

/** Undefined as long as the head is not complete. */
export function parseHead(bytes: Uint8Array): Head | undefined {
  for (let start = 0; ; ) {
    const end = endOfHead(bytes, start);
    if (end === undefined) return undefined;
    const head = strFromU8(bytes.subarray(start, end), true);
    const status = /^HTTP\/1\.([01]) (\d{3})[ \r]/.exec(head);
    if (!status) return { status: 0, end, keep: false };
    const code = Number(status[2]);
    if (code >= 200) return finalHead(head, code, end, status[1] === "1");
    // An interim answer such as 100 Continue; the real one follows (RFC 9110, 15.2).
    start = end;
  }
}

function finalHead(head: string, code: number, end: number, persistent: boolean): Head {
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r$`, "im").exec(head)?.[1];
  const length = field("content-length");
  const chunked = field("transfer-encoding") !== undefined;
  const empty = code === 204 || code === 304;
  return {
    status: code,
    end,
    length: empty ? 0 : !chunked && length && /^\d{1,9}$/.test(length) ? Number(length) : undefined,
    keep: persistent && !/\bclose\b/i.test(field("connection") ?? ""),
  };
}

/** Behind the empty line, CR LF CR LF. */
function endOfHead(bytes: Uint8Array, start: number): number | undefined {
  for (let at = bytes.indexOf(13, start); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at + 4;
  }
  return undefined;
}
