import { expect, test } from "bun:test";
import { csv } from "./csv.ts";

test("names that a spreadsheet would calculate with stay texts, and numbers numbers", async () => {
  const rows = [
    ['=HYPERLINK("http://x")', "+1", "-1+1", "@SUM(A1)", "\tx", "a=b", ""],
    [-5, 0.25, "2026-01-01T00:00:00.000Z"],
  ];
  expect(await csv(rows, "x").text()).toBe(
    `"'=HYPERLINK(""http://x"")",'+1,'-1+1,'@SUM(A1),'\tx,a=b,\r\n-5,0.25,2026-01-01T00:00:00.000Z\r\n`,
  );
});
