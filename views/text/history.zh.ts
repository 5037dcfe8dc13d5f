import { formatCount as n } from "../parts/format.ts";
import type { capacityEn, marksEn, topEn } from "./history.en.ts";

/** 谁用得最多。 */
export const topZh: typeof topEn = {
  title: "用量",
  tops: "用量排行",
  which: "对象",
  kinds: { pods: "Pod", workloads: "工作负载", namespaces: "命名空间", nodes: "节点" },
  what: "指标",
  measures: { cpu: "CPU", memory: "内存", disk: "磁盘", network: "网络" },
  how: "排序",
  orders: { mean: "平均", p95: "p95", max: "最高" },
  p95: "p95：在其存在的时间里，有 95% 的时间用量不超过此值；向上取整，误差最多 9%。",
  over: "走势",
  requested: "请求",
  share: "占总量",
  ofWhole: "占自身容量",
  gone: "已不存在",
  there: (duration) => `存在 ${duration}`,
  shown: (shown, all) => (shown < all ? `${n(shown)} 个，共 ${n(all)} 个` : `${n(all)} 个`),
  together: (sum) => `合计平均 ${sum}`,
  namespaceMax: "命名空间的最高值取自该时段内各小段的平均值。",
  ahead: "这段时间尚未到来",
  none: "这段时间内没有测量数据",
  noneHow: (of) =>
    of === "nodes"
      ? "节点上运行探针后才有测量数据；只有能查看整个集群的人才能看到。"
      : "Pod 的用量由其节点上的探针测量，每十分钟汇总一次。",
};

/** 何时会用满。 */
export const capacityZh: typeof capacityEn = {
  title: "容量",
  filling: "何时用满",
  rateOver: "增长速度取自",
  over: { "6h": "6 小时", "7d": "7 天" },
  rate: { "6h": "按最近 6 小时的速度", "7d": "按最近 7 天的速度" },
  soonest: (shown, all) => `最早用满的 ${n(shown)} 项，共 ${n(all)} 项`,
  what: "对象",
  used: "已用",
  overTime: "走势",
  perDay: "每天",
  full: "用满",
  memory: "内存",
  memoryOfAll: "所有节点的内存",
  fullIn: (time) => ["约 ", time, " 后"],
  fullNow: "现在",
  notFilling: "不会用满",
  unsteady: "在增长，但速度不稳定",
  notSoon: "数年内不会",
  tooShort: "尚不清楚",
  none: "没有测量到磁盘或内存",
  noneHow: "节点上运行探针后才有测量数据。",
  requests: "请求量与可用量",
  requestsNote: "相对节点可分配给 Pod 的资源",
  cpuRequested: "CPU 请求",
  cpuUsed: "CPU 已用",
  memoryRequested: "内存请求",
  memoryUsed: "内存已用",
};

/** 图表上标出的事件。 */
export const marksZh: typeof marksEn = {
  title: "图表上的标记",
  which: "图表标出的内容",
  kinds: {
    alert: "告警",
    reboot: "重启节点",
    deploy: "发布",
    scale: "扩缩容",
    restart: "容器重启",
    command: "命令",
  },
  counted: {
    alert: (count) => `${n(count)} 条告警`,
    reboot: (count) => `节点重启 ${n(count)} 次`,
    deploy: (count) => `发布 ${n(count)} 次`,
    scale: (count) => `扩缩容 ${n(count)} 次`,
    restart: (count) => `容器重启 ${n(count)} 次`,
    command: (count) => `${n(count)} 条命令`,
  },
  deployed: (name, { image, change, revision }) => {
    const what = { restart: "滚动重启", resources: "资源配置已更改", template: "模板已更改" };
    const said = image ? `镜像 ${image}` : (what[change as keyof typeof what] ?? what.template);
    return `${name}：${said}${revision ? `，版本 ${revision}` : ""}`;
  },
  scaled: (name, { from, to }) => `${name}：副本数从 ${from} 变为 ${to}`,
  rebooted: (name) => `${name}：已重启`,
  restarted: (name, { container, reason, exit, times }) => {
    const why = [reason, exit === undefined ? "" : `退出码 ${exit}`].filter(Boolean).join("，");
    return `${name}：容器 ${container} 已重启${times ? ` ${times} 次` : ""}${why ? `（${why}）` : ""}`;
  },
  commanded: (name, said, by) => `${name}：${said}${by ? ` · ${by}` : ""}`,
  alerted: (name, object) => `${name}：${object}`,
  show: "标出",
  hide: "不再标出",
  allHidden: "这些都没有显示。",
  fires: "仍在触发",
  earlier: "更早",
  newest: (shown, all) => `最新 ${n(shown)} 条，共 ${n(all)} 条`,
};
