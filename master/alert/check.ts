import { promises as fs } from "node:fs";
import { join } from "node:path";
import type { RuleFault } from "../../views/alert-model.ts";
import { isRuleFile, maxFileBytes } from "./files.ts";
import { whyNot } from "./rule-faults.ts";
import { atOnce } from "./slices.ts";
import { readRules } from "./yaml/read.ts";

/** What a master would say of files, or of folders of them; of tenants it cannot be told here. */
export async function checkFiles(
  paths: readonly string[],
): Promise<{ path: string; rules: number; faults: RuleFault[] }[]> {
  const found: Awaited<ReturnType<typeof checkFiles>> = [];
  const taken = new Map<string, string>();
  for (const path of paths)
    for (const file of await filesUnder(path)) {
      const faults: RuleFault[] = [];
      let rules = 0;
      try {
        if ((await fs.stat(file)).size > maxFileBytes)
          throw new Error(`the file is larger than ${maxFileBytes / 1024} KiB`);
        const read = atOnce(readRules(await fs.readFile(file, "utf8")));
        faults.push(...read.faults);
        rules = read.rules.length;
        for (const { id, line } of read.rules) {
          const other = taken.get(id);
          if (other === undefined) taken.set(id, file);
          else
            faults.push({
              line,
              column: 1,
              rule: id,
              path: "id",
              message: `a rule in ${other} has this id, too`,
            });
        }
      } catch (error) {
        faults.push({ message: whyNot(error) });
      }
      found.push({ path: file, rules, faults });
    }
  return found;
}

async function filesUnder(path: string): Promise<string[]> {
  const names = await fs.readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (!names) return [path];
  return names
    .filter(isRuleFile)
    .map((one) => join(path, one.name))
    .sort();
}
