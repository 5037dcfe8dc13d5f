import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { images } from "./images/images.ts";

/** The three workloads as they stand in the base, the agent's with what is put over it in a cluster with probes. */
interface Container {
  image?: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: Record<string, unknown>;
  livenessProbe?: { timeoutSeconds?: number };
  readinessProbe?: object;
}
interface PodSpec {
  terminationGracePeriodSeconds?: number;
  priorityClassName?: string;
  affinity?: {
    nodeAffinity?: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: { matchExpressions: { key: string; operator: string; values: string[] }[] }[];
      };
    };
  };
  containers: Container[];
}
interface Document {
  kind: string;
  metadata: { name: string };
  spec?: { template?: { spec: PodSpec } };
}

function documentsOf(path: string): Document[] {
  const parsed = Bun.YAML.parse(readFileSync(join(import.meta.dir, "base", path), "utf8"));
  return (Array.isArray(parsed) ? parsed : [parsed]) as Document[];
}
const podOf = (path: string) => documentsOf(path).find(({ spec }) => spec?.template)!.spec!.template!.spec;

const base = podOf("agent/deployment.yaml");
const over = podOf("agent/in-cluster.yaml");
const workloads: Record<string, PodSpec> = {
  master: podOf("master/statefulset.yaml"),
  agent: { ...base, ...over, affinity: { ...base.affinity, ...over.affinity } },
  probe: podOf("probe/daemonset.yaml"),
};
workloads.agent!.containers = [{ ...base.containers[0]!, ...over.containers[0]! }];

test("pods go only where there is an image for the machine", () => {
  for (const [name, pod] of Object.entries(workloads)) {
    const image = images.find((one) => one.name === pod.containers[0]!.image)!;
    const terms =
      pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
    expect(terms, name).toEqual([
      {
        matchExpressions: [{ key: "kubernetes.io/arch", operator: "In", values: [...image.architectures] }],
      },
    ]);
  }
});

test("every pod has a priority that exists, time to stop, and what it asks of its node", () => {
  const classes = ["agent/priority.yaml", "probe/priority.yaml"]
    .flatMap(documentsOf)
    .map(({ metadata }) => metadata.name);
  for (const [name, pod] of Object.entries(workloads)) {
    expect(classes, name).toContain(pod.priorityClassName!);
    expect(pod.terminationGracePeriodSeconds, name).toBeGreaterThanOrEqual(5);
    const [container] = pod.containers;
    expect(Object.keys(container!.resources?.requests ?? {}).sort(), name).toEqual(["cpu", "memory"]);
    expect(container!.resources?.limits?.memory, name).toBeDefined();
  }
});

test("no pod may more than it needs", () => {
  for (const [name, pod] of Object.entries(workloads))
    expect(pod.containers[0]!.securityContext, name).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
});

test("who serves is asked whether it lives, with patience, and whether it is ready", () => {
  for (const name of ["master", "agent"]) {
    const [container] = workloads[name]!.containers;
    expect(container!.livenessProbe?.timeoutSeconds, name).toBeGreaterThanOrEqual(5);
    expect(container!.readinessProbe, name).toBeDefined();
  }
});
