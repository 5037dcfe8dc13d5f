import { expect, test } from "bun:test";
import {
  boolean,
  bytes,
  ConfigError,
  describeEnvironment,
  duration,
  httpUrl,
  oneOf,
  port,
  readEnvironment,
  secret,
  text,
} from "./env.ts";

const table = {
  port: port("PORT", "8080", "where to listen"),
  every: duration("1s", "1h")("EVERY", "5s", "how often"),
  size: bytes("SIZE", "1Gi", "how much"),
  url: httpUrl("URL", "", "where to"),
  on: boolean("ON", "false", "whether"),
  level: oneOf("info", "debug")("LEVEL", "info", "how much to say"),
  token: secret("TOKEN", "", "the token"),
  name: text("NAME", "", "the name"),
};

test("defaults hold where nothing, or an empty value, is given", () => {
  expect(readEnvironment(table, { PORT: "" })).toEqual({
    port: 8080,
    every: 5000,
    size: 2 ** 30,
    url: "",
    on: false,
    level: "info",
    token: "",
    name: "",
  });
});

test("values are read in their units", () => {
  const values = readEnvironment(table, {
    EVERY: "1.5m",
    SIZE: "64Mi",
    ON: "yes",
    URL: "https://a.example/x/",
  });
  expect(values).toMatchObject({ every: 90_000, size: 64 * 2 ** 20, on: true, url: "https://a.example/x" });
});

test("every fault is named in one error", () => {
  try {
    readEnvironment(table, {
      PORT: "99999",
      EVERY: "2h",
      SIZE: "much",
      URL: "ftp://x",
      ON: "maybe",
      LEVEL: "loud",
    });
    expect.unreachable();
  } catch (error) {
    const faults = (error as ConfigError).faults;
    expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
      "PORT",
      "EVERY",
      "SIZE",
      "URL",
      "ON",
      "LEVEL",
    ]);
    expect(faults[1]).toContain("1s to 1h");
  }
});

test("an address with a password in it is refused, and help names each variable with its default", () => {
  expect(() => readEnvironment(table, { URL: "http://user:pass@x" })).toThrow(ConfigError);
  const help = describeEnvironment(table);
  for (const one of Object.values(table)) expect(help).toContain(one.name);
  expect(help).toContain("(default: 8080)");
});
