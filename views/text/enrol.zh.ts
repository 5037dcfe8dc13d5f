import type { enrolEn } from "./enrol.en.ts";

export const enrolZh: typeof enrolEn = {
  way: "代理的运行方式",
  ways: {
    kubectl: "在集群内，用一行 kubectl 命令",
    anywhere: "在任何有 kubeconfig 的地方，从本项目的副本运行",
  },
  rights: "代理的权限",
  rightsChoices: {
    read: "仅查看",
    operator: "查看、重启、扩缩、发布、封锁与排空节点",
    resources: "以上全部，并可应用和删除其他对象",
  },
  noImage: "要提供 kubectl 命令，master 须知道代理的镜像：请设置 ATLHYPER_AGENT_IMAGE。",
  title: (name) => `连接 ${name}`,
  run: "在 kubectl 能访问该集群的地方运行。只能使用一次，其中的令牌只显示这一次：",
  look: "先查看清单",
  lookHow: "查看不会消耗它。",
  reach: (url) => `代理须能从集群内访问 ${url}。`,
  loopback: "该地址只指本机：请用集群能访问的地址打开本页面，或设置 ATLHYPER_PUBLIC_URL。",
  pending: "正在连接的集群",
  steps: {
    made: "命令已生成",
    fetched: "kubectl 已获取清单",
    exchanged: "代理已取得自己的令牌",
    connected: "已收到代理的消息",
  },
  waiting: "等待中",
  validFor: "该命令剩余有效时间",
  expired: "该命令已过期。",
  setUp: "安装代理",
  setUpText: "将得到一行 kubectl 命令，用于安装或重新安装它的代理。应用之前，正在运行的代理继续工作。",
  again: "生成新命令",
};
