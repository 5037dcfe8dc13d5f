import { unitIn } from "./names.ts";

const told: Readonly<Record<string, string>> = {
  share: "a share of 1",
  bytes: "bytes",
  "bytes/s": "bytes a second",
  cores: "cores",
  celsius: "degrees Celsius",
  count: "a count",
  "1/s": "a number in each second",
};
const scopes: Readonly<Record<string, string>> = {
  node: "Of a node",
  cluster: "Of a cluster as a whole",
  pod: "Of a pod",
  workload: "Of all pods of a workload",
};

export interface Metadata {
  type: "gauge";
  help: string;
  unit: string;
}

/** What Prometheus tells of a metric besides its name. */
export function metadataOf(metric: string): Metadata {
  const [unit, suffix] = unitIn(metric);
  const [, scope = "", rest = ""] = /^atlhyper_([a-z]+)_(.*)$/.exec(metric) ?? [];
  const what = rest.slice(0, rest.length - suffix.length).replaceAll("_", " ") || rest;
  return {
    type: "gauge",
    help: `${scopes[scope] ?? "Of AtlHyper"}: ${what}, ${told[unit]}.`,
    unit: suffix.slice(1),
  };
}
