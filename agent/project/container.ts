import type { Container } from "../../wire/common.ts";
import { filled, some, told } from "./common.ts";
import type { ContainerSpec, ContainerStatus, EnvVar, ProbeSpec } from "./kube.ts";
import { mountName } from "./volume.ts";

/** Init containers that are restarted always run beside the others (KEP-753). */
export const isSidecar = (spec: { restartPolicy?: string }): boolean => spec.restartPolicy === "Always";

/** The containers of a pod or template: init and sidecar containers first, in the order they start in. */
export function containersOf(
  spec: { containers?: ContainerSpec[]; initContainers?: ContainerSpec[] } | undefined,
  statuses: ContainerStatus[] = [],
): Container[] {
  const statusOf = (name: string) => statuses.find((status) => status.name === name);
  return [
    ...(spec?.initContainers ?? []).map((one) =>
      containerOf(one, statusOf(one.name), isSidecar(one) ? "sidecar" : "init"),
    ),
    ...(spec?.containers ?? []).map((one) => containerOf(one, statusOf(one.name))),
  ];
}

function containerOf(spec: ContainerSpec, status?: ContainerStatus, role?: string): Container {
  return {
    name: spec.name,
    image: told(spec.image),
    imagePullPolicy: spec.imagePullPolicy,
    role,
    ports: some(
      spec.ports?.map(({ name, containerPort, protocol, hostPort }) => ({
        name,
        containerPort,
        protocol,
        hostPort,
      })),
    ),
    env: environmentOf(spec),
    volumeMounts: some(
      spec.volumeMounts?.map(({ name, mountPath, readOnly, subPath }) => ({
        name: mountName(name),
        mountPath,
        readOnly: readOnly || undefined,
        subPath: told(subPath),
      })),
    ),
    resources: resourcesOf(spec),
    probes: filled(
      defined({
        liveness: probeText(spec.livenessProbe),
        readiness: probeText(spec.readinessProbe),
        startup: probeText(spec.startupProbe),
      }),
    ),
    securityContext: filled(spec.securityContext),
    status: status && statusOf(status),
  };
}

function resourcesOf(spec: ContainerSpec): Container["resources"] {
  const requests = filled(spec.resources?.requests);
  const limits = filled(spec.resources?.limits);
  return requests || limits ? { requests, limits } : undefined;
}

const defined = <T extends object>(map: T): Partial<T> =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Names of variables and where each value comes from. Values never leave the cluster: they may be secrets. */
function environmentOf(spec: ContainerSpec): Container["env"] {
  const env = (spec.env ?? []).map((one) => ({ name: one.name, source: sourceOf(one) }));
  for (const { prefix, configMapRef, secretRef } of spec.envFrom ?? []) {
    const source = secretRef ? `secret ${secretRef.name}` : `configmap ${configMapRef?.name}`;
    env.push({ name: `${prefix ?? ""}*`, source });
  }
  return some(env);
}

function sourceOf({ valueFrom, value }: EnvVar): string | undefined {
  if (valueFrom?.secretKeyRef) return `secret ${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`;
  if (valueFrom?.configMapKeyRef)
    return `configmap ${valueFrom.configMapKeyRef.name}/${valueFrom.configMapKeyRef.key}`;
  if (valueFrom?.fieldRef) return `field ${valueFrom.fieldRef.fieldPath}`;
  if (valueFrom?.resourceFieldRef) return `resource ${valueFrom.resourceFieldRef.resource}`;
  if (valueFrom !== undefined) return "reference";
  return value ? "value" : undefined;
}

/** A probe in one line: `http :8080/healthz every 10s`. Headers of HTTP probes may hold credentials: left out. */
export function probeText(probe: ProbeSpec | undefined): string | undefined {
  if (probe === undefined) return undefined;
  const { httpGet, tcpSocket, grpc, exec } = probe;
  let what = "probe";
  if (httpGet)
    what = `${(httpGet.scheme ?? "HTTP").toLowerCase()} ${httpGet.host ?? ""}:${httpGet.port}${httpGet.path ?? "/"}`;
  else if (tcpSocket) what = `tcp ${tcpSocket.host ?? ""}:${tcpSocket.port}`;
  else if (grpc) what = `grpc :${grpc.port}${grpc.service ? ` ${grpc.service}` : ""}`;
  else if (exec) what = `exec ${(exec.command ?? []).join(" ").slice(0, 120)}`;
  const timing = [`every ${probe.periodSeconds ?? 10}s`];
  if (probe.initialDelaySeconds) timing.push(`after ${probe.initialDelaySeconds}s`);
  if ((probe.timeoutSeconds ?? 1) !== 1) timing.push(`timeout ${probe.timeoutSeconds}s`);
  if ((probe.failureThreshold ?? 3) !== 3) timing.push(`${probe.failureThreshold} failures`);
  return `${what} ${timing.join(", ")}`;
}

function statusOf(status: ContainerStatus): Container["status"] {
  const { state, lastState } = status;
  const waiting = state?.waiting;
  const terminated = state?.terminated;
  const last = lastState?.terminated;
  return {
    state: terminated ? "terminated" : state?.running ? "running" : "waiting",
    reason: told(waiting?.reason ?? terminated?.reason),
    message: told(waiting?.message ?? terminated?.message),
    ready: status.ready,
    started: status.started,
    restartCount: status.restartCount,
    exitCode: terminated?.exitCode,
    startedAt: state?.running?.startedAt ?? terminated?.startedAt,
    finishedAt: terminated?.finishedAt,
    lastTerminatedReason: told(last?.reason),
    lastTerminatedExitCode: last?.exitCode,
    lastTerminatedAt: last?.finishedAt,
    containerID: told(status.containerID),
  };
}
