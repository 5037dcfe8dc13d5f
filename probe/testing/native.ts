import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Subprocess } from "bun";
import { buildProgram } from "../native/make/build.ts";
import { runnerOf, type Target, targets } from "../native/make/targets.ts";
import { findToolchain, Missing } from "../native/make/toolchain.ts";
import { type Fixture, unpack } from "./fixture.ts";
import type { Trial } from "./trial.ts";

/** Where the toolchain is; undefined, with the reason printed, where native builds cannot be tested. */
export function toolchainOrReason(): string | undefined {
  try {
    return findToolchain();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    process.stderr.write(`skipped: the probe's native build. ${error.message}\n`);
    return undefined;
  }
}

/** The targets whose programs run here, by themselves or in an emulator; says of the others that they are left out. */
export function targetsThatRun(): Target[] {
  return targets.filter((target) => {
    const runs = runnerOf(target) !== undefined;
    if (!runs)
      process.stderr.write(`skipped: ${target.name}, as there is no ${target.emulator} (qemu-user-static)\n`);
    return runs;
  });
}

export const probeEntry = new URL("../native/main.ts", import.meta.url).pathname;
const trialEntry = new URL("trial-native.ts", import.meta.url).pathname;

/** How a program is built. */
export type Kind = "released" | "sanitized" | "for old kernels";

export interface Usage {
  cpuSeconds: number;
  peakMB: number;
}

/** A folder for a test file, with what is built for it. */
export interface Workshop extends Disposable {
  folder: string;
  /** The words that run a program, which is built unless it was before. */
  program(entry: string, target: Target, kind?: Kind): Promise<string[]>;
  /** Starts a program, which does not outlive the test file; its standard error is to be read. */
  start(
    words: string[],
    environment: Record<string, string | undefined>,
  ): Subprocess<"ignore", "ignore", "pipe">;
  /** What a trial's native build answers. */
  ask(trial: Trial, target: Target, kind?: Kind): Promise<string>;
  /** That, and what it took: CPU time in seconds, and the most memory it had, in MB. */
  measure(trial: Trial, target: Target, kind?: Kind): Promise<[string, Usage]>;
}

/** The sanitizers end a program with a code that no probe has. */
export const sanitizerOptions = {
  ASAN_OPTIONS:
    "exitcode=99:detect_leaks=0:quarantine_size_mb=1:thread_local_quarantine_size_kb=64:detect_stack_use_after_return=1",
  UBSAN_OPTIONS: "exitcode=99:print_stacktrace=1",
};

export function workshop(toolchain: string): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "native-"));
  const built = new Map<string, Promise<string[]>>();
  const started: Subprocess[] = [];

  async function build(entry: string, target: Target, kind: Kind, name: string): Promise<string[]> {
    const to = join(folder, name);
    const oldKernel = kind === "for old kernels";
    await buildProgram({ toolchain, target, to, entry, sanitized: kind !== "released", oldKernel });
    return [...runnerOf(target)!, to];
  }

  function program(entry: string, target: Target, kind: Kind = "released"): Promise<string[]> {
    const name = `${basename(entry).replace(/\.\w+$/, "")}-${target.name}-${kind.replaceAll(" ", "-")}`;
    const words = built.get(name) ?? build(entry, target, kind, name);
    built.set(name, words);
    return words;
  }

  return {
    folder,
    program,
    ask: async (...words) => (await measure(...words))[0],
    measure,
    start(words, env) {
      const child = Bun.spawn(words, { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
      started.push(child);
      return child;
    },
    [Symbol.dispose]() {
      for (const child of started) child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };

  async function measure(trial: Trial, target: Target, kind?: Kind): Promise<[string, Usage]> {
    const words = await program(trialEntry, target, kind);
    const file = join(folder, "trial.json");
    writeFileSync(file, JSON.stringify(trial));
    const done = Bun.spawnSync([...words, file], { env: sanitizerOptions, stdin: "ignore" });
    if (!done.success) throw new Error(`${target.name} ended with ${done.exitCode}: ${done.stderr}`);
    const peakKB = Number(/VmHWM:\s+(\d+)/.exec(done.stderr.toString())?.[1]);
    const cpuSeconds = Number(done.resourceUsage.cpuTime.total) / 1e6;
    return [done.stdout.toString(), { cpuSeconds, peakMB: peakKB / 1024 }];
  }
}

/** A recorded machine as files, once as it is and once as it is 5 s later. */
export function looksOf(fixture: Fixture, folder: string): NonNullable<Trial["looks"]> {
  const now = join(folder, "now");
  const later = join(folder, "later");
  for (const look of [now, later]) rmSync(look, { recursive: true, force: true });
  unpack(fixture, now);
  unpack({ ...fixture, files: new Map([...fixture.files, ...fixture.later]) }, later);
  return { now, later, sizes: Object.fromEntries(fixture.sizes) };
}

export function rootsOf({ now, later }: { now: string; later: string }): string[] {
  return [now, later].flatMap((look) => [`${look}/proc`, `${look}/sys`]);
}
