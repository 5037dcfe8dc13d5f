import { expect, test } from "bun:test";
import { collectTwice, contextOf, hostOf } from "../testing/context.ts";
import { isUp, network, parseNetDev, parseSpeed } from "./network.ts";

const names = (part: ReturnType<typeof collectTwice>) => part.network!.map((one) => one.interface);

test("every interface that is up is told, with rates in KiB, totals, errors and drops", () => {
  expect(collectTwice(network, "raspberry-pi-4").network).toContainEqual({
    interface: "eth0",
    rxKBps: 100,
    txKBps: 10.2,
    rxBytes: 4123970000,
    txBytes: 2123510000,
    rxErrors: 0,
    txErrors: 0,
    rxDropped: 12,
    txDropped: 0,
    speedMbps: 1000,
    virtual: undefined,
  });
});

test("an interface that is off or has no carrier is left out", () => {
  expect(names(collectTwice(network, "raspberry-pi-4"))).toEqual(["lo", "eth0", "flannel.1"]);
  expect(isUp("0x1003\n", "up\n")).toBe(true);
  expect(isUp("0x9\n", "unknown\n")).toBe(true);
  expect(isUp("0x1003\n", "lowerlayerdown\n")).toBe(false);
  expect(isUp("0x1002\n", "up\n")).toBe(false);
  expect(isUp("garbage", "up")).toBe(false);
});

test("virtual interfaces are marked, and can be left out", () => {
  const marked = collectTwice(network, "x86-server").network!.filter((one) => one.virtual);
  expect(marked.map((one) => one.interface)).toEqual(["lo", "cni0", "veth3148281a", "veth4ad85de2"]);
  expect(names(collectTwice(network, "x86-server", { virtualInterfaces: false }))).toEqual(["eth0"]);
});

test("interfaces can be left out by pattern", () => {
  expect(names(collectTwice(network, "x86-server", { excludedInterfaces: ["lo", "veth*"] }))).toEqual([
    "eth0",
    "cni0",
  ]);
});

test("a counter that was reset gives no negative rate, and the other ones go on", () => {
  expect(collectTwice(network, "raspberry-pi-5").network).toContainEqual(
    expect.objectContaining({ interface: "eth0", rxKBps: 0, txKBps: 10, rxBytes: 20480 }),
  );
});

test("the first look has totals and no rates", () => {
  const files = new Map([["/proc/net/dev", "eth0: 1000 1 0 0 0 0 0 0 2000 1 0 0 0 0 0 0\n"]]);
  expect(network.start(contextOf(hostOf(files))).collect().network).toMatchObject([
    { interface: "eth0", rxKBps: 0, txKBps: 0, rxBytes: 1000, txBytes: 2000 },
  ]);
});

test("names with colons, and counters glued to the colon, are read", () => {
  const line = "eth0:1:123 1 0 0 0 0 0 0 456 1 0 0 0 0 0 0";
  expect(parseNetDev(line).get("eth0:1")).toMatchObject({ rxBytes: 123, txBytes: 456 });
  expect(parseNetDev("Inter-| Receive\n face |bytes\n eth0: 1 2 3\n").size).toBe(0);
});

test("of thousands of interfaces 512 are told", () => {
  const lines = Array.from({ length: 3000 }, (_, index) => `veth${index}: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0`);
  expect(parseNetDev(lines.join("\n")).size).toBe(512);
});

test("a driver that does not know the speed prints -1", () => {
  expect(parseSpeed("2500\n")).toBe(2500);
  expect(parseSpeed("-1\n")).toBeUndefined();
  expect(parseSpeed("")).toBeUndefined();
});
