import { type Kind, kinds } from "../kinds.ts";
import { type App, type DemoNode, jobImage, staticPods } from "./catalogue.ts";
import type { World } from "./world.ts";

const workloadKinds = {
  Deployment: kinds.deployments,
  StatefulSet: kinds.statefulsets,
  DaemonSet: kinds.daemonsets,
};

export function createNamespace(world: World, name: string): void {
  if (world.rest.store.get(kinds.namespaces, undefined, name) === undefined)
    world.rest.create(kinds.namespaces, undefined, { metadata: { name } });
}

export function createNode(world: World, node: DemoNode, index: number): void {
  const { name, arch, cores, memory, disk, address } = node;
  const roles = Object.fromEntries(node.roles.map((role) => [`node-role.kubernetes.io/${role}`, ""]));
  const capacity = { cpu: String(cores), memory, pods: "110", "ephemeral-storage": disk };
  const podCIDR = `10.42.${index}.0/24`;
  world.rest.create(kinds.nodes, undefined, {
    metadata: {
      name,
      labels: {
        "kubernetes.io/arch": arch,
        "kubernetes.io/os": "linux",
        "kubernetes.io/hostname": name,
        "topology.kubernetes.io/zone": index < 3 ? "shelf" : "cellar",
        ...roles,
        ...node.labels,
      },
    },
    spec: {
      podCIDR,
      podCIDRs: [podCIDR],
      ...(node.roles.includes("control-plane")
        ? { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] }
        : {}),
    },
    status: {
      addresses: [
        { type: "InternalIP", address },
        { type: "Hostname", address: name },
      ],
      capacity,
      allocatable: capacity,
      conditions: [],
      nodeInfo: {
        architecture: arch,
        operatingSystem: "linux",
        osImage: node.os,
        kernelVersion: node.kernel,
        kubeletVersion: "v1.34.4",
        kubeProxyVersion: "",
        containerRuntimeVersion: "containerd://2.1.4",
        bootID: crypto.randomUUID(),
        machineID: Bun.hash.wyhash(name).toString(16).padStart(16, "0").repeat(2),
        systemUUID: "",
      },
    },
  });
  if (node.roles.includes("control-plane")) for (const pod of staticPods) createStaticPod(world, node, pod);
}

function createStaticPod(world: World, node: DemoNode, pod: (typeof staticPods)[number]): void {
  const owner = world.rest.get(kinds.nodes, undefined, node.name);
  world.rest.create(kinds.pods, "kube-system", {
    metadata: {
      name: `${pod.name}-${node.name}`,
      labels: { app: pod.name, component: pod.name, tier: "control-plane" },
      annotations: { "kubernetes.io/config.source": "file", "kubernetes.io/config.mirror": "demo" },
      ownerReferences: [
        { apiVersion: "v1", kind: "Node", name: node.name, uid: owner.metadata.uid, controller: true },
      ],
    },
    spec: {
      nodeName: node.name,
      hostNetwork: true,
      priorityClassName: "system-node-critical",
      tolerations: [{ operator: "Exists" }],
      containers: [{ name: pod.name, image: pod.image, resources: { requests: { cpu: "100m" } } }],
    },
  });
}

