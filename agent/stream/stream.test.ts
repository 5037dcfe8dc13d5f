import { expect, test } from "bun:test";
import { endOf } from "./exec-socket.ts";
import { LineFeed, type LogLine } from "./line-feed.ts";

function linesOf(...chunks: (string | Uint8Array)[]): LogLine[] {
  const lines: LogLine[] = [];
  const feed = new LineFeed((line) => lines.push(line));
  for (const chunk of chunks) feed.feed(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
  if (feed.unfinished) feed.flush();
  return lines;
}

test("lines are put together from whatever pieces they come in", () => {
  const text = "2026-11-26T10:00:00.123456789Z first\n2026-11-26T10:00:01Z zweite Zeile: ä\nno time\n";
  const whole = linesOf(text);
  expect(whole).toEqual([
    { time: "2026-11-26T10:00:00.123456789Z", text: "first" },
    { time: "2026-11-26T10:00:01Z", text: "zweite Zeile: ä" },
    { time: "", text: "no time" },
  ]);
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size < 40; size++) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.slice(at * size, (at + 1) * size),
    );
    expect(linesOf(...chunks)).toEqual(whole);
  }
});

test("of a line of ten megabytes the beginning is kept, and how much more there was", () => {
  const chunk = new Uint8Array(64 * 1024).fill(120);
  const [line, next] = linesOf(...Array.from({ length: 160 }, () => chunk), "\nnext\n");
  expect(line!.text.length).toBeLessThan(17_000);
  expect(line!.text).toMatch(/^x+… \[\d+ bytes more\]$/);
  expect(next!.text).toBe("next");
});

test("what is no text is shown as such, and breaks nothing", () => {
  const [line] = linesOf(Uint8Array.of(0xff, 0x00, 0x41, 0x1b, 0x5b, 0x0a));
  expect(line!.text).toBe("\uFFFD\uFFFDA\x1b[");
});

test.each([
  ['{"status":"Success"}', { code: 0, message: "ended" }],
  [
    '{"status":"Failure","reason":"NonZeroExitCode","message":"exit 7","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}',
    { code: 7, message: "exit 7" },
  ],
  [
    '{"status":"Failure","message":"container not found"}',
    { code: undefined, message: "container not found" },
  ],
  ["garbage", { code: undefined, message: "garbage" }],
])("the end of a terminal is read from %s", (text, end) => {
  expect(endOf(text)).toEqual(end);
});
