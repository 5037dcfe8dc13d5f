import { kinds } from "../../simkube/kinds.ts";
import type { SimKube } from "../../simkube/server.ts";

const perWorkload = 50;
const at = "2026-01-01T00:00:00Z";

/** Nodes, and Deployments of 50 pods each with their ReplicaSets, Services, EndpointSlices and Events. */
export function fillCluster(kube: SimKube, pods: number): void {
  const { rest } = kube;
  /** A status is taken at its subresource only, as by a real API server. */
  const create = (kind: Parameters<typeof rest.create>[0], namespace: string | undefined, object: object) => {
    const made = rest.create(kind, namespace, object);
    const { status } = object as { status?: object };
    if (status) rest.update(kind, namespace, made.metadata.name, { ...made, status }, "status");
  };
  const nodes = Math.max(3, Math.ceil(pods / 100));
  for (let index = 0; index < nodes; index++) create(kinds.nodes, undefined, node(index));
  for (let made = 0, index = 0; made < pods; index++) {
    const size = Math.min(perWorkload, pods - made);
    const name = `service-${index}`;
    create(kinds.deployments, "default", workload(name, size));
    create(kinds.replicasets, "default", {
      ...workload(`${name}-6d4cf56db6`, size),
      metadata: {
        name: `${name}-6d4cf56db6`,
        labels: { app: name, "pod-template-hash": "6d4cf56db6" },
        annotations: { "deployment.kubernetes.io/revision": "1" },
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "Deployment", name, uid: crypto.randomUUID(), controller: true },
        ],
      },
    });
    rest.create(kinds.services, "default", {
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    const endpoints = [];
    for (let replica = 0; replica < size; replica++, made++) {
      const one = pod(name, replica, made % nodes, made);
      create(kinds.pods, "default", one);
      const address = one.status.podIP;
      endpoints.push({
        addresses: [address],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: one.spec.nodeName,
        targetRef: { kind: "Pod", name: one.metadata.name, namespace: "default", uid: crypto.randomUUID() },
      });
      rest.create(kinds.eventsV1, "default", {
        metadata: { name: `${one.metadata.name}.${made.toString(16)}` },
        eventTime: new Date().toISOString().replace("Z", "000Z"),
        reportingController: "default-scheduler",
        reportingInstance: "scheduler-0",
        action: "Binding",
        reason: "Scheduled",
        type: "Normal",
        regarding: { kind: "Pod", namespace: "default", name: one.metadata.name },
        note: `Successfully assigned default/${one.metadata.name} to ${one.spec.nodeName}`,
      });
    }
    rest.create(kinds.endpointslices, "default", {
      metadata: { name: `${name}-abcde`, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      ports: [{ name: "", port: 8080, protocol: "TCP" }],
      endpoints,
    });
  }
}

function node(index: number) {
  const condition = (type: string, status: string) => ({
    type,
    status,
    reason: `Kubelet${type}`,
    message: `kubelet says ${type} is ${status}`,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  });
  return {
    metadata: { name: `node-${index}`, labels: { "kubernetes.io/hostname": `node-${index}` } },
    spec: { podCIDR: `10.${index}.0.0/24` },
    status: {
      capacity: { cpu: "32", memory: "256Gi", pods: "110" },
      allocatable: { cpu: "32", memory: "250Gi", pods: "110" },
      conditions: [
        condition("MemoryPressure", "False"),
        condition("DiskPressure", "False"),
        condition("PIDPressure", "False"),
        condition("Ready", "True"),
      ],
    },
  };
}

function workload(name: string, replicas: number) {
  const selector = { matchLabels: { app: name } };
  const counts = {
    replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    updatedReplicas: replicas,
  };
  return {
    metadata: { name } as Record<string, unknown>,
    spec: {
      replicas,
      selector,
      template: { metadata: { labels: { app: name } }, spec: podSpec(name, undefined) },
    },
    status: { ...counts, observedGeneration: 1 },
  };
}

const probe = (path: string) => ({
  httpGet: { path, port: 8080, scheme: "HTTP" },
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
});

function podSpec(name: string, nodeName: string | undefined, suffix = "abcde") {
  const mounts = [
    { name: "config", mountPath: "/etc/app", readOnly: true },
    {
      name: `kube-api-access-${suffix}`,
      mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
      readOnly: true,
    },
  ];
  return {
    nodeName,
    serviceAccountName: name,
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: "app",
        image: `registry.example.com/team/${name}:1.24.3`,
        imagePullPolicy: "IfNotPresent",
        ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
        env: Array.from({ length: 12 }, (_, index) => ({
          name: `SETTING_${index}`,
          value: `value of ${index}`,
        })),
        resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
        livenessProbe: probe("/livez"),
        readinessProbe: probe("/readyz"),
        volumeMounts: mounts,
        securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true },
      },
    ],
    volumes: [
      { name: "config", configMap: { name: `${name}-config`, defaultMode: 420 } },
      {
        name: `kube-api-access-${suffix}`,
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
            { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
          ],
        },
      },
    ],
    tolerations: ["not-ready", "unreachable"].map((key) => ({
      key: `node.kubernetes.io/${key}`,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 300,
    })),
  };
}

function pod(workload: string, replica: number, node: number, serial: number) {
  const suffix = serial.toString(36).padStart(5, "0");
  const condition = (type: string) => ({ type, status: "True", lastProbeTime: null, lastTransitionTime: at });
  const podIP = `10.${Math.floor(serial / 65_536)}.${Math.floor(serial / 256) % 256}.${serial % 256}`;
  return {
    metadata: {
      name: `${workload}-6d4cf56db6-${suffix}`,
      labels: { app: workload, "pod-template-hash": "6d4cf56db6", "app.kubernetes.io/part-of": "shop" },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `${workload}-6d4cf56db6`,
          uid: crypto.randomUUID(),
          controller: true,
        },
      ],
      // What makes up a third of a real pod's bytes.
      managedFields: [
        {
          manager: "kube-controller-manager",
          operation: "Update",
          apiVersion: "v1",
          time: at,
          fieldsType: "FieldsV1",
          fieldsV1: managed(24),
        },
        {
          manager: "kubelet",
          operation: "Update",
          apiVersion: "v1",
          time: at,
          fieldsType: "FieldsV1",
          fieldsV1: managed(20),
        },
      ],
    },
    spec: podSpec(workload, `node-${node}`, suffix),
    status: {
      phase: "Running",
      conditions: [
        "PodReadyToStartContainers",
        "Initialized",
        "Ready",
        "ContainersReady",
        "PodScheduled",
      ].map(condition),
      hostIP: `192.168.0.${node % 256}`,
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: at,
      qosClass: "Burstable",
      containerStatuses: [
        {
          name: "app",
          ready: true,
          started: true,
          restartCount: replica % 10 === 0 ? 1 : 0,
          image: `registry.example.com/team/${workload}:1.24.3`,
          imageID: `registry.example.com/team/${workload}@sha256:${"0".repeat(64)}`,
          containerID: `containerd://${crypto.randomUUID()}${crypto.randomUUID()}`,
          state: { running: { startedAt: at } },
        },
      ],
    },
  };
}

function managed(fields: number): Record<string, object> {
  const own = Object.fromEntries(Array.from({ length: fields }, (_, index) => [`f:field${index}`, {}]));
  return { "f:spec": own, "f:metadata": { "f:labels": { ".": {}, "f:app": {} } } };
}
