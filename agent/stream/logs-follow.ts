import { pause } from "../kube/backoff.ts";
import { KubeError } from "../kube/error.ts";
import { startInformer } from "../kube/informer.ts";
import type { KubeObject } from "../kube/object.ts";
import { resourcePath, resources } from "../kube/resource.ts";
import { flag, optionalText, targetText, wholeNumber } from "../operate/args.ts";
import { type Operation, type OperationContext, OperationError } from "../operate/operation.ts";
import { podSelectorOf } from "../operate/pods.ts";
import type { PodObject } from "../project/kube.ts";
import { LineFeed, type LogLine } from "./line-feed.ts";
import { MasterSocket } from "./master-socket.ts";

/** So many containers are followed at once; each is a connection to the API server. */
const mostFollowed = 60;
/** Lines are sent together when so many are there, or after so long. */
const sendBytes = 32 * 1024;
const sendMs = 40;
const againMs = 1000;

/**
 * The logs of a pod, or of all pods of a workload merged, for as long as somebody looks: pods join as they come and
 * leave as they go, and a container that was started anew goes on. `target`: {ns, kind, name}; `args`: container,
 * tailLines (of each container at first, 200), sinceSeconds. To the browser go `{"lines": [[pod, container, time,
 * text], …]}`, `{"pods": [[pod, [containers]], …]}`, `{"said": …}` and at the end `{"end": {message}}`.
 */
export const podLogsFollow: Operation = {
  type: "PodLogsFollow",
  async run(ctx) {
    const master = await MasterSocket.open(ctx);
    const startedMs = Date.now();
    try {
      const follow = new Follow(ctx, master);
      await follow.run(await selectionOf(ctx));
      const seconds = Math.round((Date.now() - startedMs) / 1000);
      return { message: `The logs were followed for ${seconds} s: ${follow.sent} lines.`, verified: "none" };
    } catch (error) {
      master.tell({ end: { message: (error as Error).message } });
      throw error;
    } finally {
      master.close();
    }
  },
};

interface Selection {
  namespace: string;
  fieldSelector?: string;
  labelSelector?: string;
}

async function selectionOf(ctx: OperationContext): Promise<Selection> {
  const { command } = ctx;
  const namespace = targetText(command, "ns");
  const kind = targetText(command, "kind");
  const name = targetText(command, "name");
  if (kind === "Pod") return { namespace, fieldSelector: `metadata.name=${name}` };
  const labelSelector = await podSelectorOf(ctx, namespace, { apiVersion: "", uid: "", kind, name });
  if (!labelSelector)
    throw new OperationError("NotFound", `There is no ${kind} ${namespace}/${name} with pods.`);
  return { namespace, labelSelector };
}

interface Container {
  pod: string;
  container: string;
}

class Follow {
  readonly #ctx: OperationContext;
  readonly #master: MasterSocket;
  readonly #only: string | undefined;
  readonly #tail: number;
  readonly #since: number | undefined;
  readonly #ending = new AbortController();
  /** By pod UID, container and the run of it. */
  readonly #followed = new Set<string>();
  readonly #lastTime = new Map<string, string>();
  #batch: [string, string, string, string][] = [];
  #batchBytes = 0;
  #timer: Timer | undefined;
  #sending = Promise.resolve();
  #running = 0;
  #first = true;
  sent = 0;

  constructor(ctx: OperationContext, master: MasterSocket) {
    this.#ctx = ctx;
    this.#master = master;
    this.#only = optionalText(ctx.command, "container");
    this.#tail = wholeNumber(ctx.command, "tailLines") ?? 200;
    this.#since = wholeNumber(ctx.command, "sinceSeconds", 1);
  }

