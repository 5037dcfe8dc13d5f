/** Reads a server-sent event stream message by message. */
export interface TestStream extends AsyncDisposable {
  response: Response;
  /** The next message, comments left out; throws when none comes in time, or the stream has ended. */
  next(withinMs?: number): Promise<Message>;
  /** Whether nothing comes for this long. */
  silent(forMs: number): Promise<boolean>;
}
export interface Message {
  id: string;
  event: string;
  data: string;
}

export async function openStream(url: string, headers: Record<string, string> = {}): Promise<TestStream> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const reader = response.body!.getReader();
  const messages: Message[] = [];
  const waiting: ((message: Message | undefined) => void)[] = [];
  let ended = false;
  void (async () => {
    const decoder = new TextDecoder();
    let text = "";
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        text += decoder.decode(value, { stream: true });
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const message = parse(text.slice(0, end));
          text = text.slice(end + 2);
          if (!message) continue;
          const taker = waiting.shift();
          if (taker) taker(message);
          else messages.push(message);
        }
      }
    } catch {
      // Aborted at the end of the test.
    }
    ended = true;
    for (const taker of waiting.splice(0)) taker(undefined);
  })();
  const next = (withinMs = 10_000) =>
    new Promise<Message>((resolve, reject) => {
      const ready = messages.shift();
      if (ready) return resolve(ready);
      if (ended) return reject(new Error("the stream has ended"));
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(taker), 1);
        reject(new Error(`no message within ${withinMs} ms`));
      }, withinMs);
      const taker = (message: Message | undefined) => {
        clearTimeout(timer);
        if (message) resolve(message);
        else reject(new Error("the stream has ended"));
      };
      waiting.push(taker);
    });
  return {
    response,
    next,
    silent: (forMs) =>
      next(forMs).then(
        () => false,
        () => true,
      ),
    async [Symbol.asyncDispose]() {
      abort.abort();
    },
  };
}

function parse(block: string): Message | undefined {
  const message: Message = { id: "", event: "", data: "" };
  let any = false;
  for (const line of block.split("\n")) {
    const at = line.indexOf(":");
    if (at <= 0) continue;
    const name = line.slice(0, at) as keyof Message;
    const value = line.slice(at + 1).replace(/^ /, "");
    message[name] = name === "data" && message.data !== "" ? `${message.data}\n${value}` : value;
    any = true;
  }
  return any ? message : undefined;
}
