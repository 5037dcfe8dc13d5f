import { expect, test } from "bun:test";
import type { ConfigError } from "../../../kit/env.ts";
import { readMasterConfig } from "../../config.ts";
import { remoteWriteSettings } from "./settings.ts";

const at = (environment: Record<string, string>) =>
  remoteWriteSettings(
    readMasterConfig(
      Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [`ATLHYPER_REMOTE_WRITE_${name}`, value]),
      ),
    ),
  );
const url = "http://10.0.0.7:9090/api/v1/write?key=abcdef";

function faultsOf(environment: Record<string, string>): string {
  try {
    at(environment);
  } catch (error) {
    return (error as ConfigError).faults.join("\n");
  }
  return "";
}

test("nothing is sent where no address is given", () => {
  expect(at({})).toBeUndefined();
});

test("credentials become one header, and all that is secret is known as such", () => {
  expect(at({ URL: url, USERNAME: "me", PASSWORD: "hunter22" })).toMatchObject({
    url,
    headers: { authorization: `Basic ${btoa("me:hunter22")}` },
    secrets: ["hunter22", btoa("me:hunter22"), "?key=abcdef", "/api/v1/write"],
  });
  expect(
    at({ URL: url, BEARER_TOKEN: "abc.def", HEADERS: "X-Scope-OrgID=a=b, c; X-Key=1" })!.headers,
  ).toEqual({
    "X-Scope-OrgID": "a=b, c",
    "X-Key": "1",
    authorization: "Bearer abc.def",
  });
  expect(at({ URL: url, CLUSTERS: "home, my lab ,", METRICS: "atlhyper_node_.+|x" })).toMatchObject({
    clusters: new Set(["home", "my lab"]),
    metrics: /^(?:atlhyper_node_.+|x)$/,
  });
});

test.each<[what: string, environment: Record<string, string>, fault: string]>([
  ["another protocol", { URL: "ftp://x/" }, "ATLHYPER_REMOTE_WRITE_URL must be an address of http or https"],
  ["a password in the address", { URL: "http://u:hunter22@x/" }, "ATLHYPER_REMOTE_WRITE_URL must not carry"],
  ["no address", { USERNAME: "u" }, "ATLHYPER_REMOTE_WRITE_URL is not set"],
  [
    "a password without a name",
    { URL: url, PASSWORD: "hunter22" },
    "ATLHYPER_REMOTE_WRITE_USERNAME is not set",
  ],
  ["two ways to sign in", { URL: url, USERNAME: "u", BEARER_TOKEN: "hunter22" }, "exclude each other"],
  ["a header of ours", { URL: url, HEADERS: "Content-Type=hunter22" }, "must not set Content-Type"],
  ["no header", { URL: url, HEADERS: "hunter22" }, "ATLHYPER_REMOTE_WRITE_HEADERS must be name=value"],
  ["no expression", { URL: url, METRICS: "(" }, "ATLHYPER_REMOTE_WRITE_METRICS must be a regular expression"],
  ["no file", { URL: url, CA: "/nowhere.pem" }, "/nowhere.pem cannot be read (ENOENT)"],
])("%s is a fault that says what would be right, and shows no secret", (_, environment, fault) => {
  const told = faultsOf(environment);
  expect(told).toContain(fault);
  expect(told).not.toContain("hunter22");
});
