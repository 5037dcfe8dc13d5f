import { formatCount } from "../parts/format.ts";
import type { digestEn } from "./digest.en.ts";

const n = formatCount;

export const digestZh: typeof digestEn = {
  title: { daily: "每日摘要", weekly: "每周摘要" },
  subject: (title, fired, firing) =>
    `[AtlHyper] ${title}：${fired === 0 ? "没有触发" : `触发 ${n(fired)} 次`}，${firing === 0 ? "当前没有触发中的告警" : `当前 ${n(firing)} 个告警触发中`}`,
  span: (from, until, zone) => `${from} – ${until}（${zone}）`,
  empty: "没有触发过告警，当前没有触发中的告警，也没有失联的集群。",
  verdict: (fired, resolved) =>
    fired === 0 && resolved === 0 ? "没有触发过告警。" : `告警触发 ${n(fired)} 次，恢复 ${n(resolved)} 次。`,
  cut: "变化过多，未全部计入：数字只包含前 50,000 次变化。",
  rules: "按规则统计的触发",
  clusters: "按集群统计",
  longest: "持续最久",
  frequent: "最频繁",
  flapping: "抖动",
  firing: "当前触发中",
  silences: "即将结束的静默",
  maintenance: "即将结束的维护",
  silent: "失联的集群",
  count: (count) => `${n(count)} 次`,
  lasted: (time) => time,
  going: (time) => `${time}，仍在触发`,
  since: (time) => `自 ${time}`,
  takenBy: (who) => `由 ${who} 处理`,
  nobody: "无人处理",
  hidden: "已静默或已覆盖",
  ends: (time) => `${time} 结束`,
  lastSeen: (time) => `最后一次联系 ${time}`,
  by: (who) => `操作者 ${who}`,
  everything: "该范围内的全部",
  more: (count) => `…… 另有 ${n(count)} 个`,
  open: "全部告警",
  why: "此邮件由 AtlHyper 的通知渠道发送，可在“告警”的“通知渠道”中修改或关闭。",
};
