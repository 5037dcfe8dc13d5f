/** What is wrong with times that were entered. */
const sentences: readonly [RegExp, string][] = [
  [/^there is no time zone (.*): it is written as Europe\/Berlin$/, "没有时区 $1：写法例如 Europe/Berlin。"],
  [/^times are written as Mon-Fri 08:00-18:00: (.*) is not$/, "时间的写法为 Mon-Fri 08:00-18:00：$1 不是。"],
  [
    /^(.*) is no day: Mon, Tue, Wed, Thu, Fri, Sat or Sun$/,
    "$1 不是星期：Mon、Tue、Wed、Thu、Fri、Sat 或 Sun。",
  ],
  [/^days are written as Mon-Fri or Mon,Wed$/, "星期的写法为 Mon-Fri 或 Mon,Wed。"],
  [/^(.*) is no time of a day: 00:00 to 24:00$/, "$1 不是一天中的时间：00:00 至 24:00。"],
  [/^choose a day of the week$/, "请选择星期。"],
  [/^a window ends after it begins, and within a year$/, "窗口须在开始之后结束，且不超过一年。"],
  [/^a window lasts a minute at least, and 31 days at most$/, "窗口至少持续一分钟，最多 31 天。"],
  [/^no such cron expression is taken: (.*)$/, "不接受这样的 cron 表达式：$1"],
  [/^a window has a name$/, "窗口须有名称。"],
  [
    /^a window has a matcher, or holds in one cluster or namespace$/,
    "窗口须有匹配器，或限于一个集群或命名空间。",
  ],
  [/^this window would be over already$/, "此窗口已经结束。"],
  [/^this window is not open$/, "此窗口未在进行。"],
  [/^this window opens again at once: change or remove it$/, "此窗口会立即再次开始：请修改或删除。"],
  [/^there are (\d+) maintenance windows: remove some first$/, "已有 $1 个维护窗口：请先删除一些。"],
  [/^there is no such maintenance window$/, "没有这样的维护窗口。"],
  [/^a date and a time are needed$/, "须填写日期和时间。"],
  [/^an escalation has a name$/, "升级策略须有名称。"],
  [/^there are (\d+) escalations: remove some first$/, "已有 $1 个升级策略：请先删除一些。"],
  [/^this channel is of another tenant, or is gone$/, "此通知渠道属于其他租户，或已不存在。"],
  [/^there is no such escalation$/, "没有这样的升级策略。"],
  [/^choose a channel for the first step$/, "请为第一步选择通知渠道。"],
  [/^a step comes after a second at least, and 7 days at most$/, "每一步至少在一秒之后，最多 7 天。"],
  [/^the steps come again 0 to (\d+) times$/, "步骤可重复 0 到 $1 次。"],
  [/^the escalation (.*) tells this channel: change that first$/, "升级策略 $1 使用此通知渠道：请先修改它。"],
  [/^step (\d+) of (\d+), round (\d+) of (\d+)$/, "第 $1 步，共 $2 步；第 $3 轮，共 $4 轮"],
  [/^step (\d+) of (\d+)$/, "第 $1 步，共 $2 步"],
  [/^this time never comes$/, "这个时间永远不会到来。"],
];

export function timesZh(text: string): string {
  return sentences.reduce((said, [pattern, to]) => said.replace(pattern, to), text);
}
