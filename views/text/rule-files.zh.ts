import { formatCount } from "../parts/format.ts";
import type { ruleFilesEn } from "./rule-files.en.ts";

const n = formatCount;

export const ruleFilesZh: typeof ruleFilesEn = {
  ruleFiles: {
    from: (file) => `来自 ${file}`,
    wrong: (file) => `${file} 有错误`,
    stays: (rules) => (rules === 0 ? "其中的规则均未生效。" : `仍按其上次正确时的 ${n(rules)} 条规则判断。`),
    line: (line) => `第 ${line} 行`,
    rule: (rule) => `规则 ${rule}`,
    changedThere: (file) => `此规则在文件 ${file} 中，请在该文件中修改。`,
    hides: "它取代了在此添加或修改过的同名规则。",
    removeHidden: "删除被取代的规则",
    asYaml: "YAML 形式",
    asYamlHow: "放入 ATLHYPER_RULES 所指文件夹的文件中即可。",
  },
};
