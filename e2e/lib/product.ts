import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eventually } from "./wait.ts";

/** The product as its users run it: processes of `main.ts`, a data folder of their own, the REST API. */

const root = resolve(import.meta.dir, "../..");
const bun = process.execPath;

export interface Process extends AsyncDisposable {
  readonly pid: number;
  /** Everything it wrote so far, both streams. */
  output(): string;
  /** Waits until the output matches. */
  says(pattern: RegExp, limitMs?: number): Promise<RegExpMatchArray>;
  /** Its exit code, once it has ended by itself. */
  readonly exited: Promise<number>;
  /** Ends it: by SIGTERM with 6 s of patience, or at once by SIGKILL. Gives the exit code. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<number>;
  /** Resident memory in MB, now. */
  memoryMB(): Promise<number>;
}

export function start(command: string, environment: Record<string, string>, args: string[] = []): Process {
  const child = Bun.spawn([bun, join(root, "main.ts"), command, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH!, HOME: process.env.HOME ?? "/root", ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    void (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
    })();
  const stop = async (signal: "SIGTERM" | "SIGKILL" = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      const late = setTimeout(() => child.kill("SIGKILL"), 6000);
      await child.exited;
      clearTimeout(late);
    }
    return child.exitCode ?? 137;
  };
  return {
    pid: child.pid,
    output: () => text,
    exited: child.exited,
    says: async (pattern, limitMs = 60_000) =>
      (
        await eventually(
          `${command} says ${pattern}; it said: ${text.slice(-2000)}`,
          () => text.match(pattern) ?? undefined,
          limitMs,
          20,
        )
      ).value,
    stop,
    async memoryMB() {
      const status = await Bun.file(`/proc/${child.pid}/status`).text();
      return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
    },
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** Runs a command that ends by itself; gives what it wrote to standard output. */
export async function runOnce(args: string[], environment: Record<string, string>): Promise<string> {
  const child = Bun.spawn([bun, join(root, "main.ts"), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH!, HOME: process.env.HOME ?? "/root", ...environment },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`atlhyper ${args.join(" ")} ended with ${code}: ${err}`);
  return out.trim();
}

export function temporaryFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), "atlhyper-e2e-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A client of the REST API with a token. */
export interface Api {
  readonly url: string;
  readonly token: string;
  get<T = unknown>(path: string): Promise<T>;
  raw(path: string, init?: RequestInit): Promise<Response>;
}

export function api(url: string, token: string): Api {
  const raw = (path: string, init: RequestInit = {}) =>
    fetch(url + path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as object) },
    });
  return {
    url,
    token,
    raw,
    async get<T>(path: string) {
      const response = await raw(path);
      if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}

export interface Running extends AsyncDisposable {
  process: Process;
  url: string;
  setupLink: string;
  data: string;
  environment: Record<string, string>;
  api: Api;
}

/** `atlhyper up` in a fresh data folder on a free port; ready when its link is printed and its API answers. */
export async function startUp(
  environment: Record<string, string> = {},
  args: string[] = [],
): Promise<Running> {
  const folder = temporaryFolder();
  const full = { ATLHYPER_DATA: folder.path, ATLHYPER_PORT: "0", KUBECONFIG: "/dev/null", ...environment };
  const process = start("up", full, args);
  try {
    const [setupLink] = await process.says(/http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]+/);
    const url = new URL(setupLink).origin;
    const token = await runOnce(["token", "create", "--name", "e2e", "--role", "admin"], full);
    return {
      process,
      url,
      setupLink,
      data: folder.path,
      environment: full,
      api: api(url, token),
      async [Symbol.asyncDispose]() {
        await process.stop();
        folder[Symbol.dispose]();
      },
    };
  } catch (error) {
    await process.stop("SIGKILL");
    folder[Symbol.dispose]();
    throw error;
  }
}
