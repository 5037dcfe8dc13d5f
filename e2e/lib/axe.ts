import { resolve } from "node:path";
import type { Page } from "playwright-core";

const axe = resolve(import.meta.dir, "../../node_modules/axe-core/axe.min.js");

/** What axe finds to be seriously wrong with a page for those who cannot see it well. */
export async function axeFaults(page: Page): Promise<string[]> {
  // Through the debugger, since the page's own policy forbids foreign scripts.
  await page.evaluate(await Bun.file(axe).text());
  const found = await page.evaluate(async () => {
    // The colours in a terminal are those of the programs that run in it.
    const { axe } = window as unknown as { axe: { run(what: object): Promise<AxeResult> } };
    const result = await axe.run({ exclude: [".xterm"] });
    return result.violations.map((one) => ({
      id: one.id,
      impact: one.impact,
      where: one.nodes.slice(0, 3).map((node) => node.target.join(" ")),
    }));
  });
  return found
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `axe ${one.id} (${one.impact}): ${one.where.join(" | ")}`);
}

interface AxeResult {
  violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
}
