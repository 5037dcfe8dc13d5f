import { ConfigError, describeEnvironment, type Environment, type Variable } from "../kit/env.ts";

/** One command of `atlhyper`. A service's command returns when the service was told to stop. */
export interface Command {
  /** Behind `atlhyper`, such as `cluster add NAME`. */
  readonly usage: string;
  readonly summary: string;
  /** Options beside the environment, each with a line of help. */
  readonly options?: Record<string, string>;
  readonly variables?: Record<string, Variable<unknown>>;
  /** Gives the exit code. Throws UsageError and ConfigError for what the caller got wrong. */
  run(args: string[], environment: Environment): Promise<number>;
}

/** The caller used the command wrongly; the message says what would be right. */
export class UsageError extends Error {}

function helpOf(command: Command): string {
  const lines = [`Usage: atlhyper ${command.usage}`, "", command.summary];
  const options = { ...command.options, "--help": "this text" };
  const width = Math.max(...Object.keys(options).map((name) => name.length));
  lines.push(
    "",
    "Options:",
    ...Object.entries(options).map(([name, help]) => `  ${name.padEnd(width)}  ${help}`),
  );
  if (command.variables) lines.push("", "Environment:", describeEnvironment(command.variables));
  return lines.join("\n");
}

/** Runs a command as the shell asked for it: help and faults in words, 2 for what the caller got wrong. */
export async function runCommand(
  command: Command,
  args: string[],
  environment: Environment,
): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    print(helpOf(command));
    return 0;
  }
  try {
    return await command.run(args, environment);
  } catch (error) {
    if (error instanceof UsageError) complain(`${error.message}\n\nUsage: atlhyper ${command.usage}`);
    else if (error instanceof ConfigError)
      complain(["The configuration is not right:", ...error.faults.map((fault) => `  ${fault}`)].join("\n"));
    else throw error;
    return 2;
  }
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`atlhyper: ${text}\n`);
}

/**
 * Takes `--name value` and `--name=value` out of arguments. Returns the values and what is left;
 * an option that is not known, or lacks its value, is a UsageError.
 */
export function takeOptions(
  args: string[],
  known: string[],
): { options: Record<string, string>; rest: string[] } {
  const options: Record<string, string> = {};
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (!arg.startsWith("--")) {
      rest.push(arg);
      continue;
    }
    const [name, inline] = arg.slice(2).split(/=(.*)/s) as [string, string | undefined];
    if (!known.includes(name)) throw new UsageError(`--${name} is not an option of this command`);
    const value = inline ?? args[++at];
    if (value === undefined) throw new UsageError(`--${name} needs a value`);
    options[name] = value;
  }
  return { options, rest };
}

export function expectNoMore(rest: string[]): void {
  if (rest.length > 0) throw new UsageError(`nothing may follow: ${rest.join(" ")}`);
}
