import { variable } from "../../kit/env.ts";
import type { Post } from "./post.ts";

/** Such an address is good for whoever knows it. */
export const heartbeatUrl = variable((value) => {
  if (value !== "" && !(URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)))
    throw new Error("must be an address of http or https");
  return value;
}, true);

export interface HeartbeatOptions {
  /** Where somebody waits to hear from us; nothing is sent where it is empty. */
  url: string;
  everyMs: number;
  post: Post;
  /** Whether the master does what it is there for: only then it says so. */
  well(): boolean;
  /** Told of each attempt; `why` where nobody has heard it. */
  told(why?: string): void;
}

/**
 * A dead man's switch: as long as the master is well it tells somebody outside, who raises an alarm when it does not.
 * What alerts of everything else cannot alert of its own end. Gives how to stop it.
 */
export function startHeartbeat({ url, everyMs, post, well, told }: HeartbeatOptions): () => void {
  if (url === "") return () => undefined;
  let under = false;
  async function beat(): Promise<void> {
    // One that hangs is not joined by others.
    if (under || !well()) return;
    under = true;
    const { ok, text } = await post(url, { body: "" });
    under = false;
    told(ok ? undefined : text);
  }
  const timer = setInterval(() => void beat(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
