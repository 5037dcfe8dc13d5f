import { kinds } from "../kinds.ts";
import { as, type Workload } from "./types.ts";
import type { Fault, World } from "./world.ts";

/** One fault of the demo: when in a round it begins, how long it lasts, and what is done at both moments. */
interface Chapter {
  name: string;
  atSeconds: number;
  forSeconds: number;
  begin(world: World): void;
  end(world: World): void;
}

/** A round of the story lasts this long; then it begins again. */
const roundSeconds = 24 * 60;

const minutes = (count: number) => count * 60;

/** A fault of an app's pods that is there for a while. */
const fault = (name: string, at: number, lasts: number, what: Fault): Chapter => ({
  name,
  atSeconds: minutes(at),
  forSeconds: minutes(lasts),
  begin: (world) => void world.faults.set(name, what),
  end: (world) => void world.faults.delete(name),
});

/** A rollout to an image that is no good, which somebody takes back after a while. */
const badRollout = (
  name: string,
  at: number,
  lasts: number,
  where: { namespace: string; app: string; from: string; to: string },
  while_?: Fault["effect"],
): Chapter => ({
  name,
  atSeconds: minutes(at),
  forSeconds: minutes(lasts),
  begin(world) {
    if (while_)
      world.faults.set(name, { namespace: where.namespace, app: where.app, image: where.to, effect: while_ });
    else world.missingImages.add(where.to);
    setImage(world, where.namespace, where.app, where.to);
  },
  end(world) {
    world.faults.delete(name);
    if (imageOf(world, where.namespace, where.app) === where.to)
      setImage(world, where.namespace, where.app, where.from);
  },
});

const MiB = 2 ** 20;

const chapters: Chapter[] = [
  fault("crash loop", 0, 9, {
    namespace: "shop",
    app: "payments-worker",
    effect: { kind: "crash", afterSeconds: 6, exitCode: 2, reason: "Error" },
  }),
  badRollout("image that does not exist", 1, 7, {
    namespace: "media",
    app: "transcoder",
    from: "registry.example.org/media/transcoder:4.0.1",
    to: "registry.example.org/media/transcoder:4.1.0-rc7",
  }),
  {
    name: "claim without a class",
    atSeconds: minutes(2),
    forSeconds: minutes(6),
    begin: beginImport,
    end: endImport,
  },
  fault("out of memory", 4, 9, {
    namespace: "monitoring",
    app: "loki",
    effect: { kind: "crash", afterSeconds: 75, exitCode: 137, reason: "OOMKilled" },
  }),
  badRollout(
    "rollout that gets stuck",
    6,
    6,
    {
      namespace: "shop",
      app: "checkout",
      from: "registry.example.org/shop/checkout:3.2.0",
      to: "registry.example.org/shop/checkout:3.3.0",
    },
    { kind: "unready", message: "HTTP probe failed with statuscode: 503" },
  ),
  fault("hot pod", 3, 8, { namespace: "media", app: "jellyfin", effect: { kind: "busy", cpuCores: 3.9 } }),
  fault("memory that grows", 8, 10, {
    namespace: "shop",
    app: "search",
    effect: { kind: "leak", bytesPerSecond: 0.8 * MiB },
  }),
  {
    name: "node away",
    atSeconds: minutes(12),
    forSeconds: minutes(4),
    begin: (world) => void world.silentNodes.add("pi-3"),
    end: (world) => void world.silentNodes.delete("pi-3"),
  },
  fault("service without endpoints", 14, 5, {
    namespace: "home",
    app: "weather",
    effect: { kind: "unready", message: "dial tcp: connect: connection refused" },
  }),
  fault("failed job", 9, 12, {
    namespace: "backup",
    app: "postgres-dump",
    effect: { kind: "crash", afterSeconds: 8, exitCode: 1, reason: "Error" },
  }),
];

/** Begins and ends the chapters as their time comes. Begun with a demo, the first is there from its first second. */
export class Story {
  readonly #world: World;
  readonly #startMs: number;
  readonly #active = new Set<Chapter>();

  constructor(world: World) {
    this.#world = world;
    this.#startMs = world.nowMs;
  }

  get active(): string[] {
    return [...this.#active].map((chapter) => chapter.name);
  }

  run(): void {
    const second = ((this.#world.nowMs - this.#startMs) / 1000) % roundSeconds;
    for (const chapter of chapters) {
      const on = second >= chapter.atSeconds && second < chapter.atSeconds + chapter.forSeconds;
      if (on === this.#active.has(chapter)) continue;
      if (on) {
        this.#active.add(chapter);
        chapter.begin(this.#world);
      } else {
        this.#active.delete(chapter);
        chapter.end(this.#world);
      }
    }
  }
}

function imageOf(world: World, namespace: string, name: string): string | undefined {
  const deployment = world.rest.store.get(kinds.deployments, namespace, name);
  return deployment && as<Workload>(deployment).spec.template.spec.containers[0]?.image;
}

/** As `kubectl set image` does it; nothing where somebody has removed the Deployment. */
function setImage(world: World, namespace: string, name: string, image: string): void {
  const object = world.rest.store.get(kinds.deployments, namespace, name);
  if (object === undefined) return;
  const changed = structuredClone(as<Workload>(object));
  changed.spec.template.spec.containers[0]!.image = image;
  world.rest.update(kinds.deployments, namespace, name, changed);
}

const importName = "photos-import";

function beginImport(world: World): void {
  if (world.rest.store.get(kinds.persistentvolumeclaims, "media", importName)) return;
  const labels = { app: importName };
  world.rest.create(kinds.persistentvolumeclaims, "media", {
    metadata: { name: importName, labels },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "fast-nvme",
      resources: { requests: { storage: "100Gi" } },
    },
  });
  if (world.rest.store.get(kinds.deployments, "media", importName)) return;
  world.rest.create(kinds.deployments, "media", {
    metadata: { name: importName, labels },
    spec: {
      replicas: 1,
      progressDeadlineSeconds: 120,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "import",
              image: "ghcr.io/immich-app/immich-server:v2.1.0",
              volumeMounts: [{ name: "inbox", mountPath: "/inbox" }],
            },
          ],
          volumes: [{ name: "inbox", persistentVolumeClaim: { claimName: importName } }],
        },
      },
    },
  });
}

function endImport(world: World): void {
  for (const kind of [kinds.deployments, kinds.persistentvolumeclaims])
    if (world.rest.store.get(kind, "media", importName)) world.rest.delete(kind, "media", importName);
}
