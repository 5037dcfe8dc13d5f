import { type Manifest, nameOf } from "./objects.ts";

/** The values with their defaults, which are those of the manifests, as a text with a line on each. */
export function valuesOf(objects: readonly Manifest[]): string {
  const podOf = (name: string) => objects.find((one) => nameOf(one) === name)!.spec.template.spec;
  const master = podOf("StatefulSet/atlhyper-master");
  const agent = podOf("Deployment/atlhyper-agent");
  const probe = podOf("DaemonSet/atlhyper-probe");
  const service = objects.find((one) => nameOf(one) === "Service/atlhyper")!;
  const [claim] = objects.find((one) => nameOf(one) === "StatefulSet/atlhyper-master")!.spec
    .volumeClaimTemplates;
  const mount = probe.containers[0].volumeMounts.find((one: { name: string }) => one.name === "root");
  const repository = (pod: typeof master) => pod.containers[0].image.replace(/:[^:/]*$/, "");
  const below = (value: unknown, indent: number) =>
    Bun.YAML.stringify(value, null, 2).trimEnd().replace(/^/gm, " ".repeat(indent));
  return `# Values of AtlHyper's chart. The defaults are those of manifests/overlays/k3s: everything in one cluster.

# Image of master and agent. tag: the chart's version if empty; digest, as sha256:…, goes before it.
image:
  repository: ${repository(master)}
  tag: ""
  digest: ""
  pullPolicy: ""
# Image of the probe.
probeImage:
  repository: ${repository(probe)}
  tag: ""
  digest: ""
  pullPolicy: ""
# Names of Secrets in each of the namespaces: [{name: registry}].
imagePullSecrets: []
# Of master and agent; none if the name is empty.
priorityClass:
  name: ${agent.priorityClassName}
  create: true

master:
  # false: the master is elsewhere, see agent.masterUrl.
  enabled: true
  service:
    # ClusterIP, NodePort or LoadBalancer.
    type: ${service.spec.type}
    port: ${service.spec.ports[0].port}
    nodePort: null
    annotations: {}
  ingress:
    enabled: false
    className: ""
    host: ""
    # Secret with the certificate; none: http alone.
    tlsSecret: ""
    annotations: {}
  persistence:
    # false: the data goes with the pod.
    enabled: true
    size: ${claim.spec.resources.requests.storage}
    # The cluster's default if empty.
    storageClass: ""
  rules:
    # ConfigMap whose *.yaml are rules of alerts, see docs/operations.md; it need not be there.
    configMap: ${master.volumes.find((one: { name: string }) => one.name === "rules").configMap.name}
    # It is made of these: {shop.yaml: "- id: …"}, or by --set-file master.rules.files.shop\\.yaml=shop.yaml.
    files: {}
  resources:
${below(master.containers[0].resources, 4)}
  # Beside kubernetes.io/os: linux.
  nodeSelector: {}
  tolerations: []
  # Configuration, see docs/operations.md: [{name: ATLHYPER_EVENT_RETENTION, value: 90d}].
  extraEnv: []

agent:
  enabled: true
  # Where the master is; empty: the one of this release.
  masterUrl: ""
  # What this cluster is called at the master of this release.
  clusterName: local
  token:
    # Secret in the release's namespace with the cluster's token (key token). Empty: atlhyper-agent, which is made
    # where the master is of this release, and has to be there where it is not.
    existingSecret: ""
  # What commands may do in the cluster; without any of these it is only watched.
  rights:
    # Pods, nodes, workloads, jobs; logs.
    operator: true
    # Any other resource but Secrets.
    resources: true
    # Terminals in containers.
    exec: true
    # Tell when certificates in Secrets expire: the agent may read Secrets for that, and sends the dates alone.
    certificates: false
  resources:
${below(agent.containers[0].resources, 4)}
  nodeSelector: {}
  tolerations: []
  extraEnv: []

probe:
  enabled: true
  namespace:
    # A namespace of its own, as it mounts folders of the node, which the level restricted forbids.
    name: atlhyper-probe
    create: true
  token:
    # Secret (key token) in both namespaces. Empty: atlhyper-probe, which is made.
    existingSecret: ""
  priorityClass:
    name: ${probe.priorityClassName}
    create: true
  # Of the node's / into the pod, so that disks mounted later are seen; empty where / is no shared mount.
  mountPropagation: ${mount.mountPropagation}
  resources:
${below(probe.containers[0].resources, 4)}
  nodeSelector: {}
  tolerations:
${below(probe.tolerations, 4)}
  extraEnv: []

networkPolicy:
  enabled: true
  # Further rules of the agent's, as for a master elsewhere that is not at port 443:
  # [{ports: [{port: 8080, protocol: TCP}]}].
  agentEgress: []
`;
}

/** Values that make of the chart what an overlay is; shipped with it, in overlays/. */
export const overlayValues: Record<string, object> = {
  k3s: {},
  dev: {
    master: {
      service: { type: "ClusterIP" },
      persistence: { enabled: false },
      extraEnv: [{ name: "ATLHYPER_LOG_LEVEL", value: "debug" }],
    },
    probe: { mountPropagation: "" },
  },
  certificates: { agent: { rights: { certificates: true } } },
  operator: { master: { enabled: false }, agent: { masterUrl: "http://atlhyper" } },
  readonly: {
    master: { enabled: false },
    agent: {
      masterUrl: "http://atlhyper",
      rights: { operator: false, resources: false, exec: false },
    },
  },
  edge: {
    master: { enabled: false },
    agent: {
      masterUrl: "http://atlhyper",
      rights: { operator: false, resources: false, exec: false },
      resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "160Mi" } },
      extraEnv: [
        { name: "ATLHYPER_METRICS_EVERY", value: "10s" },
        { name: "ATLHYPER_EVENTS_EVERY", value: "10s" },
      ],
    },
    probe: {
      extraEnv: [
        { name: "ATLHYPER_PUSH_INTERVAL", value: "10s" },
        { name: "ATLHYPER_CPU_INTERVAL", value: "5s" },
      ],
    },
  },
};
