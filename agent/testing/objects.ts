import type { ContainerStatus, PodObject } from "../project/kube.ts";

/** Kubernetes objects as an API server gives them, for tests: realistic, and small enough to read. */

type Status = Partial<ContainerStatus> & { name: string };
export const at = "2026-01-01T10:00:00Z";

export const running = (name: string, more: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name,
  ready: true,
  started: true,
  restartCount: 0,
  image: "registry.example.com/web:1.2",
  imageID: "sha256:0",
  containerID: "containerd://abc",
  state: { running: { startedAt: at } },
  ...more,
});

export const waiting = (
  name: string,
  reason: string,
  message?: string,
  more: Partial<ContainerStatus> = {},
) => running(name, { ready: false, started: false, state: { waiting: { reason, message } }, ...more });

export const terminated = (
  name: string,
  reason: string,
  exitCode: number,
  more: Partial<ContainerStatus> = {},
) =>
  running(name, {
    ready: false,
    started: false,
    state: { terminated: { reason, exitCode, startedAt: at, finishedAt: at } },
    ...more,
  });

export const ended = (reason: string, exitCode: number) => ({
  terminated: { reason, exitCode, startedAt: at, finishedAt: at },
});

export interface PodShape {
  phase?: string;
  containers?: Status[];
  init?: Status[];
  /** Names of init containers that are sidecars. */
  sidecars?: string[];
  owner?: { kind: string; name: string } | null;
  metadata?: object;
  spec?: object;
  status?: object;
}

export function pod({ containers = [running("web")], init = [], ...shape }: PodShape = {}): PodObject {
  const owner = shape.owner === undefined ? { kind: "ReplicaSet", name: "web-6d4cf56db6" } : shape.owner;
  const spec = (one: Status) => ({
    name: one.name,
    image: "registry.example.com/web:1.2",
    resources: { limits: { memory: "64Mi" } },
  });
  return {
    metadata: {
      name: "web-1",
      namespace: "shop",
      uid: "00000000-0000-4000-8000-000000000001",
      creationTimestamp: at,
      ownerReferences: owner ? [{ apiVersion: "apps/v1", uid: "o1", controller: true, ...owner }] : undefined,
      ...shape.metadata,
    },
    spec: {
      nodeName: "n1",
      containers: containers.map(spec),
      initContainers: init.map((one) => ({
        ...spec(one),
        ...(shape.sidecars?.includes(one.name) ? { restartPolicy: "Always" } : {}),
      })),
      ...shape.spec,
    },
    status: {
      phase: shape.phase ?? "Running",
      startTime: at,
      containerStatuses: containers,
      initContainerStatuses: init,
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: at }],
      ...shape.status,
    },
  } as unknown as PodObject;
}