/** An app with all that belongs to it: workload, Service, Ingress, ConfigMap. */
export function createApp(world: World, app: App): void {
  const labels = {
    app: app.name,
    "app.kubernetes.io/name": app.name,
    "app.kubernetes.io/part-of": app.namespace,
  };
  const selector = { app: app.name };
  const container = {
    name: app.name,
    image: app.image,
    ...(app.port ? { ports: [{ name: "main", containerPort: app.port, protocol: "TCP" }] } : {}),
    env: [
      { name: "LOG_LEVEL", value: "info" },
      { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
    ],
    envFrom: [{ configMapRef: { name: app.name } }],
    resources: resources(app),
    ...(app.port
      ? {
          readinessProbe: {
            tcpSocket: { port: app.port },
            periodSeconds: 10,
            timeoutSeconds: 1,
            successThreshold: 1,
            failureThreshold: 3,
          },
        }
      : {}),
    ...(app.storage ? { volumeMounts: [{ name: "data", mountPath: "/data" }] } : {}),
  };
  const nodeSelector =
    app.node === "amd64"
      ? { "kubernetes.io/arch": "amd64" }
      : app.node === "zigbee"
        ? { "example.org/zigbee": "true" }
        : undefined;
  const spec = {
    ...(app.kind === "DaemonSet" ? {} : { replicas: app.replicas ?? 1 }),
    selector: { matchLabels: selector },
    ...(app.kind === "Deployment" ? { progressDeadlineSeconds: 120 } : {}),
    ...(app.kind === "StatefulSet" ? { serviceName: app.name } : {}),
    ...(app.storage ? { volumeClaimTemplates: [claimTemplate(app.storage)] } : {}),
    template: {
      metadata: { labels },
      spec: {
        containers: [container],
        ...(nodeSelector ? { nodeSelector } : {}),
        ...(app.everywhere ? { tolerations: [{ operator: "Exists" }], hostNetwork: true } : {}),
      },
    },
  };
  createNamespace(world, app.namespace);
  make(world, kinds.configmaps, app.namespace, {
    metadata: { name: app.name, labels },
    data: { LOG_LEVEL: "info", REGION: "shelf" },
  });
  make(world, workloadKinds[app.kind], app.namespace, { metadata: { name: app.name, labels }, spec });
  if (app.port)
    make(world, kinds.services, app.namespace, {
      metadata: { name: app.name, labels },
      spec: {
        selector,
        ...(app.kind === "StatefulSet" ? { clusterIP: "None", clusterIPs: ["None"] } : clusterAddress(app)),
        ports: [{ name: "main", port: app.port, targetPort: app.port, protocol: "TCP" }],
      },
    });
  if (app.host) make(world, kinds.ingresses, app.namespace, ingress(app));
}

function resources(app: App) {
  const part = (text: string | undefined) => {
    const [cpu, memory] = (text ?? "").split("/");
    return { ...(cpu ? { cpu } : {}), ...(memory ? { memory } : {}) };
  };
  return {
    ...(app.requests ? { requests: part(app.requests) } : {}),
    ...(app.limits ? { limits: part(app.limits) } : {}),
  };
}

const claimTemplate = (storage: string) => ({
  metadata: { name: "data" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName: "local-path",
    resources: { requests: { storage } },
  },
});

function clusterAddress(app: App) {
  const hash = Number(Bun.hash.wyhash(`${app.namespace}/${app.name}`) % 60_000n);
  const clusterIP = `10.43.${Math.floor(hash / 250)}.${(hash % 250) + 2}`;
  return { clusterIP, clusterIPs: [clusterIP], ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" };
}

const ingress = (app: App) => ({
  metadata: {
    name: app.name,
    labels: { app: app.name },
    annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
  },
  spec: {
    ingressClassName: "traefik",
    tls: [{ hosts: [app.host!], secretName: `${app.name}-tls` }],
    rules: [
      {
        host: app.host!,
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: app.name, port: { name: "main" } } },
            },
          ],
        },
      },
    ],
  },
});

/** What a namespace has besides its apps: nightly jobs, quotas, an autoscaler, policies. */
export function createExtras(world: World): void {
  createNamespace(world, "backup");
  for (const [name, schedule, seconds] of [
    ["postgres-dump", "*/10 * * * *", 20],
    ["photos-sync", "*/15 * * * *", 45],
  ] as const)
    make(world, kinds.cronjobs, "backup", {
      metadata: { name },
      spec: {
        schedule,
        concurrencyPolicy: "Forbid",
        suspend: false,
        successfulJobsHistoryLimit: 2,
        failedJobsHistoryLimit: 1,
        jobTemplate: {
          spec: {
            backoffLimit: 1,
            template: {
              metadata: { labels: { app: name }, annotations: { "simkube/runs-seconds": String(seconds) } },
              spec: {
                restartPolicy: "Never",
                containers: [
                  {
                    name: "backup",
                    image: jobImage,
                    resources: { requests: { cpu: "50m", memory: "64Mi" } },
                  },
                ],
              },
            },
          },
        },
      },
    });
  make(world, kinds.ingressclasses, undefined, {
    metadata: { name: "traefik" },
    spec: { controller: "traefik.io/ingress-controller" },
  });
  make(world, kinds.resourcequotas, "shop", {
    metadata: { name: "shop" },
    spec: { hard: { pods: "40", "requests.cpu": "6", "requests.memory": "8Gi" } },
  });
  make(world, kinds.limitranges, "shop", {
    metadata: { name: "defaults" },
    spec: {
      limits: [
        {
          type: "Container",
          default: { cpu: "500m", memory: "256Mi" },
          defaultRequest: { cpu: "50m", memory: "64Mi" },
        },
      ],
    },
  });
  make(world, kinds.networkpolicies, "shop", {
    metadata: { name: "postgres" },
    spec: {
      podSelector: { matchLabels: { app: "postgres" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: {} }] }],
    },
  });
  for (const [namespace, app, spec] of [
    ["shop", "catalog", { minAvailable: 2 }],
    // Neither of its two may ever be away: a drain of their nodes waits for somebody to decide.
    ["shop", "postgres", { minAvailable: 2 }],
    ["ingress", "traefik", { maxUnavailable: 1 }],
  ] as const)
    make(world, kinds.poddisruptionbudgets, namespace, {
      metadata: { name: app },
      spec: { ...spec, selector: { matchLabels: { app } } },
    });
  make(world, kinds.horizontalpodautoscalers, "shop", {
    metadata: { name: "catalog" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "catalog" },
      minReplicas: 3,
      maxReplicas: 6,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
        },
      ],
    },
  });
}

function make(world: World, kind: Kind, namespace: string | undefined, body: unknown): void {
  world.rest.create(kind, namespace, body);
}
