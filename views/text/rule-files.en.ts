import { formatCount } from "../parts/format.ts";

const n = formatCount;

/** Of alerts' rules: those that come from files, and rules as YAML. */
export const ruleFilesEn = {
  ruleFiles: {
    from: (file: string) => `from ${file}`,
    wrong: (file: string) => `${file} is wrong`,
    stays: (rules: number) =>
      rules === 0
        ? "None of its rules is judged."
        : rules === 1
          ? "The one rule that it had when it was right last is judged."
          : `The ${n(rules)} rules that it had when it was right last are judged.`,
    line: (line: number) => `line ${line}`,
    rule: (rule: string) => `rule ${rule}`,
    changedThere: (file: string) => `This rule is in the file ${file}, and is changed there.`,
    hides: "It stands in the place of one that was made or changed here.",
    removeHidden: "Remove that one",
    export: "Export as YAML",
    import: "Import rules",
    importHow:
      "Paste rules in YAML, or choose a file. What would change is shown first; rules that are not in it stay as they are.",
    yaml: "Rules in YAML",
    file: "From a file",
    whose: "Rules that name no tenant are for",
    compare: "Show what changes",
    compareKey: "Ctrl-S shows it, too.",
    nothing: "Nothing to take: everything is as it is already.",
    would: (added: number, changed: number, same: number) =>
      [
        added > 0 ? (added === 1 ? "1 new rule" : `${n(added)} new rules`) : "",
        changed > 0 ? `${n(changed)} changed` : "",
        same > 0 ? `${n(same)} as they are already` : "",
      ]
        .filter(Boolean)
        .join(", "),
    take: (count: number) => (count === 1 ? "Take 1 rule" : `Take ${n(count)} rules`),
    faults: (count: number) => (count === 1 ? "1 thing is wrong" : `${n(count)} things are wrong`),
    added: "new",
    difference: (name: string) => `What changes in ${name}`,
    asYaml: "As YAML",
    asYamlHow: "So it stands in a file of the folder that ATLHYPER_RULES names.",
  },
};
