import { expect, test } from "bun:test";
import { toldZh } from "./told.zh.ts";

test("what the master refuses, and how drains go, is told in Chinese", () => {
  const told: [string, string][] = [
    ["there is nothing that would take this back", "没有可以撤销它的操作。"],
    [
      "it takes two: somebody else than who asked for it has to approve it",
      "需要两个人：须由提交者以外的人批准。",
    ],
    [
      "the agent of home changes nothing in the namespace kube-system: ATLHYPER_PROTECT_NAMESPACES there says so",
      "home 的代理不更改命名空间 kube-system 中的任何内容（ATLHYPER_PROTECT_NAMESPACES）。",
    ],
    ["ada rejected it.", "已被 ada 拒绝。"],
    [
      "Node n1 was drained: 3 pods were evicted, and it takes no new ones.",
      "Node n1 已腾空：已驱逐 3 个 Pod，且不再接受新的。",
    ],
    [
      "The drain of Node n1 ended: cancelled. The node stays cordoned; 2 pods are gone, 1 are still there: shop/db-0.",
      "Node n1 的腾空已结束：已取消。该节点仍不可调度；2 个 Pod 已不存在，1 个还在：shop/db-0。",
    ],
    ["ConfigMap shop/web was deleted: it is gone.", "ConfigMap shop/web 已删除：它已不存在。"],
    [
      "2 of 5 pods are gone; 1 wait for a budget: The disruption budget db needs 2 healthy pods and has 2 currently.",
      "5 个 Pod 中 2 个已不存在；1 个在等待干扰预算：干扰预算 db 需要 2 个健康的 Pod，目前有 2 个。",
    ],
    ["ConfigMap shop/web was changed.", "ConfigMap shop/web 已更改。"],
  ];
  for (const [english, chinese] of told) expect(toldZh(english)).toBe(chinese);
});

test("what came of commands is told in Chinese, with its names and numbers", () => {
  const told: [string, string][] = [
    [
      "Deployment shop/web was scaled from 4 to 6 replicas: 6 of 6 replicas are ready.",
      "Deployment shop/web 的副本数已从 4 调整为 6：6 个副本中 6 个已就绪。",
    ],
    [
      "Deployment shop/web was scaled from 4 to 6 replicas, but it did not come true: 5 of 6 replicas are ready. HorizontalPodAutoscaler web scales it too, and may change it again.",
      "Deployment shop/web 的副本数已从 4 调整为 6，但未达成：6 个副本中 5 个已就绪。HorizontalPodAutoscaler web 也会调整它，可能再次更改。",
    ],
    [
      "Pod shop/db-0 was deleted, for StatefulSet db to make a new one: db-0 is ready.",
      "Pod shop/db-0 已删除，由 StatefulSet db 重新创建：db-0 已就绪。",
    ],
    [
      "Pod shop/cart-1 was deleted at once, without waiting for its node, and ReplicaSet cart makes a new one: it is gone.",
      "Pod shop/cart-1 已立即删除，未等待其节点确认，ReplicaSet cart 会重新创建一个：它已不存在。",
    ],
    [
      'Deployment shop/cart was given cart:2 (cart), side:1 (side) in place of cart:1 (cart), side:0 (side): deployment "cart" successfully rolled out.',
      "Deployment shop/cart 的镜像已从 cart:1 (cart), side:0 (side) 改为 cart:2 (cart), side:1 (side)：cart 上线完成。",
    ],
    [
      "StatefulSet shop/db went back to revision 3. Another command for it waits, so it was not watched further: Waiting for 1 pods to be ready.",
      "StatefulSet shop/db 已回滚到修订版本 3。有另一条针对它的命令在等待，因此不再继续观察：Waiting for 1 pods to be ready。",
    ],
    [
      "The rollout of Deployment shop/web was paused. Changes of its template wait until it is resumed.",
      "Deployment shop/web 的上线已暂停。其模板的更改将等到恢复后生效。",
    ],
    [
      "Node n1 was cordoned: no new pods come to it.",
      "Node n1 已标记为不可调度：不再有新的 Pod 调度到它上面。",
    ],
    ["Node n1 is cordoned already.", "Node n1 已经不可调度。"],
    [
      "Job backup/dump-manual-0a was created from CronJob backup/dump: it runs.",
      "Job backup/dump-manual-0a 已由 CronJob backup/dump 创建：它正在运行。",
    ],
    [
      "Pod shop/db-0 was not evicted: The disruption budget db needs 2 healthy pods and has 2 currently.",
      "Pod shop/db-0 未能驱逐：干扰预算 db 需要 2 个健康的 Pod，目前有 2 个。",
    ],
    [
      "Deployment shop/web has changed since: its replicas are 7 now, not 5 as that command left it.",
      "Deployment shop/web 此后已改变：其 replicas 现在是 7，而不是该命令留下的 5。",
    ],
    [
      "Deployment shop/cart has no revision 99: those that are kept are 3, 2.",
      "Deployment shop/cart 没有修订版本 99：保留的有 3, 2。",
    ],
    [
      "The agent of this cluster changes nothing in namespace kube-system (ATLHYPER_PROTECT_NAMESPACES).",
      "此集群的代理不更改命名空间 kube-system 中的任何内容（ATLHYPER_PROTECT_NAMESPACES）。",
    ],
    [
      "The agent may not delete pods in namespace shop: its role in the cluster does not allow it (see rbac.yaml).",
      "代理无权对命名空间 shop 中的 pods 执行 delete：其在集群中的角色不允许（参见 rbac.yaml）。",
    ],
    ["Cancelled before it was started.", "在开始之前已取消。"],
  ];
  for (const [said, chinese] of told) expect(toldZh(said)).toBe(chinese);
});

test("what the API server says of a command stays as it is", () => {
  for (const said of [
    'pods "web" is forbidden: exceeded quota: shop, requested: pods=1, used: pods=40, limited: pods=40',
    'Operation cannot be fulfilled on nodes "n1": the object has been modified; please apply your changes to the latest version and try again',
    'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ])
    expect(toldZh(said)).toBe(said);
});
