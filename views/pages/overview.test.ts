import { expect, test } from "bun:test";
import { alertView, cluster, problemView, viewer } from "../testing/viewing.ts";
import { overviewPage } from "./overview.ts";

const v = viewer();
const view = cluster("c1", "production", { connection: "connected" });
const web = { cluster: "c1", kind: "Deployment", namespace: "shop" };
const disk = alertView("", {
  cluster: "c1",
  name: "DiskFull",
  kind: "Node",
  namespace: "",
  object: "n1",
  severity: "critical",
  annotations: { measure: "disk /data/share", value: "94.2 %" },
  ack: undefined,
});
const crashes = alertView("", {
  ...web,
  name: "PodCrashLooping",
  object: "web",
  severity: "warning",
  annotations: { message: "container web exited with code 3" },
  ack: undefined,
});
const page = (problems: Parameters<typeof problemView>[0][], alerts = [disk, crashes]) =>
  overviewPage(v, {
    clusters: [{ view, nodes: [], loads: new Map() }],
    problems: problems.map((one) => problemView({ ...web, name: "web", severity: "warning", ...one })),
    alerts,
    warnings: [],
    host: undefined,
  });

test("what fires of an object that is not in trouble by itself counts in the verdict, once for each object, with how bad it is", () => {
  const both = page([{}]).verdict!.text;
  expect(both).toContain("2 things need attention");
  expect(both).toContain("critical");
  expect(page([{}], [crashes]).verdict!.text).toContain("1 thing needs attention");
  expect(page([{}], [disk, { ...disk, name: "DiskAlmostOut" }]).verdict!.text).toContain("2 things");
  expect(page([]).verdict!.text).toContain("2 alerts fire");
});

test("what fires says what it is, unless that stands above it", () => {
  const { firing } = page([{}]);
  expect(firing!.text).toContain("/data");
  expect(firing!.text).toContain("94.2 %");
  expect(firing!.text).not.toContain("exited with code 3");
  expect(page([]).firing!.text).toContain("exited with code 3");
});
