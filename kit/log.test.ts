import { expect, test } from "bun:test";
import { createLog, formatLine } from "./log.ts";

const at = new Date(0);

test("a line is logfmt with its fields quoted where they need it", () => {
  expect(formatLine(at, "agent", "info", "started", { port: 8082, why: "no reason", x: undefined })).toBe(
    'time=1970-01-01T00:00:00.000Z level=info service=agent msg="started" port=8082 why="no reason"',
  );
});

test("a line break in a value cannot make a second line", () => {
  expect(formatLine(at, "s", "info", "a\nb", { name: "x\ny" }).split("\n")).toHaveLength(1);
});

test("credentials are never written, by name or in a path", () => {
  const line = formatLine(at, "master", "warn", "refused /t/atlc_abc/ingest/podlist", {
    token: "atlc_abc",
    cookie: "atlc_abc",
    path: "/t/atlc_abc/ingest/podlist",
    url: "http://x/setup?token=atlc_abc",
  });
  expect(line).not.toContain("atlc_abc");
  expect(line).toContain("/t/[redacted]/ingest/podlist");
});

test("lines below the threshold are left out", () => {
  const lines: string[] = [];
  const log = createLog("s", "warn", (line) => lines.push(line));
  log("info", "no");
  log("error", "yes");
  expect(lines).toHaveLength(1);
});
