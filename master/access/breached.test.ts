import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../kit/env.ts";
import { openBreached } from "./breached.ts";

const folder = mkdtempSync(join(tmpdir(), "atlhyper-breached-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function list(text: string | Uint8Array) {
  const path = join(folder, `list-${files++}`);
  writeFileSync(path, text);
  return openBreached(path);
}
const sha1 = (word: string) => new Bun.CryptoHasher("sha1").update(word).digest("hex").toUpperCase();

test("a password of a plain list is found in any case, with any line ends", () => {
  for (const end of ["\n", "\r\n"]) {
    const found = list(["password1234", "Sommer2024!", "letmein12345"].join(end));
    for (const word of ["password1234", "PASSWORD1234", "sommer2024!", "letmein12345"])
      expect(found.has(word)).toBe(true);
    expect(found.has("")).toBe(false);
    expect(found.has("password123")).toBe(false);
  }
});

test("a password is found among sorted hashes, wherever it stands and however the lines end", () => {
  const words = Array.from({ length: 2000 }, (_, n) => `word-${n}`);
  for (const line of [
    (hash: string, n: number) => `${hash}:${n * 37}\n`,
    (hash: string) => `${hash}\r\n`,
    (hash: string) => `${hash.toLowerCase()}:1\r\n`,
  ])
    for (const cut of [0, 1]) {
      const sorted = words.map(sha1).sort();
      const text = sorted.map(line).join("");
      const found = list(cut ? text.trimEnd() : text);
      for (const word of words) if (!found.has(word)) throw new Error(`${word} is not found`);
      for (let n = 2000; n < 4000; n++) expect(found.has(`word-${n}`)).toBe(false);
    }
});

test("a list of one line is a list too", () => {
  expect(list(`${sha1("only")}:3`).has("only")).toBe(true);
  expect(list(`${sha1("only")}:3`).has("other")).toBe(false);
  expect(list("only this word").has("Only This Word")).toBe(true);
});

test("neither empty lines at the end nor a hash that stands there twice hide a password", () => {
  const words = ["a", "b", "c", "d", "e"];
  const sorted = words.map(sha1).sort();
  for (const end of ["\n\n", "\r\n\r\n\r\n", " \n"]) {
    const found = list(sorted.join("\n") + end);
    for (const word of words) expect(found.has(word)).toBe(true);
  }
  const twice = list([sorted[0], ...sorted].join("\n"));
  for (const word of words) expect(twice.has(word)).toBe(true);
});

test("a byte order mark is none of the first word", () => {
  expect(list("\ufeffpassword12345\nletmein12345\n").has("password12345")).toBe(true);
});

test("words of other scripts are found however they were typed", () => {
  expect(list("Zürich-Straße\n密码密码密码密码密码\n").has("zu\u0308rich-straße")).toBe(true);
  expect(list("Zürich-Straße\n密码密码密码密码密码\n").has("密码密码密码密码密码")).toBe(true);
});

test("a file that is no list is told at the start, with what is wrong", () => {
  const wrong = (open: () => unknown) => {
    try {
      open();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return (error as Error).message;
    }
    throw new Error("it was taken");
  };
  expect(wrong(() => openBreached(join(folder, "nosuch")))).toContain("cannot be read (ENOENT)");
  expect(wrong(() => openBreached(folder))).toContain("is no file");
  expect(wrong(() => list(""))).toContain("is empty");
  const hashes = ["a", "b", "c", "d"].map(sha1).sort();
  expect(wrong(() => list(hashes.toReversed().join("\n")))).toContain("is not sorted at byte 41 ");
  expect(wrong(() => list([...hashes.slice(0, 3), "password", hashes[3]].join("\n")))).toContain(
    "no SHA-1 hash in the line that begins at byte 123",
  );
  // Hashes of Windows accounts, which are offered beside those of SHA-1.
  const ntlm = hashes.map((one) => `${one.slice(0, 32)}:7`);
  expect(wrong(() => list(ntlm.join("\r\n")))).toContain("hashes that are not SHA-1");
  expect(wrong(() => list(Bun.gzipSync("password\n")))).toContain("is no text");
  expect(wrong(() => list("x".repeat(64 * 2 ** 20 + 1)))).toContain("above 67108864 give a sorted list");
});

test("a list that is cut short while it is in use ends no question in a loop", () => {
  const sorted = Array.from({ length: 100 }, (_, n) => sha1(`word-${n}`)).sort();
  for (const left of [0, 1, 40, 41, 42, 2000]) {
    const found = list(sorted.join("\n"));
    truncateSync(join(folder, `list-${files - 1}`), left);
    for (let n = 0; n < 100; n++) expect(typeof found.has(`word-${n}`)).toBe("boolean");
  }
});
