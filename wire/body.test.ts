import { expect, test } from "bun:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { encodeBody, inflate, nestsDeeper, parseJson, readBody } from "./body.ts";
import { maxDecompressedBytes, maxSentBytes } from "./limits.ts";
import { ProblemError } from "./problem.ts";

async function status(run: () => unknown): Promise<number> {
  try {
    await run();
    return 200;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.status;
    throw error;
  }
}

type Body = ConstructorParameters<typeof Response>[0];
const post = (body: Body, headers: Record<string, string> = {}) =>
  new Request("http://127.0.0.1/", { method: "POST", body, headers });
const bytes = (text: string) => new TextEncoder().encode(text);

test("a gzip body is known by its magic bytes, whatever the header says", async () => {
  const zipped = gzipSync("[1,2]");
  for (const headers of [
    {} as Record<string, string>,
    { "content-encoding": "gzip" },
    { "content-encoding": "identity" },
  ])
    expect(parseJson(await readBody(post(zipped, headers)))).toEqual([1, 2]);
  expect(parseJson(await readBody(post("[1,2]", { "content-encoding": "gzip" })))).toEqual([1, 2]);
});

test("other encodings are refused with 415", async () => {
  for (const encoding of ["br", "zstd", "deflate", "gzip, gzip"])
    expect(await status(() => readBody(post("x", { "content-encoding": encoding })))).toBe(415);
});

test("a body at the limit is taken and one byte more is refused, as sent and decompressed", async () => {
  expect((await readBody(post(new Uint8Array(maxSentBytes)))).length).toBe(maxSentBytes);
  expect(await status(() => readBody(post(new Uint8Array(maxSentBytes + 1))))).toBe(413);
  expect(inflate(gzipSync(new Uint8Array(maxDecompressedBytes))).length).toBe(maxDecompressedBytes);
  expect(await status(() => inflate(gzipSync(new Uint8Array(maxDecompressedBytes + 1))))).toBe(413);
});

test("a body sent in chunks without a length is refused as soon as it passes the limit", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536;
      if (sent > 64 * 2 ** 20) throw new Error("read far beyond the limit");
      controller.enqueue(new Uint8Array(65_536));
    },
  });
  expect(await status(() => readBody(post(endless)))).toBe(413);
  expect(sent).toBeLessThan(maxSentBytes * 2);
});

test("a bomb costs memory by the limit, not by what it would become", async () => {
  const bomb = gzipSync(new Uint8Array(256 * 2 ** 20));
  expect(bomb.length).toBeLessThan(maxSentBytes);
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 5; i++) expect(await status(() => inflate(bomb))).toBe(413);
  expect(process.memoryUsage().rss - before).toBeLessThan(96 * 2 ** 20);
});

test("a bomb of many members stops at the limit of all together", async () => {
  const member = gzipSync(new Uint8Array(2 ** 20));
  expect(await status(() => inflate(Buffer.concat(Array.from({ length: 50 }, () => member))))).toBe(413);
});

test("a nested bomb is inflated once, and what is inside is not JSON", async () => {
  const inner = gzipSync(gzipSync(new Uint8Array(2 ** 20)));
  expect(await status(() => parseJson(inflate(inner)))).toBe(400);
});

test("truncated gzip, a wrong checksum and garbage behind it are 400", async () => {
  const whole = gzipSync("[1,2,3]".repeat(100));
  for (let length = 2; length < whole.length; length++)
    expect(await status(() => inflate(whole.subarray(0, length)))).toBe(400);
  const wrong = Uint8Array.from(whole);
  wrong[wrong.length - 6]! ^= 0xff;
  expect(await status(() => inflate(wrong))).toBe(400);
  expect(await status(() => inflate(Buffer.concat([whole, Buffer.from("junk")])))).toBe(400);
});

test("JSON nested too deep is refused before it is parsed", async () => {
  for (const deep of [
    "[".repeat(100_000),
    `${'{"a":'.repeat(100_000)}1`,
    `{"x":${"[".repeat(101)}${"]".repeat(101)}}`,
  ])
    expect(await status(() => parseJson(bytes(deep)))).toBe(400);
  expect(parseJson(bytes("[".repeat(100) + "]".repeat(100)))).toBeArray();
});

test("brackets inside strings do not count as nesting, however they are escaped", () => {
  const random = (n: number) => Math.floor(Math.random() * n);
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: random(200) }, () => '[{]}"\\a\n'[random(8)]).join("");
    expect(nestsDeeper(bytes(JSON.stringify({ [text]: [text, { text }] })), 3)).toBe(false);
    expect(nestsDeeper(bytes(JSON.stringify({ [text]: [text, { text: [text] }] })), 3)).toBe(true);
  }
});

test("text that is not UTF-8 or not JSON is 400", async () => {
  for (const body of [Uint8Array.of(0x22, 0xff, 0x22), bytes(""), bytes("{"), bytes('"'), bytes("nul")])
    expect(await status(() => parseJson(body))).toBe(400);
});

test("what is encoded for sending comes back the same", () => {
  const message = { a: [1, "ü", null] };
  expect(parseJson(inflate(encodeBody(message)))).toEqual(message);
  expect(gunzipSync(encodeBody("[1]")).toString()).toBe("[1]");
});
