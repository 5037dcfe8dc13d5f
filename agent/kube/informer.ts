import type { KubeClient } from "./client.ts";
import type { KubeObject } from "./object.ts";
import { Reflector } from "./reflector.ts";
import type { Resource } from "./resource.ts";
import type { SyncGate } from "./sync-gate.ts";

export type Change<T> =
  | { type: "upsert"; key: string; item: T; previous: T | undefined }
  | { type: "delete"; key: string; previous: T };

/**
 * - `syncing`: the first list is under way (or waits for its turn)
 * - `live`: the items are those of the cluster, to about a second
 * - `denied`: the credentials may not list or watch this kind; asked again every few minutes
 * - `absent`: the cluster does not know this kind; asked again every few minutes
 * - `failed`: the API server is away or broken; the items are what was known last, retried with backoff
 */
export type InformerStatus = "syncing" | "live" | "denied" | "absent" | "failed";

export interface InformerState {
  status: InformerStatus;
  message?: string;
  /** Since when it is in this state, epoch milliseconds. */
  sinceMs: number;
}

export interface InformerOptions<T> {
  client: KubeClient;
  resource: Resource;
  namespace?: string;
  fieldSelector?: string;
  labelSelector?: string;
  /**
   * Called once per object as it arrives; only what it returns is kept. Undefined: not of interest (and gone, if
   * it was there before). A throw counts as undefined for that object and goes to `onFault`.
   */
  project(object: KubeObject): T | undefined;
  /** Whether two projections are the same, so that nothing is reported; by default `Object.is`. */
  same?(a: T, b: T): boolean;
  /** Each change, in order, also those found by listing again. Not called when the projection stays the same. */
  onChange(change: Change<T>): void;
  /** Each change of status or message. */
  onState(state: InformerState): void;
  /** A line that is no JSON, an object that could not be projected: what was wrong, for the log. */
  onFault?(message: string): void;
  /** Bounds how many informers do their first list at once. */
  gate?: SyncGate;
  times?: Partial<InformerTimes>;
  /** How to list: streaming where the server can (KEP-3157), or always in pages. */
  list?: "stream" | "pages";
}

/** All in milliseconds but the last. */
export interface InformerTimes {
  /** A watch this long without a byte is taken for dead; bookmarks come about once a minute. */
  silenceMs: number;
  /** First and longest wait between attempts; doubled each time, with jitter. */
  backoffMs: number;
  backoffMaxMs: number;
  /** Wait before asking again where it was denied or absent. */
  refusedMs: number;
  /** The server ends a watch after this many seconds to twice as many, at random. */
  watchSeconds: number;
}

export interface Informer<T> {
  readonly resource: Resource;
  readonly items: ReadonlyMap<string, T>;
  /** The first list is complete. Stays true when the connection is lost later. */
  readonly synced: boolean;
  readonly state: InformerState;
  stop(): Promise<void>;
}

/**
 * Keeps `items` equal to the projections of a kind's objects, by list and watch, until stopped; never throws.
 * The first list begins at once, or when the gate lets it.
 */
export function startInformer<T>(options: InformerOptions<T>): Informer<T> {
  const reflector = new Reflector(options);
  const running = reflector.run();
  return {
    resource: options.resource,
    items: reflector.items,
    get synced() {
      return reflector.synced;
    },
    get state() {
      return reflector.state;
    },
    async stop() {
      reflector.stopping.abort();
      await running;
    },
  };
}
