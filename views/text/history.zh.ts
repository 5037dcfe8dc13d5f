import { formatCount as n } from "../parts/format.ts";
import type { marksEn } from "./history.en.ts";

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
  newest: (shown, all) => `最新 ${n(shown)} 条，共 ${n(all)} 条`,
};
