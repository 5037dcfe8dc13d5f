import { diffLines } from "diff";
import type { DifferenceLine } from "../views/parts/difference.ts";

/** Lines that are shown around each change. */
const context = 3;

/** What differs between two texts, with some lines around each change. */
export function textDifference(from: string, to: string): DifferenceLine[] {
  const lines = diffLines(from, to).flatMap(({ added, removed, value }): DifferenceLine[] =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text) => ({ sign: added ? "+" : removed ? "-" : " ", text })),
  );
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - context), at + context + 1).some((one) => one.sign !== " "),
  );
  const shown: DifferenceLine[] = [];
  lines.forEach((one, at) => {
    if (near[at]) shown.push(one);
    else if (near[at - 1] && near.includes(true, at)) shown.push({ sign: " ", text: "…" });
  });
  return shown;
}
