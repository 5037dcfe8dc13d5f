import { expect, test } from "bun:test";
import { ConfigError, describeEnvironment } from "../kit/env.ts";
import { probeVariables, readProbeConfig } from "./config.ts";
import { config } from "./testing/config.ts";

test("without any variable the probe measures this machine and looks for its agent here", () => {
  expect(readProbeConfig({}, "Pi.Local")).toEqual({
    ...config,
    token: "",
    nodeName: "pi.local",
    excludedInterfaces: ["veth*", "cali*", "lxc*", "eni*", "azv*"],
  });
});

test("a comma alone leaves no interface out", () => {
  expect(readProbeConfig({ ATLHYPER_EXCLUDE_INTERFACES: "," }, "pi").excludedInterfaces).toEqual([]);
});

test("roots lose their slash at the end, patterns their blanks", () => {
  const config = readProbeConfig(
    {
      ATLHYPER_HOST_ROOT: "/host/",
      ATLHYPER_PROC_ROOT: "/host/proc//",
      ATLHYPER_EXCLUDE_INTERFACES: "lo, veth*,,",
      ATLHYPER_NODE_NAME: "Node-1",
    },
    "pi",
  );
  expect(config).toMatchObject({
    hostRoot: "/host",
    procRoot: "/host/proc",
    excludedInterfaces: ["lo", "veth*"],
    nodeName: "node-1",
  });
});

test("every fault is told at once, and the token is not", () => {
  const read = () =>
    readProbeConfig(
      {
        ATLHYPER_AGENT_URL: "https://agent:8082",
        ATLHYPER_CPU_INTERVAL: "10s",
        ATLHYPER_PROBE_TOKEN: "bad\r\ntoken",
      },
      "pi",
    );
  expect(read).toThrow(ConfigError);
  try {
    read();
  } catch (error) {
    expect((error as ConfigError).faults).toEqual([
      'ATLHYPER_AGENT_URL must be a plain http address such as http://127.0.0.1:8082 (it is "https://agent:8082")',
      "ATLHYPER_PROBE_TOKEN must be of visible ASCII characters, as it travels in a header",
      'ATLHYPER_CPU_INTERVAL must be a duration from 1s to 3s, such as 5s or 10m (it is "10s")',
    ]);
  }
});

test("help names every variable with its default", () => {
  const help = describeEnvironment(probeVariables);
  expect(help).toMatch(/ATLHYPER_AGENT_URL .*\(default: http:\/\/127\.0\.0\.1:8082\)/);
  expect(help.split("\n")).toHaveLength(Object.keys(probeVariables).length);
});
