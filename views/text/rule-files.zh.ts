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
    export: "导出为 YAML",
    import: "导入规则",
    importHow: "粘贴 YAML 形式的规则，或选择文件。将先显示会有哪些改动；其中没有的规则保持不变。",
    yaml: "YAML 形式的规则",
    file: "从文件读取",
    whose: "未指明租户的规则适用于",
    compare: "显示改动",
    compareKey: "也可按 Ctrl-S。",
    nothing: "没有需要导入的内容：全部与现有规则相同。",
    would: (added, changed, same) =>
      [
        added > 0 ? `新增 ${n(added)} 条` : "",
        changed > 0 ? `修改 ${n(changed)} 条` : "",
        same > 0 ? `${n(same)} 条与现有相同` : "",
      ]
        .filter(Boolean)
        .join("，"),
    take: (count) => `导入 ${n(count)} 条规则`,
    faults: (count) => `有 ${n(count)} 处错误`,
    added: "新增",
    difference: (name) => `${name} 的改动`,
    asYaml: "YAML 形式",
    asYamlHow: "放入 ATLHYPER_RULES 所指文件夹的文件中即可。",
  },
};
