import type { KubeClient } from "../kube/client.ts";
import { KubeError } from "../kube/error.ts";
import { resourcePath, resources } from "../kube/resource.ts";

/**
 * The remote command protocol over a WebSocket (KEP-4006; v4 and v5.channel.k8s.io): the first byte of each message
 * is its channel.
 */
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const openMs = 15_000;

export interface ExecOptions {
  namespace: string;
  pod: string;
  container: string | undefined;
  command: readonly string[];
  signal: AbortSignal;
  onOutput(bytes: Uint8Array<ArrayBuffer>): void;
}

export interface ExecEnd {
  /** The program's exit code; undefined where it did not end by itself. */
  code: number | undefined;
  message: string;
}

export interface ExecSession {
  input(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  close(): void;
  readonly ended: Promise<ExecEnd>;
}

/** Starts a program with a terminal in a container; throws a KubeError where the API server refuses. */
export async function startExec(client: KubeClient, options: ExecOptions): Promise<ExecSession> {
  const { namespace, pod, container, command, signal } = options;
  const query = new URLSearchParams({ stdin: "true", stdout: "true", tty: "true" });
  if (container) query.set("container", container);
  for (const part of command) query.append("command", part);
  const path = `${resourcePath(resources.pods, namespace, pod, "exec")}?${query}`;
  const { headers, tls } = await client.access.credentials();
  const socket = new WebSocket(client.access.server.replace(/^http/, "ws") + path, {
    headers,
    protocols,
    tls: {
      ...tls,
      ...(tls.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: tls.rejectUnauthorized }),
    },
  } as never);
  socket.binaryType = "arraybuffer";
  const opened = Promise.withResolvers<boolean>();
  const ended = Promise.withResolvers<ExecEnd>();
  let end: ExecEnd = { code: undefined, message: "the connection to the container broke off" };
  socket.addEventListener("open", () => opened.resolve(true));
  socket.addEventListener("error", () => opened.resolve(false));
  socket.addEventListener("close", () => {
    opened.resolve(false);
    ended.resolve(end);
  });
  socket.addEventListener("message", ({ data }) => {
    const bytes = new Uint8Array(data as ArrayBuffer);
    const body = bytes.subarray(1);
    if (bytes[0] === channel.stdout || bytes[0] === channel.stderr) {
      if (body.length > 0) options.onOutput(body as Uint8Array<ArrayBuffer>);
    } else if (bytes[0] === channel.error) end = endOf(new TextDecoder().decode(body));
  });
  const timer = setTimeout(() => opened.resolve(false), openMs);
  const abort = () => socket.close();
  signal.addEventListener("abort", abort, { once: true });
  const isOpen = await opened.promise;
  clearTimeout(timer);
  if (!isOpen) {
    socket.close();
    // A refused upgrade has no words here: the same asked plainly has them.
    await client.text("GET", path, { signal });
    throw new KubeError(0, "Unreachable", "the API server did not open a terminal");
  }
  const send = (to: number, body: Uint8Array) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    const message = new Uint8Array(body.length + 1);
    message[0] = to;
    message.set(body, 1);
    socket.send(message);
  };
  return {
    input: (bytes) => send(channel.stdin, bytes),
    resize: (cols, rows) =>
      send(channel.resize, new TextEncoder().encode(JSON.stringify({ Width: cols, Height: rows }))),
    close() {
      if (socket.protocol === protocols[0]) send(channel.close, Uint8Array.of(channel.stdin));
      socket.close();
    },
    ended: ended.promise.finally(() => signal.removeEventListener("abort", abort)),
  };
}

interface Status {
  status?: string;
  reason?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

/** What the error channel says at the end: a Status object. */
export function endOf(text: string): ExecEnd {
  let status: Status;
  try {
    status = JSON.parse(text) as Status;
  } catch {
    return { code: undefined, message: text.slice(0, 1000) };
  }
  if (status.status === "Success") return { code: 0, message: "ended" };
  const exit = status.details?.causes?.find((one) => one.reason === "ExitCode")?.message;
  const code = exit !== undefined && /^\d+$/.test(exit) ? Number(exit) : undefined;
  return { code, message: status.message ?? status.reason ?? "ended" };
}
