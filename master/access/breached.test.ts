import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBreached } from "./breached.ts";

const folder = mkdtempSync(join(tmpdir(), "atlhyper-breached-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function list(text: string) {
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

test("a list of one line, and an empty one, are lists too", () => {
  expect(list(`${sha1("only")}:3`).has("only")).toBe(true);
  expect(list(`${sha1("only")}:3`).has("other")).toBe(false);
  expect(list("").has("anything")).toBe(false);
});

test("a file that is no list is told at the start", () => {
  expect(() => openBreached(join(folder, "nosuch"))).toThrow("cannot be read (ENOENT)");
  const backwards = ["a", "b", "c", "d"].map(sha1).sort().reverse().join("\n");
  expect(() => list(backwards)).toThrow("not sorted");
});
