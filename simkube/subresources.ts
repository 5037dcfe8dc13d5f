import { badRequest, invalid } from "./api-error.ts";
import { wholeNumber } from "./list.ts";
import { type Kind, kinds } from "./kinds.ts";
import { type Fields, isFields, type Stored } from "./object.ts";
import { applyPatch } from "./patch.ts";
import type { Rest } from "./rest.ts";

/** What a container wrote, oldest line first; each line with the moment it was written. */
export type LogSource = (pod: Stored, container: string, previous: boolean) => { at: Date; text: string }[];

/** autoscaling/v1 Scale of a workload: its replicas, wanted and there. */
export function scaleOf(object: Stored): Stored {
  const selector = isFields(object.spec?.selector) ? object.spec.selector : {};
  const labels = isFields(selector.matchLabels) ? selector.matchLabels : {};
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: Number(object.spec?.replicas ?? 0) },
    status: {
      replicas: Number(object.status?.replicas ?? 0),
      selector: Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    },
  };
}

/** PUT or PATCH of a Scale, which changes the workload's replicas and nothing else. */
export function writeScale(
  rest: Rest,
  kind: Kind,
  namespace: string | undefined,
  name: string,
  body: unknown,
  patchType: string | undefined,
): Stored {
  const object = rest.get(kind, namespace, name);
  const scale = scaleOf(object);
  const wanted = patchType ? applyPatch(scale as unknown as Fields, body, patchType) : body;
  if (!isFields(wanted)) throw badRequest("the object provided is no Scale");
  const replicas = isFields(wanted.spec) ? wanted.spec.replicas : undefined;
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0)
    throw invalid(kind, name, [
      {
        reason: "FieldValueInvalid",
        field: "spec.replicas",
        message: `Invalid value: ${String(replicas)}: must be greater than or equal to 0`,
      },
    ]);
  const meta = isFields(wanted.metadata) ? wanted.metadata : {};
  const changed = {
    ...object,
    metadata: {
      ...object.metadata,
      resourceVersion: String(meta.resourceVersion ?? object.metadata.resourceVersion),
    },
    spec: { ...object.spec, replicas },
  };
  return scaleOf(rest.update(kind, namespace, name, changed));
}

/**
 * The text of a container's log, with kubectl's options; undefined for a pod that has no node yet. 400 where there
 * is no container to read from.
 */
export function logAnswer(
  rest: Rest,
  source: LogSource,
  namespace: string,
  name: string,
  query: URLSearchParams,
): string | undefined {
  const pod = rest.get(kinds.pods, namespace, name);
  const names = ["initContainers", "containers"].flatMap((list) =>
    ((pod.spec?.[list] ?? []) as { name: string }[]).map((container) => container.name),
  );
  const mains = ((pod.spec?.containers ?? []) as { name: string }[]).map((container) => container.name);
  const container = query.get("container") || (mains.length === 1 ? mains[0]! : "");
  if (container === "")
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${mains.join(" ")}]`,
    );
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  if (!pod.spec?.nodeName) return undefined;
  const previous = query.get("previous") === "true";
  const statuses = (pod.status?.containerStatuses ?? []) as Fields[];
  const status = statuses.find((one) => one.name === container);
  const state = isFields(status?.state) ? status.state : {};
  const last = isFields(status?.lastState) ? status.lastState : {};
  if (previous && last.terminated === undefined)
    throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  const waiting = isFields(state.waiting) ? state.waiting : undefined;
  if (!previous && waiting !== undefined && last.terminated === undefined)
    throw badRequest(
      `container "${container}" in pod "${name}" is waiting to start: ${String(waiting.reason ?? "ContainerCreating")}`,
    );

  let lines = source(pod, container, previous);
  const sinceSeconds = wholeNumber(query, "sinceSeconds");
  if (sinceSeconds > 0) {
    const from = rest.now().getTime() - sinceSeconds * 1000;
    lines = lines.filter((line) => line.at.getTime() >= from);
  }
  if (query.has("tailLines")) {
    const tail = wholeNumber(query, "tailLines");
    lines = tail === 0 ? [] : lines.slice(-tail);
  }
  const stamped = query.get("timestamps") === "true";
  const text = lines.map((line) => `${stamped ? `${line.at.toISOString()} ` : ""}${line.text}\n`).join("");
  const limit = wholeNumber(query, "limitBytes");
  return limit > 0 ? text.slice(0, limit) : text;
}

const followMs = 1000;

/** The same log as it goes on, until its pod is gone or nobody listens. `text` is what there is of it already. */
export function followed(
  rest: Rest,
  source: LogSource,
  namespace: string,
  name: string,
  query: URLSearchParams,
  text: string,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const stamped = query.get("timestamps") === "true";
  const containerOf = (pod: Stored) =>
    query.get("container") || (pod.spec!.containers as { name: string }[])[0]!.name;
  const first = rest.get(kinds.pods, namespace, name);
  const uid = first.metadata.uid;
  let last = source(first, containerOf(first), false).at(-1)?.at.getTime() ?? 0;
  let timer: ReturnType<typeof setInterval>;
  return new ReadableStream({
    start(controller) {
      if (text !== "") controller.enqueue(encoder.encode(text));
      const end = () => {
        clearInterval(timer);
        try {
          controller.close();
        } catch {}
      };
      timer = setInterval(() => {
        const pod = rest.store.get(kinds.pods, namespace, name);
        if (pod?.metadata.uid !== uid || signal.aborted) return end();
        const fresh = source(pod, containerOf(pod), false).filter((line) => line.at.getTime() > last);
        if (fresh.length === 0) return;
        last = fresh.at(-1)!.at.getTime();
        const lines = fresh.map((line) => `${stamped ? `${line.at.toISOString()} ` : ""}${line.text}\n`);
        controller.enqueue(encoder.encode(lines.join("")));
      }, followMs);
      signal.addEventListener("abort", end, { once: true });
    },
    cancel() {
      clearInterval(timer);
    },
  });
}
