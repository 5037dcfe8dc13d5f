import { type Backoff, createBackoff, pause } from "./backoff.ts";
import { KubeError } from "./error.ts";
import type { Change, InformerOptions, InformerState, InformerStatus, InformerTimes } from "./informer.ts";
import { listInPages } from "./list.ts";
import { type KubeObject, keyOf, withoutNulls } from "./object.ts";
import { resourcePath } from "./resource.ts";
import { type WatchEvent, watchOnce } from "./watch.ts";

const defaultTimes: InformerTimes = {
  silenceMs: 90_000,
  backoffMs: 500,
  backoffMaxMs: 10_000,
  refusedMs: 300_000,
  watchSeconds: 300,
};

/** An API server that just started says 403 or 404 for a moment, until it has read its own rules and APIs. */
const refusalsBelieved = 3;

/** Set on the bookmark that ends the initial events of a streaming list (KEP-3157). */
const initialEventsEnd = "k8s.io/initial-events-end";

/** List, then watch, then watch again, listing again where the watch lost its place: one informer's life. */
export class Reflector<T> {
  readonly items = new Map<string, T>();
  readonly stopping = new AbortController();
  synced = false;
  state: InformerState = { status: "syncing", sinceMs: Date.now() };

  readonly #options: InformerOptions<T>;
  readonly #times: InformerTimes;
  readonly #path: string;
  readonly #backoff: Backoff;
  /** Where to watch from; undefined when everything has to be listed first. */
  #resourceVersion: string | undefined;
  /** During a list: what was there before and has not been seen in it yet. */
  #unseen: Set<string> | undefined;
  #streams: boolean;
  #streamWorked = false;
  #refusals = 0;
  #opened = false;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.#times = { ...defaultTimes, ...options.times };
    this.#path = resourcePath(options.resource, options.namespace);
    this.#backoff = createBackoff(this.#times.backoffMs, this.#times.backoffMaxMs);
    this.#streams = options.list !== "pages";
  }

  async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const startedAt = performance.now();
      this.#opened = false;
      let waitMs = 0;
      try {
        if (this.#resourceVersion === undefined) await this.#list();
        if (this.#resourceVersion !== undefined && !signal.aborted) await this.#watch();
        // A server that ends each watch at once must not be asked again at once.
        if (performance.now() - startedAt >= this.#times.backoffMs) this.#backoff.reset();
        else waitMs = this.#backoff.next();
      } catch (error) {
        if (signal.aborted) break;
        if (this.#opened && performance.now() - startedAt >= this.#times.backoffMs) this.#backoff.reset();
        waitMs = this.#failed(error);
      }
      if (waitMs > 0) await pause(waitMs, signal);
    }
  }

  async #list(): Promise<void> {
    const leave = this.synced ? undefined : await this.#options.gate?.enter(this.stopping.signal);
    if (this.stopping.signal.aborted) {
      leave?.();
      return;
    }
    try {
      this.#beginList();
      if (this.#streams) await this.#listByStream(leave);
      else await this.#listByPages();
    } finally {
      this.#unseen = undefined;
      leave?.();
    }
  }

  /** Goes on as a watch once the list is complete, so it resolves when the server ends that. */
  async #listByStream(onListed: (() => void) | undefined): Promise<void> {
    let listed = false;
    try {
      await this.#stream({ sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }, (event) => {
        if (event.type === "BOOKMARK" && event.object.metadata.annotations?.[initialEventsEnd] === "true") {
          this.#resourceVersion = event.object.metadata.resourceVersion;
          this.#endList();
          onListed?.();
          listed = true;
          this.#streamWorked = true;
        } else if (event.type !== "BOOKMARK") {
          this.#apply(event);
          if (listed) this.#resourceVersion = event.object.metadata.resourceVersion;
        } else if (listed) this.#resourceVersion = event.object.metadata.resourceVersion;
      });
      if (!listed) throw new KubeError(0, "BadAnswer", "the streaming list ended before it was complete");
    } catch (error) {
      if (listed || !(error instanceof KubeError) || this.stopping.signal.aborted) throw error;
      // 422: the feature is off (before 1.32, mostly). Servers older than it ignore the parameter, and never end the list.
      const unknown = error.status === 400 || error.status === 422;
      if (unknown || (!this.#streamWorked && this.#opened)) this.#streams = false;
      if (!unknown) throw error;
      await this.#listByPages();
    }
  }

  async #listByPages(): Promise<void> {
    this.#resourceVersion = await listInPages(
      this.#options.client,
      this.#path,
      this.#selectors(),
      this.stopping.signal,
      (object) => this.#upsert(object),
      () => this.#beginList(),
    );
    this.#endList();
  }

  #watch(): Promise<void> {
    return this.#stream({ resourceVersion: this.#resourceVersion }, (event) => {
      if (event.type !== "BOOKMARK") this.#apply(event);
      this.#resourceVersion = event.object.metadata.resourceVersion;
    });
  }

  #stream(
    query: Record<string, string | boolean | undefined>,
    onEvent: (event: WatchEvent) => void,
  ): Promise<void> {
    const { watchSeconds, silenceMs } = this.#times;
    return watchOnce({
      client: this.#options.client,
      path: this.#path,
      query: {
        ...this.#selectors(),
        watch: true,
        allowWatchBookmarks: true,
        timeoutSeconds: Math.ceil(watchSeconds * (1 + Math.random())),
        ...query,
      },
      signal: this.stopping.signal,
      silenceMs,
      onOpen: () => {
        this.#opened = true;
        this.#refusals = 0;
        if (this.#unseen === undefined) this.#setState("live");
      },
      onEvent,
    });
  }

  #selectors() {
    const { fieldSelector, labelSelector } = this.#options;
    return { fieldSelector, labelSelector };
  }

  #beginList(): void {
    this.#unseen = new Set(this.items.keys());
  }

  #endList(): void {
    for (const key of this.#unseen ?? []) this.#remove(key);
    this.#unseen = undefined;
    this.#refusals = 0;
    this.synced = true;
    this.#setState("live");
  }

  #apply(event: WatchEvent): void {
    if (event.type === "DELETED") this.#remove(keyOf(event.object.metadata));
    else this.#upsert(event.object);
  }

  #upsert(object: KubeObject): void {
    const key = keyOf(object.metadata);
    let item: T | undefined;
    try {
      item = this.#options.project(withoutNulls(object));
    } catch (error) {
      this.#fault(`${this.#options.resource.kind} ${key}: ${(error as Error).message}`);
    }
    if (item === undefined) {
      this.#remove(key);
      return;
    }
    this.#unseen?.delete(key);
    const previous = this.items.get(key);
    if (previous !== undefined && (this.#options.same ?? Object.is)(previous, item)) return;
    this.items.set(key, item);
    this.#report({ type: "upsert", key, item, previous });
  }

  #remove(key: string): void {
    this.#unseen?.delete(key);
    const previous = this.items.get(key);
    if (previous === undefined) return;
    this.items.delete(key);
    this.#report({ type: "delete", key, previous });
  }

  /** A receiver that throws must not cost the connection, nor look as if the connection had failed. */
  #report(change: Change<T>): void {
    try {
      this.#options.onChange(change);
    } catch (error) {
      this.#fault(`${this.#options.resource.kind} ${change.key}: ${(error as Error).stack ?? String(error)}`);
    }
  }

  /** Takes note of what went wrong; how long to wait before the next attempt. */
  #failed(error: unknown): number {
    if (!(error instanceof KubeError)) {
      const message = `${this.#options.resource.plural}: ${(error as Error).stack ?? String(error)}`;
      this.#fault(message);
      this.#resourceVersion = undefined;
      this.#setState("failed", (error as Error).message);
      return this.#backoff.next();
    }
    if (error.status === 410) {
      this.#resourceVersion = undefined;
      const waitMs = this.#backoff.next();
      return this.#backoff.failures === 1 ? 0 : waitMs;
    }
    if (error.status === 403 || error.status === 404) {
      this.#refusals++;
      if (this.#refusals < refusalsBelieved) return this.#backoff.next();
      this.#setState(error.status === 403 ? "denied" : "absent", error.message);
      return this.#times.refusedMs * (0.9 + Math.random() * 0.2);
    }
    if (error.reason === "BadAnswer") this.#fault(`${this.#options.resource.plural}: ${error.message}`);
    // A connection that was fine and broke off is not worth a word unless the next attempt fails too.
    if (!this.#opened || this.#backoff.failures >= 2) this.#setState("failed", error.message);
    return this.#backoff.next(error.retryAfterMs);
  }

  #fault(message: string): void {
    this.#options.onFault?.(message);
  }

  #setState(status: InformerStatus, message?: string): void {
    if (this.state.status === status && this.state.message === message) return;
    const sinceMs = this.state.status === status ? this.state.sinceMs : Date.now();
    this.state = { status, sinceMs, ...(message === undefined ? {} : { message }) };
    this.#options.onState(this.state);
  }
}
