import { startDemo } from "../../simkube/demo.ts";
import { type Kind, kinds } from "../../simkube/kinds.ts";
import type { Fields, Stored } from "../../simkube/object.ts";
import type { AckResult } from "../../wire/control.ts";
import { startControl } from "../control/control.ts";
import { type CommandRules, defaultRules } from "../control/rules.ts";
import { createEvents } from "../events.ts";
import { tokenAccess } from "../kube/access.ts";
import { KubeClient } from "../kube/client.ts";
import { startWireMaster } from "./wire-master.ts";

/** Time in the demo cluster passes so many times faster. */
const haste = 60;

/** A demo cluster in a hurry, and an agent's control loop on it: what operations are tested with. */
export async function startOperating({
  rules = defaultRules,
  /** So long it is watched for what it should come to. */
  verifyMs = 15_000,
}: {
  rules?: CommandRules;
  verifyMs?: number;
} = {}) {
  const fromMs = Date.parse("2026-11-23T06:00:30Z");
  const startMs = Date.now();
  const demo = await startDemo({
    seed: 7,
    now: () => new Date(fromMs + (Date.now() - startMs) * haste),
    tickMs: 25,
  });
  const master = startWireMaster();
  const loop = startControl({
    link: { url: master.url, token: "atlc_test" },
    client: new KubeClient(tokenAccess(demo.url, demo.token)),
    clusterId: "c",
    run: Bun.randomUUIDv7(),
    startedAtMs: startMs,
    rules,
    legacy: false,
    events: createEvents(() => {}),
    times: { backoffMs: 10, backoffMaxMs: 50, verifyMs },
  });
  return {
    demo,
    control: master.control,
    get: (kind: Kind, namespace: string | undefined, name: string) => demo.rest.get(kind, namespace, name),
    podsOf: (namespace: string, app: string) =>
      demo.rest.store
        .list(kinds.pods, namespace)
        .filter(({ metadata }) => metadata.labels?.app === app && !metadata.deletionTimestamp),
    /** Runs a command to its end. */
    run: (type: string, target: Record<string, string>, args?: Record<string, unknown>): Promise<AckResult> =>
      master.control.run({ type, target, args, createdAt_ms: Date.now() }, 18_000),
    /** What a command recorded before it changed anything. */
    recorded: (id: string) => master.control.told.find((one) => one.commandID === id && one.before)?.before,
    /** Takes a command back, as the master would. */
    undo: ({ undo }: AckResult) => master.control.run({ ...undo!, createdAt_ms: Date.now() }, 18_000),
    /** Writes to an object past everybody. */
    edit(kind: Kind, namespace: string | undefined, name: string, spec: Fields): Stored {
      const object = demo.rest.get(kind, namespace, name);
      return demo.rest.update(kind, namespace, name, { ...object, spec: { ...object.spec, ...spec } });
    },
    async [Symbol.asyncDispose]() {
      await loop.stop();
      await master.stop();
      await demo.stop();
    },
  };
}

export const workload = (kind: string, ns: string, name: string) => ({ kind, ns, name });

export const imageOf = (object: Stored, container = 0): string =>
  (object.spec as { template: { spec: { containers: { image: string }[] } } }).template.spec.containers[
    container
  ]!.image;
