import { formatCount } from "../parts/format.ts";
import type { rulePreviewEn } from "./rule-preview.en.ts";

const n = formatCount;

export const rulePreviewZh: typeof rulePreviewEn = {
  rulePreview: {
    button: "试运行",
    range: "时间范围：最近",
    ranges: { "1d": "1 天", "7d": "7 天", "30d": "30 天" },
    title: "此规则在过去会怎样",
    never: (range) => `最近 ${range}内不会触发。`,
    fired: (count, objects, range) => `最近 ${range}内会触发 ${n(count)} 次，涉及 ${n(objects)} 个对象。`,
    atLeast: (count, range) => `最近 ${range}内会触发 ${n(count)} 次；只显示最新的。`,
    muted: (count, total) =>
      count === total
        ? "不会通知任何人：静默或维护一直有效。"
        : `其中 ${n(count)} 次不会通知任何人：静默或维护一直有效。`,
    hidden: "已隐藏",
    many: "触发较频繁：延长持续时间，或拉开阈值，会更安静。",
    now: (count) => (count === 0 ? "现在没有对象满足条件。" : `现在有 ${n(count)} 个对象满足条件：`),
    more: (count) => `还有 ${n(count)} 个`,
    firesNow: "正在触发",
    times: (count) => `${n(count)} 次`,
    object: "对象",
    when: "会在何时触发",
    how: "次数与总时长",
    list: "每一次",
    from: "开始",
    lasted: "时长",
    peak: "极值",
    basis: {
      values: {
        mean: (step) => `依据每 ${step} 的平均值。`,
        furthest: (step) => `依据每 ${step} 的极值，因为此规则无需等待。`,
      },
      gone: (count) => `其中 ${n(count)} 个对象已不存在。`,
      occurrences: "依据所保存的 agent 诊断结果；已不存在的 Pod 归入名称相符的工作负载。",
      events: "依据所保存的事件。多次出现的事件按均匀分布计算。",
      present: "此规则所看的内容没有历史记录：只能显示现在的情况。",
    },
    nothing: "没有对象有过这样的值：请检查指标组、指标和作用范围。",
    known: "只追溯到",
    partly: (looked, there) =>
      `在限定时间内只查看了 ${n(there)} 个中的 ${n(looked)} 个：请缩短时间范围，或缩小作用范围。`,
  },
};
