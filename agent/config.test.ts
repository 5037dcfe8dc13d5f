import { expect, test } from "bun:test";
import { ConfigError, describeEnvironment } from "../kit/env.ts";
import { agentVariables, readAgentConfig } from "./config.ts";

const least = { ATLHYPER_MASTER_URL: "http://master:8080/", ATLHYPER_TOKEN: "atlc_x" };

test("address and token are enough; probes are taken only with a token of their own", () => {
  expect(readAgentConfig(least)).toMatchObject({
    masterUrl: "http://master:8080",
    token: "atlc_x",
    ingest: undefined,
    configMapPreview: 0,
    certificates: false,
    eventsEveryMs: 5000,
    metricsEveryMs: 5000,
    statusEveryMs: 30_000,
    eventBuffer: 5000,
    legacyMaster: false,
  });
  expect(readAgentConfig({ ...least, ATLHYPER_PROBE_TOKEN: "p" }).ingest).toEqual({
    host: "0.0.0.0",
    port: 8082,
    token: "p",
  });
});

test("every fault is named at once, and no token is repeated", () => {
  try {
    readAgentConfig({
      ATLHYPER_PROBE_PORT: "many",
      ATLHYPER_EVENTS_EVERY: "1ms",
      ATLHYPER_PROBE_TOKEN: "s3cret",
    });
    expect.unreachable();
  } catch (error) {
    const { faults } = error as ConfigError;
    expect(error).toBeInstanceOf(ConfigError);
    expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
      "ATLHYPER_MASTER_URL",
      "ATLHYPER_TOKEN",
      "ATLHYPER_PROBE_PORT",
      "ATLHYPER_EVENTS_EVERY",
    ]);
    expect(faults.join()).not.toContain("s3cret");
  }
});

test("a master of AtlHyper 1.x needs no token", () => {
  const environment = { ATLHYPER_MASTER_URL: "http://master", ATLHYPER_LEGACY_MASTER: "true" };
  expect(readAgentConfig(environment)).toMatchObject({ legacyMaster: true, token: "" });
});

test("help names every variable with its default", () => {
  const help = describeEnvironment(agentVariables);
  for (const variable of Object.values(agentVariables)) expect(help).toContain(variable.name);
});
