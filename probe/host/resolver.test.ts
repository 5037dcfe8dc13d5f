import { expect, test } from "bun:test";
import { candidates, parseHosts, parseResolvConf } from "./resolver.ts";

test("a pod's resolv.conf is understood", () => {
  const text =
    "search atlhyper.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.43.0.10\noptions ndots:5 timeout:2 attempts:3\n";
  expect(parseResolvConf(text)).toEqual({
    servers: ["10.43.0.10"],
    search: ["atlhyper.svc.cluster.local", "svc.cluster.local", "cluster.local"],
    dots: 5,
    timeoutMs: 2000,
    attempts: 3,
  });
});

test("comments, repetitions and nonsense do no harm, and bounds are kept", () => {
  const conf = parseResolvConf(
    "# nameserver 1.1.1.1\n;x\nnameserver fe80::1%eth0\nnameserver name\nnameserver 1.2.3.4\nnameserver ::1\n" +
      "nameserver 9.9.9.9\ndomain a\nsearch b. c.d bad..name\noptions ndots:99 timeout:0 attempts:999999 rotate ndots:x",
  );
  expect(conf).toEqual({
    servers: ["1.2.3.4", "::1", "9.9.9.9"],
    search: ["b", "c.d"],
    dots: 15,
    timeoutMs: 1000,
    attempts: 2,
  });
  expect(parseResolvConf("").servers).toEqual(["127.0.0.1"]);
});

test("a name with few dots is tried below the domains first, one with many as it is", () => {
  const conf = parseResolvConf("search a.b c\noptions ndots:2");
  expect(candidates("agent", conf)).toEqual(["agent.a.b", "agent.c", "agent"]);
  expect(candidates("agent.ns.svc", conf)).toEqual(["agent.ns.svc", "agent.ns.svc.a.b", "agent.ns.svc.c"]);
  expect(candidates("agent.", conf)).toEqual(["agent"]);
});

test("the machine's own file of names is looked at first", () => {
  const hosts =
    "127.0.0.1\tlocalhost\n# 1.1.1.1 agent\n10.0.0.5 other Agent.example # agent\n::2 agent.example.\nx agent.example";
  expect(parseHosts(hosts, "agent.example")).toEqual(["10.0.0.5", "::2"]);
  expect(parseHosts(hosts, "agent")).toEqual([]);
  expect(parseHosts(hosts, "LOCALHOST.")).toEqual(["127.0.0.1"]);
});
