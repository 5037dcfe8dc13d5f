import { expect, test } from "bun:test";
import { alertView, viewer } from "../../testing/viewing.ts";
import { alertPage } from "./detail.ts";

const v = viewer("/alerts/x");
const silenced = (labels: Record<string, string>) => {
  const alert = alertView("", { labels, state: "firing", annotations: {}, ack: undefined });
  const page = alertPage(v, {
    alert,
    muted: undefined,
    history: [],
    deliveries: undefined,
    mayAct: true,
    escalations: [],
    channels: new Map(),
    zone: "UTC",
  });
  return /<textarea[^>]*name="matchers"[^>]*>\n?([^<]*)</.exec(page.take!.text)![1]!.split("\n");
};

test("an alert's own silence hides this alert alone: of a disk that fills, not the node's others", () => {
  const of = { alertname: "DiskFull", kind: "Node", name: "n1", node: "n1", severity: "warning" };
  const named = ['alertname="DiskFull"', 'kind="Node"', 'name="n1"'];
  const texts = (labels: Record<string, string>) =>
    silenced(labels).map((one) => one.replaceAll("&quot;", '"'));
  expect(texts(of)).toEqual(named);
  expect(texts({ ...of, mount: "/data" })).toEqual([...named, 'mount="/data"']);
  expect(texts({ ...of, device: "sda" })).toEqual([...named, 'device="sda"']);
});
