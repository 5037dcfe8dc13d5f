/** Objects for the real node: its one image is localhost/busybox:1. */

const image = { image: "localhost/busybox:1", imagePullPolicy: "Never" };
const here = { "kubernetes.io/hostname": "kubelab-1" };

interface Options {
  command?: string[];
  container?: object;
  labels?: Record<string, string>;
  spec?: object;
}

export function pod(
  namespace: string,
  name: string,
  { command, container, labels, spec }: Options = {},
): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: {
      nodeSelector: here,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "main", ...image, ...(command ? { command } : {}), ...container }],
      ...spec,
    },
  };
}

export function deployment(
  namespace: string,
  name: string,
  replicas: number,
  { command, container, spec }: Options = {},
): object {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: here,
          terminationGracePeriodSeconds: 0,
          containers: [{ name: "main", ...image, ...(command ? { command } : {}), ...container }],
        },
      },
      ...spec,
    },
  };
}

export const namespace = (name: string): object => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

/** Takes memory until it is killed for it. */
export const greedy = ["sh", "-c", 'sleep 1; x=aaaaaaaaaaaaaaaa; while true; do x="$x$x"; done'];
