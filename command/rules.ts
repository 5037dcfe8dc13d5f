import type { Environment } from "../kit/env.ts";
import { yamlOf } from "../master/alert/export.ts";
import { defaultRules } from "../master/alert/defaults.ts";
import { checkFiles } from "../master/alert/check.ts";
import { faultLine } from "../master/alert/rule-faults.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { listRules } from "../master/database/alerts.ts";
import { type Command, complain, expectNoMore, print, UsageError } from "./command.ts";
import { withDatabase } from "./with-database.ts";

/** Rules of alerts as YAML files. */
export const rules: Command = {
  usage: "rules check FILE… | export [--all]",
  summary: "checks files of alert rules, or writes those that were made or changed in the pages as one",
  options: { "--all": "those that come with AtlHyper, too" },
  variables: { data: masterVariables.data, auditKey: masterVariables.auditKey },
  async run([action, ...args]: string[], environment: Environment) {
    if (action === "check") return check(args);
    if (action !== "export") throw new UsageError("what to do is missing: check or export");
    const all = args.includes("--all");
    expectNoMore(args.filter((one) => one !== "--all"));
    await withDatabase(readMasterConfig(environment), async (db) => {
      const stored = await listRules(db);
      const known = new Set(stored.map((one) => one.id));
      const others = all ? defaultRules.filter((one) => !known.has(one.id)) : [];
      process.stdout.write(await yamlOf(db, [...stored, ...others]));
    });
    return 0;
  },
};

/** 1 where a file is wrong. Each fault is a line that editors lead to: `shop.yaml:12: …`. */
async function check(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) throw new UsageError("which files is missing");
  const files = await checkFiles(paths);
  for (const { path, faults } of files) for (const one of faults) complain(faultLine(path, one));
  const wrong = files.filter((one) => one.faults.length > 0).length;
  if (wrong > 0) return 1;
  const count = files.reduce((sum, one) => sum + one.rules, 0);
  print(`${count} ${count === 1 ? "rule" : "rules"}, nothing wrong`);
  return 0;
}
