import { expect, test } from "bun:test";
import { ConfigError, readEnvironment } from "../../kit/env.ts";
import { commandTypeNames, infoOf } from "../../wire/command-names.ts";
import { agentVariables, readAgentConfig } from "../config.ts";
import { commandsOf } from "./control.ts";
import { defaultRules, refusalOf } from "./rules.ts";

const base = { ATLHYPER_MASTER_URL: "http://127.0.0.1:1", ATLHYPER_TOKEN: "t" };
const rules = (more: Record<string, string>) => readAgentConfig({ ...base, ...more }).rules;

test("all commands are taken by default, none in kube-system that changes something", () => {
  expect(rules({})).toEqual(defaultRules);
  expect(refusalOf(defaultRules, "PodDelete", { ns: "shop", pod: "p" })).toBeUndefined();
  expect(refusalOf(defaultRules, "PodDelete", { ns: "kube-system", pod: "p" })).toContain("kube-system");
  expect(refusalOf(defaultRules, "PodExec", { ns: "kube-system", pod: "p" })).toContain("kube-system");
  expect(refusalOf(defaultRules, "PodGetLogs", { ns: "kube-system", pod: "p" })).toBeUndefined();
  expect(refusalOf(defaultRules, "NodeCordon", { node: "n1" })).toBeUndefined();
});

test("a protected namespace is itself protected too", () => {
  const target = { apiVersion: "v1", kind: "Namespace", name: "kube-system" };
  expect(refusalOf(defaultRules, "ResourceDelete", target)).toContain("kube-system");
  expect(refusalOf(defaultRules, "ResourceGet", target)).toBeUndefined();
});

test("what only looks is allowed where the command only says what it would do", () => {
  const target = { kind: "Deployment", ns: "kube-system", name: "coredns" };
  expect(refusalOf(defaultRules, "RolloutUndo", target, { dryRun: true })).toBeUndefined();
  expect(refusalOf(defaultRules, "RolloutUndo", target, {})).toContain("kube-system");
});

test("a command that knows no trial is not taken for one, whatever its arguments say", () => {
  const pod = { ns: "kube-system", pod: "p" };
  for (const type of commandTypeNames) {
    const { writes, tries } = infoOf(type);
    if (!writes || tries) continue;
    const target = { ...pod, apiVersion: "v1", kind: "Pod", name: "p" };
    expect(refusalOf(defaultRules, type, target, { dryRun: true }), type).toContain("kube-system");
  }
});

test("commands can be taken away: all, those that change something, all but a list, terminals", () => {
  expect(rules({ ATLHYPER_ALLOW_COMMANDS: "none" }).commands).toEqual([]);
  expect(rules({ ATLHYPER_ALLOW_COMMANDS: "read" }).commands).toEqual([
    "PodGetLogs",
    "PodLogsFollow",
    "ResourceGet",
    "ResourceList",
  ]);
  const two = rules({ ATLHYPER_ALLOW_COMMANDS: "PodRestart, NodeCordon" });
  expect(two.commands).toEqual(["PodRestart", "NodeCordon"]);
  expect(refusalOf(two, "PodDelete", { ns: "shop", pod: "p" })).toBe(
    "The agent of this cluster does not take PodDelete (ATLHYPER_ALLOW_COMMANDS).",
  );
  const still = rules({ ATLHYPER_ALLOW_EXEC: "false", ATLHYPER_PROTECT_NAMESPACES: "," });
  expect(refusalOf(still, "PodExec", { ns: "shop", pod: "p" })).toContain("ATLHYPER_ALLOW_EXEC");
  expect(refusalOf(still, "PodDelete", { ns: "kube-system", pod: "p" })).toBeUndefined();
  expect(commandsOf(still)).not.toContain("PodExec");
  expect(commandsOf(two)).toEqual(["PodRestart", "NodeCordon"]);
});

test("a type that there is not is a fault that names those there are", () => {
  const read = () => readEnvironment(agentVariables, { ATLHYPER_ALLOW_COMMANDS: "PodRestart,PodExplode" });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow("there is no PodExplode");
  for (const type of commandTypeNames) expect(read).toThrow(type);
});
