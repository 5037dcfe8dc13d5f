import { startInformer } from "../kube/informer.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Resource } from "../kube/resource.ts";
import { CancelledError, type OperationContext, type Outcome } from "./operation.ts";

export interface Watched {
  resource: Resource;
  namespace: string | undefined;
  /** One object; otherwise all that the label selector selects. */
  name?: string;
  labelSelector?: string;
  /** What is kept of each object until it is judged; all of it by default. */
  keep?(object: KubeObject): KubeObject;
}

/** How far it is with what was wanted, in words for a person. */
export interface Judgement {
  state: "done" | "waiting" | "failed";
  message: string;
  done?: number;
  total?: number;
}

export interface Observed {
  verified: NonNullable<Outcome["verified"]>;
  /** What the last judgement said, or why there was none. */
  message: string;
}

/** Changes come in bursts: they are judged this far apart. */
const judgeEveryMs = 50;

/**
 * Watches objects until they are judged done or failed, the time is over, or another command for the same object
 * waits. A cancellation ends it too, as `none`: what was done before stays done. Throws where the agent stops.
 */
export async function observe(
  ctx: OperationContext,
  watched: Watched,
  judge: (objects: KubeObject[]) => Judgement,
  ms = ctx.verifyMs,
): Promise<Observed> {
  const { promise, resolve } = Promise.withResolvers<Observed>();
  let last = "";
  let soon: Timer | undefined;
  const look = () => {
    soon = undefined;
    if (!informer.synced) return;
    const { state, message, done, total } = judge([...informer.items.values()]);
    if (message !== last) ctx.progress({ message, done, total });
    last = message;
    if (state !== "waiting") resolve({ verified: state === "done" ? "yes" : "no", message });
  };
  const informer = startInformer<KubeObject>({
    ...watched,
    client: ctx.client,
    fieldSelector: watched.name === undefined ? undefined : `metadata.name=${watched.name}`,
    list: "pages",
    project: watched.keep ?? ((object) => object),
    onChange: () => {
      soon ??= setTimeout(look, judgeEveryMs);
    },
    onState: ({ status, message = "" }) => {
      if (status === "live") soon ??= setTimeout(look, 0);
      if (status === "denied" || status === "absent")
        resolve({ verified: "none", message: `what came of it cannot be watched: ${message}` });
    },
  });
  const timer = setTimeout(() => resolve({ verified: "no", message: last }), ms);
  const hurried = () => resolve({ verified: "superseded", message: last });
  const aborted = () => resolve({ verified: "none", message: last });
  ctx.hurry.addEventListener("abort", hurried, { once: true });
  ctx.signal.addEventListener("abort", aborted, { once: true });
  if (ctx.hurry.aborted) hurried();
  if (ctx.signal.aborted) aborted();
  try {
    const observed = await promise;
    if (!ctx.signal.aborted) return observed;
    if (ctx.signal.reason instanceof CancelledError)
      return { verified: "none", message: `${last === "" ? "" : `${last}; `}it was too late to cancel` };
    throw ctx.signal.reason;
  } finally {
    clearTimeout(timer);
    clearTimeout(soon);
    ctx.hurry.removeEventListener("abort", hurried);
    ctx.signal.removeEventListener("abort", aborted);
    await informer.stop();
  }
}

/** The sentences of an outcome: what was done, without its full stop, and what came of it. */
export function told(done: string, { verified, message }: Observed): Pick<Outcome, "message" | "verified"> {
  const seen = message.replace(/\.+$/, "");
  const words = {
    yes: `${done}: ${seen}.`,
    no: `${done}, but it did not come true${seen === "" ? " in time" : `: ${seen}`}.`,
    superseded: `${done}. Another command for it waits, so it was not watched further${seen === "" ? "" : `: ${seen}`}.`,
    none: seen === "" ? `${done}.` : `${done}: ${seen}.`,
  };
  return { message: words[verified], verified };
}
