/** What went wrong, in words for who runs a recipe. */
export class Told extends Error {}

interface Options {
  input?: string | Blob;
  /** Gives undefined for a failure instead of throwing. */
  optional?: boolean;
  environment?: Record<string, string>;
}

/** What a program prints; a failure is told with what it said last. */
export async function run(words: readonly string[], options: Options = {}): Promise<string> {
  const child = Bun.spawn([...words], {
    stdin: options.input === undefined ? "ignore" : new Blob([options.input]),
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, ...options.environment },
  });
  const [out, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0)
    throw new Told(`${words.slice(0, 4).join(" ")} failed:\n${said.trim().slice(-2000)}`);
  return out;
}

export const kubectl = (...words: string[]): Promise<string> => run(["kubectl", ...words]);

/** An object, or undefined where there is none. */
export async function find<T = KubeObject>(
  namespace: string,
  kind: string,
  name: string,
): Promise<T | undefined> {
  const text = await kubectl("-n", namespace, "get", kind, name, "-o", "json", "--ignore-not-found");
  return text.trim() === "" ? undefined : (JSON.parse(text) as T);
}

export interface KubeObject {
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** Makes or changes objects; their text goes by standard input, so that no Secret stands in the list of processes. */
export async function apply(...objects: object[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  await run(["kubectl", "apply", "-f", "-"], { input: list });
}

export const say = (line = ""): void => void process.stdout.write(`${line}\n`);
