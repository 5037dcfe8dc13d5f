import { expect, test } from "bun:test";
import { hostOf } from "./testing/context.ts";
import { parsePasswd, userNames } from "./users.ts";

test("users go by the name in the machine's /etc/passwd, or by their number", () => {
  const files = new Map([["/host/etc/passwd", "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbroken\n"]]);
  const users = userNames(hostOf(files), "/host");
  expect(users("0")).toBe("root");
  expect(users("65532")).toBe("65532");
  expect(users(undefined)).toBeUndefined();
});

test("a user added later is known after a minute, and an unknown one means no read each time", () => {
  const files = new Map([["/etc/passwd", ""]]);
  const host = hostOf(files);
  let reads = 0;
  const readText = (path: string) => {
    reads++;
    return host.readText(path);
  };
  const users = userNames({ ...host, readText }, "/");
  expect(users("1000")).toBe("1000");
  files.set("/etc/passwd", "pi:x:1000:1000::/home/pi:/bin/bash\n");
  expect(users("1000")).toBe("1000");
  expect(reads).toBe(1);
  host.pass(61_000);
  expect(users("1000")).toBe("pi");
});

test("a line that is not of passwd's form is left out", () => {
  expect([...parsePasswd("a:x:-1:\n:x:5:\n+::::::\nb:x:7")]).toEqual([["7", "b"]]);
});
