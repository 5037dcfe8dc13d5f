import { expect, test } from "bun:test";
import { toldZh } from "./told.zh.ts";

test("what agents and the master say is told in Chinese, with its names and numbers", () => {
  const told: [string, string][] = [
    [
      "container worker exited with code 2; restarted 3 times, the next try is delayed",
      "容器 worker 以退出码 2 退出；已重启 3 次，下次重启已推迟",
    ],
    [
      "3 pods: init container db was killed at its memory limit of 64Mi",
      "3 个 Pod：Init 容器 db 达到内存限制 64Mi 被杀死",
    ],
    [
      "container web cannot pull its image registry.example.org/web:1: not found",
      "容器 web 无法拉取镜像 registry.example.org/web:1: not found",
    ],
    [
      "container loki was killed at its memory limit of 512Mi; restarted 1 time, the next try is delayed",
      "容器 loki 达到内存限制 512Mi 被杀死；已重启 1 次，下次重启已推迟",
    ],
    ["none of 1 replica is available", "1 个副本中没有一个可用"],
    ["container main runs and is not ready", "容器 main 在运行，但未就绪"],
    [
      "2 pods: container main runs and is not ready: the probe does not succeed",
      "2 个 Pod：容器 main 在运行，但未就绪：探针未成功",
    ],
    [
      "the pod runs and its readiness gates are not passed: gate x is False",
      "Pod 在运行，但未通过就绪门控：gate x is False",
    ],
    [
      "its agent has not been heard: what is shown may be old",
      "没有收到其代理的消息：所显示的内容可能已过时",
    ],
    ["1 of 2 replicas is available", "2 个副本中 1 个可用"],
    ["2 of 3 replicas are available", "3 个副本中 2 个可用"],
    ["1 of 3 containers ready: not a, b", "3 个容器中 1 个就绪：未就绪的是 a, b"],
    ["image changed to web:1.4 2m before", "镜像改为 web:1.4，在 2m 之前"],
    ["ConfigMap settings changed just before", "ConfigMap settings 改变，就在此前"],
    ["there is a user named ada already", "已有名为 ada 的用户。"],
    [
      "a token's name has 1 to 100 characters and no control characters",
      "名称须为 1 到 100 个字符，且不含控制字符。",
    ],
  ];
  for (const [said, chinese] of told) expect(toldZh(said)).toBe(chinese);
});

test("what Kubernetes and containers say themselves stays as it is", () => {
  for (const said of [
    "Back-off restarting failed container worker in pod worker-1_shop",
    "0/5 nodes are available: 5 Insufficient memory.",
    "panic: the node is not ready",
    "",
  ])
    expect(toldZh(said)).toBe(said);
});
