#!/usr/bin/env bun
import { type Command, complain, print, runCommand } from "./command/command.ts";
import { version } from "./wire/version.ts";

/** Loaded only when asked for: an agent must not pay for the master's memory. */
const commands: Record<string, () => Promise<Command>> = {
  up: async () => (await import("./command/up.ts")).up,
  master: async () => (await import("./command/master.ts")).master,
  agent: async () => (await import("./command/agent.ts")).agent,
  probe: async () => (await import("./command/probe.ts")).probe,
  cluster: async () => (await import("./command/cluster.ts")).cluster,
  audit: async () => (await import("./command/audit.ts")).audit,
  user: async () => (await import("./command/user.ts")).user,
  backup: async () => (await import("./command/backup.ts")).backup,
  restore: async () => (await import("./command/backup.ts")).restore,
  rules: async () => (await import("./command/rules.ts")).rules,
  tenant: async () => (await import("./command/tenant.ts")).tenant,
  token: async () => (await import("./command/token.ts")).token,
};

async function overview(): Promise<string> {
  const lines = ["Usage: atlhyper <command>", "", "Commands:"];
  for (const load of Object.values(commands)) {
    const command = await load();
    lines.push(`  ${command.usage}`, `      ${command.summary}`);
  }
  lines.push(
    "",
    "`atlhyper <command> --help` lists the command's options and every variable with its default.",
  );
  return lines.join("\n");
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    print(await overview());
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "version") {
    print(version);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    complain(`there is no command ${JSON.stringify(name)}: ${Object.keys(commands).join(", ")}`);
    return 2;
  }
  return runCommand(await load(), args, process.env);
}

process.exitCode = await main(process.argv.slice(2));
// Timers and sockets of a stopped service must not keep the process.
process.exit();
