import { type Html, html } from "../html.ts";

export interface DifferenceLine {
  sign: "+" | "-" | " ";
  text: string;
}

/** Lines that were taken away and added, told apart by their marks and not by colour alone. */
export function differenceLines(lines: readonly DifferenceLine[]): Html[] {
  return lines.map(({ sign, text }) =>
    sign === " "
      ? html`<span class="same">  ${text}
</span>`
      : html`<span class="${sign === "+" ? "added" : "removed"}">${sign === "+" ? "+" : "−"} ${text}
</span>`,
  );
}
