import { gunzipSync, gzipSync } from "node:zlib";
import { maxDecompressedBytes, maxJsonDepth, maxSentBytes } from "./limits.ts";
import { problem } from "./problem.ts";

/**
 * Reads a request's body within the wire's limits and gives its bytes, inflated where they are gzip by
 * their magic bytes, whatever the header says. The caller has authenticated the sender before.
 *
 * Memory is bounded by the limits: reading stops at `maxSentBytes`, and inflating at
 * `maxDecompressedBytes` over all members (zlib's output limit), not at what a bomb would become.
 */
export async function readBody(request: Request): Promise<Uint8Array> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "gzip" && encoding !== "x-gzip" && encoding !== "identity")
    throw problem(415, `Content-Encoding ${encoding.slice(0, 40)} is not taken: gzip or none`);
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxSentBytes) throw tooLarge("as sent", declared, maxSentBytes);
  return inflate(await readBounded(request, declared));
}

async function readBounded(request: Request, declared: number): Promise<Uint8Array> {
  if (declared > 0) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (bytes.length > maxSentBytes) throw tooLarge("as sent", bytes.length, maxSentBytes);
    return bytes;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxSentBytes) throw tooLarge("as sent", size, maxSentBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

export function inflate(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    if (bytes.length > maxDecompressedBytes)
      throw tooLarge("decompressed", bytes.length, maxDecompressedBytes);
    return bytes;
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: maxDecompressedBytes });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE")
      throw problem(413, `the body is larger than ${maxDecompressedBytes} bytes decompressed`);
    throw problem(400, "the body is not whole gzip");
  }
}

/** The JSON of a body; 400 where it is none, or nested deeper than `maxJsonDepth`. */
export function parseJson(bytes: Uint8Array): unknown {
  if (nestsDeeper(bytes, maxJsonDepth))
    throw problem(400, `JSON nested deeper than ${maxJsonDepth} is not taken`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw problem(400, "the body is not JSON in UTF-8");
  }
}

/** Whether JSON text nests arrays and objects deeper than `limit`, brackets inside strings not counted. */
export function nestsDeeper(bytes: Uint8Array, limit: number): boolean {
  const { length } = bytes;
  let depth = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]!;
    if (byte === 0x22) {
      // A string: on to its closing quote, over what a backslash escapes.
      for (at++; at < length && bytes[at] !== 0x22; at++) if (bytes[at] === 0x5c) at++;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}

/** A message as it is sent: JSON, gzip at the fastest level (lists shrink 10× at it, and agents are small). */
export function encodeBody(message: unknown, level = 1): Uint8Array<ArrayBuffer> {
  return gzipSync(typeof message === "string" ? message : JSON.stringify(message), { level });
}

function tooLarge(which: string, size: number, limit: number) {
  return problem(413, `the body is ${size} bytes ${which}, more than the ${limit} that are taken`);
}
