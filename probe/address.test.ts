import { expect, test } from "bun:test";
import { parseAddress } from "./address.ts";

test.each([
  ["http://127.0.0.1:8082", { host: "127.0.0.1", port: 8082, path: "", authority: "127.0.0.1:8082" }],
  ["http://agent/", { host: "agent", port: 80, path: "", authority: "agent" }],
  [
    "http://agent.ns.svc:8082/a/b//",
    { host: "agent.ns.svc", port: 8082, path: "/a/b", authority: "agent.ns.svc:8082" },
  ],
  ["http://[fd00::1]:8082", { host: "fd00::1", port: 8082, path: "", authority: "[fd00::1]:8082" }],
])("%s is taken apart", (url, parts) => {
  expect(parseAddress(url)).toEqual(parts);
});

test.each([
  "https://agent:8082",
  "agent:8082",
  "http://",
  "http://agent:0",
  "http://agent:99999",
  "http://user:secret@agent",
  "http://agent/?a=b",
  "http://agent\r\nX: y",
  "",
])("%j is not an address", (url) => {
  expect(() => parseAddress(url)).toThrow("must be a plain http address");
});
