import { expect, test } from "bun:test";
import { Removed } from "./removed.ts";
import { runningPod, testDatasource } from "./testing.ts";

test("when a pod disappeared is known afterwards, until it is there again or too many others went", () => {
  const source = testDatasource();
  const removedMs = () =>
    source.datasource.removedMs("pod", { cluster: "c1", namespace: "shop", name: "web-1" });
  source.full("pod", [runningPod("web-1"), runningPod("web-2")]);
  expect(removedMs()).toBeUndefined();
  source.clock.now += 5000;
  source.full("pod", [runningPod("web-2")]);
  expect(removedMs()).toBe(source.clock.now);

  const removed = new Removed();
  for (let at = 0; at <= 1000; at++) removed.add("pod", "c1", `shop/web-${at}`, at);
  expect(removed.get("pod", "c1", "shop/web-0")).toBeUndefined();
  expect(removed.get("pod", "c1", "shop/web-1")).toBe(1);
});
