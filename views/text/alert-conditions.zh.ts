import { formatCount } from "../parts/format.ts";
import type { alertConditionsEn } from "./alert-conditions.en.ts";

const kindsHint = "例如 Pod、Deployment、Node，以逗号分隔。留空表示全部。";

export const alertConditionsZh: typeof alertConditionsEn = {
  conditions: {
    kinds: {
      problem: ["对象故障", "对象出了问题：Pod 反复崩溃、存储卷申领未绑定。"],
      threshold: ["数值", "节点、Pod、工作负载或集群的用量高于或低于阈值。"],
      rate: ["变化", "数值每分钟或每小时上升或下降超过一定幅度。"],
      forecast: ["预测", "数值按目前的趋势即将达到某个水平：磁盘将在一天内写满。"],
      absence: ["缺失", "原有的数值或对象不再存在。"],
      events: ["事件", "一段时间内出现了一定数量的匹配事件。"],
      certificate: [
        "证书",
        "Secret 中的证书即将过期；仅当代理获准读取 Secret 并设置了 ATLHYPER_CERTIFICATES 时有效。",
      ],
    },
    absentFor: "缺失多久后触发：30s、5m、1h。",
    namespacesHint: "以逗号分隔。留空表示全部，包括不属于命名空间的对象。",
    fields: {
      kinds: ["对象类型", kindsHint],
      reasons: ["原因", "与概览和事件中的写法相同：CrashLoopBackOff、OOMKilled。留空表示全部。"],
      of: ["谁的数值"],
      group: [
        "指标组",
        "节点：cpu、memory、swap、load、pressure、temperature、disk /data、io sda、net eth0；disk * 表示所有磁盘。Pod 和工作负载：usage。集群：cpu、memory、nodes、pods。",
      ],
      series: [
        "指标",
        "例如 usage（cpu）、share（memory 和磁盘）、inodes（磁盘）、load5（load）、CPU（temperature）；Pod 和工作负载：cpu、memory、memory of limit、cpu of request。",
      ],
      op: ["触发条件：值"],
      trigger: ["阈值", "例如 90%、1.5 或 10 GiB。"],
      clear: ["恢复阈值"],
      "rate.op": ["触发条件：值"],
      "rate.trigger": ["幅度超过", "例如 5%、0.5 或 1 GiB。"],
      "rate.clear": ["幅度低于此值时恢复"],
      per: ["每"],
      windowMs: ["回看时间", "5m 到 1d：以这段时间内各值的趋势线为准，而非单个值。"],
      "forecast.op": ["值"],
      level: ["将达到的水平", "例如 100%、1.5 或 10 GiB。"],
      floor: ["仅当超过", "值未到此水平时不触发。留空表示始终。"],
      withinMs: ["在此时间内达到时触发", "例如 4h 或 1d。"],
      clearMs: ["在此时间内不会达到时恢复"],
      what: ["缺失的是"],
      "absence.of": ["谁的数值", "缺失的是数值时填写。"],
      "absence.group": ["指标组", "例如 disk /data。留空表示任何数值。"],
      "absence.series": ["指标", "例如 used。留空表示任何数值。"],
      "absence.kinds": ["对象类型", "例如 Deployment、StatefulSet，以逗号分隔。"],
      names: ["名称", "以逗号分隔；* 代表任意内容：api、web-*。"],
      "certificate.names": ["Secret 名称", "以逗号分隔；* 代表任意内容。留空表示全部。"],
      "certificate.withinMs": [
        "在此时间内过期时触发",
        "例如 14d。寿命只有几天的证书：剩余五分之一寿命时触发。",
      ],
      "certificate.clearMs": ["在此时间内不会过期时恢复"],
      severities: ["级别", "info、warning、critical，以逗号分隔。留空表示 warning 和 critical。"],
      message: ["消息包含", "不区分大小写；* 代表任意内容：volume * not found。留空表示任意。"],
      by: ["计数方式"],
      count: ["数量"],
      "events.windowMs": ["时间范围", "1m 到 1d。"],
    },
    choices: {
      of: { "": "–", node: "节点", pod: "Pod", workload: "工作负载", cluster: "整个集群" },
      op: { above: "高于", below: "低于", rises: "上升", falls: "下降" },
      per: { minute: "分钟", hour: "小时" },
      what: { values: "仍存在之物的数值", object: "对象本身" },
      by: { object: "按对象", namespace: "按命名空间", cluster: "按集群" },
    },
    says: {
      problem: (kinds, reasons) => `${kinds || "任意对象"}：${reasons || "任意原因"}`,
      threshold: (what, op, trigger, clear) =>
        `${what} ${op === "above" ? "高于" : "低于"} ${trigger}，${op === "above" ? "低于" : "高于"} ${clear} 时恢复`,
      rate: (what, op, trigger, per, window) =>
        `${what} 每${per === "minute" ? "分钟" : "小时"}${op === "rises" ? "上升" : "下降"}超过 ${trigger}（近 ${window}）`,
      forecast: (what, level, within, window) =>
        `${what} 按近 ${window} 的趋势将在 ${within} 内达到 ${level}`,
      gone: (kinds, names) => `${kinds} ${names} 不再存在`,
      missing: (what, names) => `不再有数值：${what}${names ? `（${names}）` : ""}`,
      certificate: (within, names) => `证书将在 ${within} 内过期${names ? `：${names}` : ""}`,
      events: (count, window, what, message) =>
        `${window} 内 ${formatCount(count)} 个事件：${what || "任意"}${message ? `“${message}”` : ""}`,
    },
  },
};
