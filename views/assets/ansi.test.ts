import { expect, test } from "bun:test";
// @ts-expect-error: plain JavaScript, as the browser gets it.
import { ansiPieces, plainStyle } from "./ansi.js";

interface Piece {
  text: string;
  classes: string[];
}
const pieces = (line: string): Piece[] => ansiPieces(line);
const textOf = (line: string) =>
  pieces(line)
    .map((one) => one.text)
    .join("");
const esc = "\x1b";

test("colours become classes, and what follows a reset is plain", () => {
  expect(pieces(`a ${esc}[1;31mred${esc}[0m b`)).toEqual([
    { text: "a ", classes: [] },
    { text: "red", classes: ["ansi-bold", "ansi-fg-red"] },
    { text: " b", classes: [] },
  ]);
  expect(pieces(`${esc}[97;44mx`)[0]!.classes).toEqual(["ansi-fg-bright-white", "ansi-bg-blue"]);
  expect(pieces(`${esc}[38;5;9mx`)[0]!.classes).toEqual(["ansi-fg-bright-red"]);
  expect(pieces(`${esc}[38;2;0;90;0;1mx`)[0]!.classes).toEqual(["ansi-bold", "ansi-fg-green"]);
});

test("a colour goes on into the next line where it was not ended", () => {
  const style = plainStyle();
  ansiPieces(`${esc}[32mfirst`, style);
  expect(ansiPieces("second", style)).toEqual([{ text: "second", classes: ["ansi-fg-green"] }]);
});

test("titles, links, the clipboard and every other sequence leave nothing but the text between", () => {
  const hostile: [string, string][] = [
    [`${esc}]0;evil\x07ok`, "ok"],
    [`${esc}]2;evil${esc}\\ok`, "ok"],
    [`${esc}]8;;http://evil.example${esc}\\click${esc}]8;;${esc}\\`, "click"],
    [`${esc}]52;c;ZXZpbA==\x07ok`, "ok"],
    [`\x9d0;evil\x9cok`, "ok"],
    [`${esc}P+q544e\x1b\\ok`, "ok"],
    [`${esc}_evil${esc}\\ok`, "ok"],
    [`${esc}[2J${esc}[1;1H${esc}[?1049hok`, "ok"],
    [`${esc}(B${esc}c${esc}#8ok`, "ok"],
    [`a\rb\x08c\x07d\x00e`, "abcde"],
    ["safe\u202Eevil\u2066\u200F", "safeevil"],
    [`tab\tstays${esc}`, "tab\tstays"],
    [`${esc}]0;never ended`, ""],
    [`${esc}[31`, ""],
  ];
  for (const [line, text] of hostile) expect(textOf(line)).toBe(text);
});

test("whatever comes, only known classes and shown characters come out, in linear time", () => {
  const alphabet = [
    esc,
    "[",
    "]",
    "P",
    "_",
    "\\",
    "\x07",
    "\x9b",
    "\x9d",
    ";",
    ":",
    "m",
    "3",
    "8",
    "1",
    "0",
    "a",
    "\n",
    "<",
    "\u202E",
  ];
  let seed = 42;
  const next = (most: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % most;
  };
  for (let round = 0; round < 5000; round++) {
    const line = Array.from({ length: next(40) }, () => alphabet[next(alphabet.length)]).join("");
    for (const { text, classes } of pieces(line)) {
      expect(text).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      for (const one of classes)
        expect(one).toMatch(
          /^ansi-(bold|dim|italic|underline|inverse|[fb]g-(bright-)?(black|red|green|yellow|blue|magenta|cyan|white))$/,
        );
    }
  }
  for (const one of [esc, `${esc}]`, `${esc}[`, `${esc}[31m`, "\x9d", `${esc}[38;5;`]) {
    const start = performance.now();
    pieces(one.repeat(300_000));
    expect(performance.now() - start).toBeLessThan(2000);
  }
});
