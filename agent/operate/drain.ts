import type { ProgressItem, UndoCommand } from "../../wire/control.ts";
import { pause } from "../kube/backoff.ts";
import { resourcePath, resources } from "../kube/resource.ts";
import type { PodObject } from "../project/kube.ts";
import { wholeNumber } from "./args.ts";
import { nameOf, type Place } from "./change.ts";
import { type DrainOptions, judgePods, type Judged } from "./drain-plan.ts";
import { tryEvict } from "./evict.ts";
import { CancelledError, type OperationContext, OperationError, type Outcome } from "./operation.ts";

/** How often a budget that blocks is asked again, as `kubectl drain` does; and how often it is looked who is left. */
const againMs = 5000;
const lookMs = 1000;
const atOnce = 20;
const defaultTimeoutSeconds = 3600;

/** The pods that are on a node. */
export async function podsOf({ client, signal }: OperationContext, node: string): Promise<PodObject[]> {
  const { items } = await client.json<{ items: PodObject[] }>("GET", resourcePath(resources.pods), {
    signal,
    query: { fieldSelector: `spec.nodeName=${node}` },
  });
  return items;
}

interface Leaving {
  place: Place;
  uid: string;
  /** Asked to go; what is left is its grace. */
  evicted: boolean;
  blockedBy: string;
  nextTryMs: number;
}

/** The evictions of one drain, until nobody is left, the time is over, or somebody cancels it. */
export class Drain {
  readonly #ctx: OperationContext;
  readonly #node: Place;
  readonly #options: DrainOptions;
  readonly #undo: UndoCommand | undefined;
  readonly #grace: number | undefined;
  readonly #untilMs: number;
  readonly #leaving = new Map<string, Leaving>();
  readonly #gone = new Map<string, string>();

  constructor(ctx: OperationContext, node: Place, options: DrainOptions, undo: UndoCommand | undefined) {
    this.#ctx = ctx;
    this.#node = node;
    this.#options = options;
    this.#undo = undo;
    this.#grace = wholeNumber(ctx.command, "gracePeriodSeconds");
    this.#untilMs =
      Date.now() + (wholeNumber(ctx.command, "timeoutSeconds", 1) ?? defaultTimeoutSeconds) * 1000;
  }

  async run(first: readonly Judged[]): Promise<Outcome> {
    this.#look(first);
    for (;;) {
      this.#tell();
      if (this.#leaving.size === 0) return this.#done();
      await this.#evictSome();
      await pause(lookMs, AbortSignal.any([this.#ctx.signal, this.#ctx.hurry]));
      this.#stopWhereAsked();
      this.#look(judgePods(await podsOf(this.#ctx, this.#node.name), this.#options));
      if (Date.now() > this.#untilMs && this.#leaving.size > 0)
        throw this.#ended("Blocked", "the time is over");
    }
  }

  /** Who is still there, by UID: a pod of the same name is another one. */
  #look(judged: readonly Judged[]): void {
    const there = new Set<string>();
    for (const { pod, verdict } of judged) {
      if (verdict !== "evict") continue;
      const { uid = "", namespace, name } = pod.metadata;
      there.add(uid);
      if (this.#leaving.has(uid)) continue;
      const place = { resource: resources.pods, namespace, name };
      const evicted = pod.metadata.deletionTimestamp !== undefined;
      this.#leaving.set(uid, { place, uid, evicted, blockedBy: "", nextTryMs: 0 });
    }
    for (const [uid, { place }] of this.#leaving)
      if (!there.has(uid)) {
        this.#leaving.delete(uid);
        this.#gone.set(uid, `${place.namespace}/${place.name}`);
      }
  }

  async #evictSome(): Promise<void> {
    const now = Date.now();
    const due = [...this.#leaving.values()].filter((one) => !one.evicted && one.nextTryMs <= now);
    await Promise.all(due.slice(0, atOnce).map((one) => this.#evict(one)));
  }

  async #evict(one: Leaving): Promise<void> {
    const result = await tryEvict(this.#ctx, one.place, one.uid, this.#grace);
    one.evicted = result.state !== "blocked";
    one.blockedBy = result.state === "blocked" ? result.blockedBy : "";
    one.nextTryMs = Date.now() + againMs;
  }

  #tell(): void {
    const items: ProgressItem[] = [
      ...[...this.#leaving.values()].map(({ place, evicted, blockedBy }): ProgressItem => {
        const name = `${place.namespace}/${place.name}`;
        if (evicted) return { name, state: "working", message: "is ending" };
        return { name, state: "waiting", ...(blockedBy ? { message: `waits: ${blockedBy}` } : {}) };
      }),
      ...[...this.#gone.values()].map((name): ProgressItem => ({ name, state: "done" })),
    ].slice(0, 1000);
    const blocked = [...this.#leaving.values()].filter((one) => one.blockedBy !== "");
    const total = this.#leaving.size + this.#gone.size;
    const message =
      blocked.length > 0
        ? `${this.#gone.size} of ${total} pods are gone; ${blocked.length} wait for a budget: ${blocked[0]!.blockedBy}`
        : `${this.#gone.size} of ${total} pods are gone`;
    this.#ctx.progress({ message, done: this.#gone.size, total, items });
  }

  #stopWhereAsked(): void {
    const { signal, hurry } = this.#ctx;
    if (signal.aborted && signal.reason instanceof CancelledError)
      throw this.#ended("Cancelled", "cancelled");
    if (signal.aborted) throw signal.reason;
    if (hurry.aborted) throw this.#ended("Cancelled", "another command for the node waits");
  }

  #done(): Outcome {
    const count = this.#gone.size;
    return {
      message: `${nameOf(this.#node)} was drained: ${count === 1 ? "1 pod was" : `${count} pods were`} evicted, and it takes no new ones.`,
      verified: "yes",
      undo: this.#undo,
    };
  }

  /** In what state it leaves the node, and how the cordon is taken back. */
  #ended(code: string, why: string): OperationError {
    const left = [...this.#leaving.values()].map(
      ({ place, blockedBy }) => `${place.namespace}/${place.name}${blockedBy ? ` (${blockedBy})` : ""}`,
    );
    const names = `${left.slice(0, 5).join(", ")}${left.length > 5 ? ` and ${left.length - 5} more` : ""}`;
    return new OperationError(
      code,
      `The drain of ${nameOf(this.#node)} ended: ${why}. The node stays cordoned; ${this.#gone.size} pods are gone, ${left.length} are still there: ${names}.`,
      this.#undo,
    );
  }
}
