import { formatCount } from "../parts/format.ts";
import type { remoteWriteEn } from "./remote-write.en.ts";

const n = formatCount;

export const remoteWriteZh: typeof remoteWriteEn = {
  title: "远程写入",
  off: "未启用。所有指标值都可以转发到任何支持 Prometheus 远程写入的存储。",
  working: "发送中",
  failing: "未被接收",
  since: "已持续",
  idle: "尚未发送",
  sent: "已发送",
  newest: "对方最新的值",
  waiting: "内存中等待",
  waitingFor: (samples, bytes, most) => `${n(samples)} 个，占用 ${bytes}，上限 ${most}`,
  refused: "被存储拒绝",
  behind: "正在补发保留的值，落后",
  gone: "轮到发送时已不再保留的时段",
  late: "早于已发送的值而略过",
  retries: "重试的请求",
  error: "最近的错误",
  lost: "被拒绝的值仍在此处的指标历史中，但对方没有。",
};
