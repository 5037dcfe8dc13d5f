import { dlopen, FFIType, ptr } from "bun:ffi";
import { readFileSync } from "node:fs";
import type { Environment } from "../kit/env.ts";

/**
 * How JavaScriptCore is to run in a process that is there for weeks and mostly waits: collect as if the machine
 * had 64 MB, on the thread that made the garbage, and interpret. What an agent does is mostly parsing JSON, which
 * is native code: compilers, their threads and what they compile cost more than they give. With 10,000 pods
 * 100 MB become 76 (at the peak 121 become 84), with 50 pods 57 become 48, for less CPU in all.
 */
const options: Readonly<Record<string, string>> = {
  BUN_JSC_forceRAMSize: String(64 * 2 ** 20),
  BUN_JSC_useJIT: "0",
  BUN_JSC_useConcurrentGC: "0",
  BUN_JSC_numberOfGCMarkers: "1",
};

/**
 * Starts this process's program anew, in its place and with its arguments, with those of the options that the
 * environment does not give: they are read only once, before any JavaScript runs. The process stays the same, so
 * nobody who started or watches it notices. Comes back where there is nothing to set, or where it cannot be done
 * (not Linux, a libc other than glibc, no executable memory to be had): then everything works as well, in more
 * memory.
 */
export function becomeLean(environment: Environment): void {
  // An environment that is not the process's own is a test's, within its own process.
  if (process.platform !== "linux" || environment !== process.env) return;
  if (Object.keys(options).every((name) => environment[name] !== undefined)) return;
  try {
    const given = Object.entries({ ...options, ...environment }).flatMap(([name, value]) =>
      value === undefined ? [] : `${name}=${value}`,
    );
    const args = readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(0, -1);
    const libc = dlopen("libc.so.6", {
      execve: { args: [FFIType.ptr, FFIType.ptr, FFIType.ptr], returns: FFIType.i32 },
    });
    const [path, argv, envp] = [cString(process.execPath), cStrings(args), cStrings(given)];
    // On success this never returns.
    libc.symbols.execve(path, argv.pointers, envp.pointers);
    libc.close();
  } catch {}
}

const cString = (text: string): Buffer => Buffer.from(`${text}\0`);

/** A null-terminated array of C strings; `texts` keeps alive what it points to. */
function cStrings(all: readonly string[]): { pointers: BigUint64Array; texts: Buffer[] } {
  const texts = all.map(cString);
  return { pointers: new BigUint64Array([...texts.map((text) => BigInt(ptr(text))), 0n]), texts };
}
