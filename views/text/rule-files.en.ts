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
    asYaml: "As YAML",
    asYamlHow: "So it stands in a file of the folder that ATLHYPER_RULES names.",
  },
};