  async run(selection: Selection): Promise<void> {
    const { client, signal, command } = this.#ctx;
    const previous = flag(command, "previous") === true;
    const refused = Promise.withResolvers<never>();
    const informer = startInformer<PodObject>({
      client,
      resource: resources.pods,
      ...selection,
      list: "pages",
      project: (object) => slim(object),
      same: Bun.deepEquals,
      onChange: () => this.#look(informer.items),
      onState: ({ status, message = "" }) => {
        if (status === "live") this.#look(informer.items);
        if (status === "denied" || status === "absent")
          refused.reject(new OperationError("Forbidden", message));
      },
    });
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    try {
      if (previous) this.#master.tell({ said: "previous" });
      await Promise.race([this.#master.closed, aborted, refused.promise]);
      if (signal.aborted) throw signal.reason;
    } finally {
      this.#ending.abort();
      clearTimeout(this.#timer);
      await informer.stop();
    }
  }

  /** Follows what runs and is not followed yet. */
  #look(pods: ReadonlyMap<string, PodObject>): void {
    if (this.#ending.signal.aborted) return;
    const told: [string, string[]][] = [];
    for (const pod of pods.values()) {
      const statuses = [
        ...(pod.status?.initContainerStatuses ?? []),
        ...(pod.status?.containerStatuses ?? []),
      ];
      told.push([pod.metadata.name, statuses.map((one) => one.name)]);
      for (const { name, state, restartCount } of statuses) {
        if (this.#only !== undefined && name !== this.#only) continue;
        if (!state?.running && !state?.terminated) continue;
        const key = `${pod.metadata.uid}/${name}`;
        const run = `${key}/${restartCount}`;
        if (this.#followed.has(run)) continue;
        if (this.#running >= mostFollowed) {
          this.#master.tell({ said: "tooMany", most: mostFollowed });
          continue;
        }
        this.#followed.add(run);
        void this.#container({ pod: pod.metadata.name, container: name }, key, this.#first);
      }
    }
    this.#first = false;
    this.#master.tell({ pods: told });
  }

  async #container(one: Container, key: string, first: boolean): Promise<void> {
    const { signal } = this.#ending;
    this.#running++;
    try {
      for (let attempt = 0; attempt < 5 && !signal.aborted; attempt++) {
        try {
          await this.#stream(one, key, first && attempt === 0);
          return;
        } catch (error) {
          if (signal.aborted) return;
          // Gone with its pod, or not started after all: the next change of the pod tells.
          if (error instanceof KubeError && (error.status === 404 || error.status === 400)) return;
          if (error instanceof KubeError && error.status === 403) {
            this.#master.tell({ end: { message: error.message } });
            return;
          }
          await pause(againMs, signal);
        }
      }
    } finally {
      this.#running--;
    }
  }

  async #stream(one: Container, key: string, first: boolean): Promise<void> {
    const { client } = this.#ctx;
    const { signal } = this.#ending;
    const namespace = targetText(this.#ctx.command, "ns");
    const last = this.#lastTime.get(key);
    const body = await client.stream(resourcePath(resources.pods, namespace, one.pod, "log"), {
      query: {
        container: one.container,
        follow: true,
        timestamps: true,
        ...(last ? { sinceTime: last } : first ? { tailLines: this.#tail, sinceSeconds: this.#since } : {}),
      },
      signal,
    });
    const lines: LogLine[] = [];
    const feed = new LineFeed((line) => lines.push(line));
    for await (const chunk of body) {
      feed.feed(chunk);
      for (const line of lines.splice(0)) {
        // From where it broke off, the last line comes again.
        if (last !== undefined && line.time !== "" && line.time <= last) continue;
        if (line.time !== "") this.#lastTime.set(key, line.time);
        this.#put(one, line);
      }
      // While the browser is behind, no more is read.
      if (this.#batchBytes >= sendBytes) this.#flush();
      await this.#sending;
      if (signal.aborted) return;
    }
    if (feed.unfinished) {
      feed.flush();
      for (const line of lines) this.#put(one, line);
    }
  }

  #put({ pod, container }: Container, { time, text }: LogLine): void {
    this.#batch.push([pod, container, time, text]);
    this.#batchBytes += text.length + 60;
    this.sent++;
    this.#timer ??= setTimeout(() => this.#flush(), sendMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#batch.length === 0) return;
    // Of several containers what came together is told in its order.
    const lines = this.#batch.sort((a, b) => (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0));
    this.#batch = [];
    this.#batchBytes = 0;
    this.#sending = this.#sending.then(() => this.#master.send(JSON.stringify({ lines })));
  }
}

/** What is looked at of a pod. */
function slim(object: KubeObject): PodObject {
  const { metadata, status } = object as unknown as PodObject;
  const of = (list: NonNullable<PodObject["status"]>["containerStatuses"]) =>
    list?.map(({ name, state, restartCount }) => ({
      name,
      restartCount,
      state: { ...(state?.running ? { running: {} } : {}), ...(state?.terminated ? { terminated: {} } : {}) },
    }));
  return {
    metadata: { name: metadata.name, uid: metadata.uid },
    status: {
      containerStatuses: of(status?.containerStatuses),
      initContainerStatuses: of(status?.initContainerStatuses),
    },
  } as unknown as PodObject;
}
