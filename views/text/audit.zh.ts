import { formatCount } from "../parts/format.ts";
import type { auditEn } from "./audit.en.ts";

const n = formatCount;

export const auditZh: typeof auditEn = {
  title: "审计",
  when: "时间",
  who: "操作者",
  what: "操作",
  object: "对象",
  result: "结果",
  from: "来源",
  results: { ok: "已完成", refused: "已拒绝", failed: "失败" },
  anyResult: "所有结果",
  kinds: {
    user: "用户",
    token: "API 令牌",
    cluster: "代理",
    system: "AtlHyper 自身",
    cli: "命令行",
    nobody: "未登录",
  },
  anybody: "所有操作者",
  anything: "所有操作",
  areas: {
    session: "登录与退出",
    setup: "初始设置",
    user: "用户",
    invitation: "邀请",
    token: "令牌",
    cluster: "集群",
    enrolment: "集群接入",
    command: "命令",
    secret: "查看 Secret",
    demo: "演示集群",
    alert: "告警",
    rule: "告警规则",
    silence: "静默",
    maintenance: "维护",
    escalation: "升级策略",
    channel: "通知渠道",
    audit: "审计日志",
  },
  search: "操作者、操作、来源或详情中的任意文字",
  entry: (seq) => `#${n(seq)}`,
  export: "导出为 JSON Lines",
  exportHow: "符合筛选条件的全部条目，最早的在前",
  verify: "校验",
  verified: (seq) => `已校验到 #${n(seq)}：没有改动，没有缺失。`,
  verifiedEmpty: "已校验：日志为空。",
  notVerified: "自 master 启动以来尚未校验。",
  broken: (seq, what) => `日志校验不通过：#${n(seq)} ${toldFault(what)}。`,
  brokenHow: "AtlHyper 以外的程序写过数据库。`atlhyper audit verify` 会给出相同的结果。",
  none: "没有符合条件的条目。",
  nothing: "还没有任何操作",
  nothingHow: "这里记录谁做了什么：登录、用户、令牌、集群、命令及其结果。条目一旦改动就会被发现。",
  hash: "哈希",
};

const faults: Record<string, string> = {
  "is missing": "缺失",
  "was changed": "被改动",
  "was changed, or the one before it was": "或其前一条被改动",
  "was added behind the end": "是在末尾之后添加的",
  "is the last, and the end is not sealed with this key": "是最后一条，但末尾的封印与密钥不符",
  "is the last, and the seal of the end is missing": "是最后一条，但末尾的封印缺失",
  "says that the end of the log before it had been changed": "表明此前日志的末尾被改动过",
  "the checkpoint of what retention cut is not sealed with this key": "保留期检查点的封印与密钥不符",
};

function toldFault(what: string): string {
  return faults[what] ?? what;
}
