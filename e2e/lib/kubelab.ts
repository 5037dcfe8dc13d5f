import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { keepLeases } from "./leases.ts";
import { temporaryFolder } from "./product.ts";
import { haveEnded, startedIn } from "./lab-processes.ts";
import { freeNode, nodeRunsPods } from "./real-node.ts";

/** A real Kubernetes for one test file, started and stopped by the kubelab tool beside the repository. */
export interface Kubelab extends AsyncDisposable {
  readonly kubeconfig: string;
  readonly folder: string;
  kubectl(args: string[], input?: string): Promise<string>;
  apply(...manifests: object[]): Promise<void>;
  /** kill -9 of the API server, and how to start it again. */
  killApiServer(): Promise<() => Promise<void>>;
  /**
   * Holds all of Kubernetes until the answer is disposed of, for a few seconds at most: a cluster of simulated
   * nodes keeps a core busy, which a master that is measured on this machine would wait for.
   */
  hold(): Disposable;
}

export const kubelabTool =
  process.env.ATLHYPER_KUBELAB ?? resolve(import.meta.dir, "../../../shared/kubelab/kubelab");

/** Why there is no real Kubernetes to test against here; undefined where there is. */
export function kubelabMissing(): string | undefined {
  if (!existsSync(kubelabTool)) return `no kubelab at ${kubelabTool}`;
  if (!Bun.which("kubectl")) return "no kubectl";
  return undefined;
}

/** Why this machine cannot be a real node; undefined where it can. */
export function realNodeMissing(): string | undefined {
  const missing = kubelabMissing();
  if (missing) return missing;
  if (process.getuid?.() !== 0) return "a real node needs root";
  for (const command of ["containerd", "runc", "socat", "iptables"])
    if (!Bun.which(command)) return `no ${command}`;
  return undefined;
}

async function run(command: string[], environment: Record<string, string>, input?: string): Promise<string> {
  // Files, not pipes: what kubelab leaves running inherits them, and a pipe would never end.
  using output = temporaryFolder();
  const out = join(output.path, "out");
  const child = Bun.spawn(command, {
    env: { ...process.env, ...environment },
    stdin: input === undefined ? "ignore" : new TextEncoder().encode(input),
    stdout: Bun.file(out),
    stderr: Bun.file(`${out}.err`),
  });
  const code = await child.exited;
  const text = await Bun.file(out).text();
  if (code !== 0)
    throw new Error(`${command.join(" ")} ended with ${code}: ${await Bun.file(`${out}.err`).text()}`);
  return text;
}

export interface KubelabOptions {
  /** It and the next two; below 32768, from where the kernel takes ports for connections of its own. */
  port: number;
  /** This machine as a real node; only one lab at a time can have it. */
  node?: boolean;
  fakeNodes?: number;
  eventTTL?: string;
}

export async function startKubelab(options: KubelabOptions): Promise<Kubelab> {
  try {
    return await startOnce(options);
  } catch (error) {
    // Kubernetes that does not come up is not what is tested; what it said is told.
    console.log(`retried: a real Kubernetes, since ${error}`);
    return startOnce(options);
  }
}

async function startOnce(options: KubelabOptions): Promise<Kubelab> {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-lab-"));
  const environment: Record<string, string> = {
    KUBELAB_PORT: String(options.port),
    KUBECONFIG: join(folder, "admin.kubeconfig"),
    ...(options.eventTTL ? { KUBELAB_EVENT_TTL: options.eventTTL } : {}),
  };
  let stopLeases = () => {};
  const down = async () => {
    stopLeases();
    const started = startedIn(folder);
    // It ends with 1 where there was no real node, and then leaves the folder.
    await run([kubelabTool, "down", folder], environment).catch(() => {});
    await haveEnded(started);
    rmSync(folder, { recursive: true, force: true });
    if (options.node) await freeNode();
  };
  const kubectl = (args: string[], input?: string) => run(["kubectl", ...args], environment, input);
  try {
    await run([kubelabTool, "up", folder], environment);
    if (options.node) {
      await run([kubelabTool, "node", folder], environment);
      await nodeRunsPods(kubectl, folder);
    }
    if (options.fakeNodes) {
      await run([kubelabTool, "fake", folder, String(options.fakeNodes)], environment);
      const nodes = Array.from({ length: options.fakeNodes }, (_, index) => `fake-${index + 1}`);
      stopLeases = await keepLeases(environment.KUBECONFIG!, nodes);
    }
  } catch (error) {
    await down().catch(() => {});
    throw error;
  }
  return {
    kubeconfig: environment.KUBECONFIG!,
    folder,
    kubectl,
    async apply(...manifests) {
      await kubectl(
        ["apply", "-f", "-"],
        JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests }),
      );
    },
    async killApiServer() {
      const pid = Number(await Bun.file(join(folder, "kube-apiserver.pid")).text());
      const command = (await Bun.file(`/proc/${pid}/cmdline`).text()).split("\0").slice(0, -1);
      process.kill(pid, "SIGKILL");
      return async () => {
        const child = Bun.spawn(command, {
          stdin: "ignore",
          stdout: Bun.file(join(folder, "kube-apiserver.2.log")),
          stderr: Bun.file(join(folder, "kube-apiserver.2.err")),
          detached: true,
        });
        child.unref();
        await Bun.write(join(folder, "kube-apiserver.pid"), String(child.pid));
        for (let attempt = 0; attempt < 120; attempt++) {
          if (
            await kubectl(["get", "--raw", "/readyz"]).then(
              () => true,
              () => false,
            )
          )
            return;
          await Bun.sleep(500);
        }
        throw new Error(`the API server did not come back: see ${folder}`);
      };
    },
    hold() {
      const files = [...new Bun.Glob("*.pid").scanSync(folder)];
      const held = files.map((file) => Number(readFileSync(join(folder, file), "utf8")));
      for (const pid of held) process.kill(pid, "SIGSTOP");
      return {
        [Symbol.dispose]() {
          for (const pid of held) process.kill(pid, "SIGCONT");
        },
      };
    },
    [Symbol.asyncDispose]: down,
  };
}
