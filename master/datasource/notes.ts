import type { Container } from "../../wire/common.ts";
import type { Deployment, Template } from "../../wire/deployment.ts";
import { type AnyItem, type KindKey, kinds } from "../../wire/kinds.ts";
import type { Pod } from "../../wire/pod.ts";
import { parseTime } from "../../wire/values.ts";
import type { Noted } from "../history/marks.ts";
import { shortImage } from "./changes.ts";
import type { Entry } from "./entry.ts";
import { columnNames } from "./facts.ts";

type Note = Pick<Noted, "what" | "atMs" | "ref" | "detail" | "nearMs">;

const minute = 60_000;
const day = 24 * 60 * minute;
/** A rollout that was seen is not told again by the ReplicaSet that it made. */
const rolloutMs = minute / 2;
/** Restarts of before this master looked are told so far back: later ones have taken their place in the pod. */
const restartsBackMs = 7 * day;
const restarts = columnNames("pod").indexOf("restarts");

/** What has happened to an object, as charts mark it, told from what stood before; `was` parses that. */
export function notesOf(
  kind: KindKey,
  entry: Entry,
  item: AnyItem,
  before: Entry | undefined,
  was: () => AnyItem,
  now: number,
): Note[] {
  switch (kind) {
    case "pod":
      return restartsOf(entry, item as Pod, before, was, now);
    case "deployment":
    case "statefulset":
    case "daemonset":
    case "replicaset":
      if (before) return changesOf(item as Scaled, was() as Scaled, now);
      return kind === "deployment"
        ? rolloutOf(item as Deployment, now)
        : firstOf(item as Scaled, entry.createdMs, now);
    default:
      return [];
  }
}

interface Scaled extends Pick<Deployment, "replicaSets"> {
  template?: Template | null;
  spec?: unknown;
  summary: { controlledBy?: unknown };
}

const replicasOf = ({ spec }: Scaled): number | undefined => {
  const { replicas } = (spec ?? {}) as { replicas?: unknown };
  return typeof replicas === "number" ? replicas : undefined;
};

function changesOf(now: Scaled, was: Scaled, atMs: number): Note[] {
  const notes: Note[] = [];
  const [from, to] = [replicasOf(was), replicasOf(now)];
  if (from !== undefined && to !== undefined && from !== to)
    notes.push({ what: "scale", atMs, ref: "", detail: { from, to } });
  const detail = rollout(was.template, now.template);
  if (detail) notes.push({ what: "deploy", atMs, ref: "", detail });
  // One that is new gets its first a moment after it came.
  if (newestOf(now)?.name !== newestOf(was)?.name) notes.push(...rolloutOf(now, atMs));
  return notes;
}

/** What is different about a workload's template; undefined if nothing is. */
function rollout(
  was: Template | null | undefined,
  now: Template | null | undefined,
): Note["detail"] | undefined {
  if (!was || !now || JSON.stringify(was) === JSON.stringify(now)) return undefined;
  const old = (name: string) => was.containers?.find((one) => one.name === name);
  const images = (now.containers ?? []).filter(({ name, image }) => (old(name)?.image ?? image) !== image);
  if (images.length > 0) return { image: imagesText(images.map((one) => one.image)) };
  const restarted = "kubectl.kubernetes.io/restartedAt";
  if (now.annotations?.[restarted] !== was.annotations?.[restarted]) return { change: "restart" };
  const resources = (now.containers ?? []).some(
    (one) => JSON.stringify(one.resources) !== JSON.stringify(old(one.name)?.resources),
  );
  return { change: resources ? "resources" : "template" };
}

const imagesText = (images: readonly (string | undefined)[]) =>
  images.slice(0, 3).map(shortImage).join(", ").slice(0, 300);

/** Of what has no revisions of its own in the lists all that is known of before is when it was made. */
function firstOf({ template, summary }: Scaled, atMs: number, now: number): Note[] {
  if (!template || summary.controlledBy || !(atMs > 0 && atMs <= now)) return [];
  const image = imagesText((template.containers ?? []).map((one) => one.image));
  return [
    { what: "deploy", atMs, ref: "", detail: image ? { image } : { change: "template" }, nearMs: rolloutMs },
  ];
}

const newestOf = ({ replicaSets }: Pick<Deployment, "replicaSets">) =>
  [...(replicaSets ?? [])].sort((a, b) => Number(b.revision ?? 0) - Number(a.revision ?? 0))[0];

/** The newest revision of a Deployment, which may have come while nobody looked. */
function rolloutOf(deployment: Pick<Deployment, "replicaSets">, now: number): Note[] {
  const newest = newestOf(deployment);
  const atMs = parseTime(newest?.createdAt);
  if (!newest || atMs === 0 || atMs > now) return [];
  const image = imagesText((newest.images ?? []).map((one) => one.slice(one.indexOf("=") + 1)));
  const revision = Number(newest.revision);
  const detail = { ...(image ? { image } : { change: "template" }), ...(revision > 0 ? { revision } : {}) };
  return [{ what: "deploy", atMs, ref: newest.name.slice(0, 253), detail, nearMs: rolloutMs }];
}

function restartsOf(
  entry: Entry,
  pod: Pod,
  before: Entry | undefined,
  was: () => AnyItem,
  now: number,
): Note[] {
  const count = entry.columns[restarts] as number;
  if (!(count > ((before?.columns[restarts] as number | undefined) ?? 0))) return [];
  const known = new Map(before ? (was() as Pod).containers?.map((one) => [one.name, restartsIn(one)]) : []);
  return (pod.containers ?? []).flatMap((container): Note[] => {
    const { name, status } = container;
    const times = restartsIn(container) - (known.get(name) ?? 0);
    const endedMs = parseTime(status?.lastTerminatedAt);
    const atMs = Math.min(endedMs || now, now);
    // Of a pod that was not known all that is told of is its last.
    if (times <= 0 || (!before && !(endedMs > now - restartsBackMs))) return [];
    const reason = status?.lastTerminatedReason?.slice(0, 100);
    const exit = status?.lastTerminatedExitCode;
    return [
      {
        what: "restart",
        atMs,
        ref: name.slice(0, 253),
        detail: {
          container: name.slice(0, 253),
          ...(reason ? { reason } : {}),
          ...(exit === undefined ? {} : { exit }),
          ...(before && times > 1 ? { times } : {}),
        },
      },
    ];
  });
}

const restartsIn = ({ status }: Container): number => status?.restartCount ?? 0;

/** A note as what is marked. */
export const notedOf = (kind: KindKey, { cluster, namespace, name }: Entry, note: Note): Noted => ({
  cluster,
  kind: kinds[kind].kind,
  namespace,
  name,
  ...note,
});
