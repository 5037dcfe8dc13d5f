import { expect, test } from "bun:test";
import { nodeOfMachine } from "./this-machine.ts";

const node = (name: string, machineID?: string) => ({
  metadata: { name, labels: { "kubernetes.io/hostname": name } },
  status: { nodeInfo: { machineID } },
});

test("a node is this machine by its machine-id, whatever it is called", () => {
  const nodes = [node("a", "1"), node("b", "2")];
  expect(nodeOfMachine(nodes, { hostname: "laptop", machineID: "2" })).toBe("b");
});

test("where the machine-id cannot be told, the name decides", () => {
  expect(nodeOfMachine([node("a"), node("pi")], { hostname: "PI", machineID: undefined })).toBe("pi");
  expect(nodeOfMachine([node("pi")], { hostname: "pi", machineID: "1" })).toBe("pi");
});

test("a machine of the same name with another machine-id is another machine", () => {
  expect(nodeOfMachine([node("pi", "9")], { hostname: "pi", machineID: "1" })).toBeUndefined();
});

test("cloned machines that share their machine-id are told apart by name", () => {
  const nodes = [node("pi-1", "7"), node("pi-2", "7")];
  expect(nodeOfMachine(nodes, { hostname: "pi-2", machineID: "7" })).toBe("pi-2");
  expect(nodeOfMachine(nodes, { hostname: "laptop", machineID: "7" })).toBeUndefined();
});
