import { expect, test } from "bun:test";
import { mangled, seeded } from "../testing/mangle.ts";
import { encodeQuestion, isName, parseAnswer, typeA, typeAAAA } from "./dns.ts";

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const question = encodeQuestion(0xabcd, "agent.svc", typeA);
const name = "05 6167656e74 03 737663 00";
const head = (id: string, flags: string, answers: string) => `${id} ${flags} 0001 ${answers} 0000 0000`;
const record = (type: string, length: string, data: string) => `c00c ${type} 0001 00000005 ${length} ${data}`;
const answer = (answers: string, records: string, flags = "8180", id = "abcd", asked = "0001 0001") =>
  bytes(`${head(id, flags, answers)} ${name} ${asked} ${records}`);

test("a question is laid out as RFC 1035 has it", () => {
  expect(Buffer.from(question)).toEqual(
    Buffer.from(bytes(`${head("abcd", "0100", "0000")} ${name} 0001 0001`)),
  );
});

test("the addresses of an answer are told, also behind an alias", () => {
  const alias = record("0005", "0004", "01 78 c0 0c");
  const records = `${alias} ${record("0001", "0004", "0a000001")} 01 78 c00c 0001 0001 00000005 0004 0a0000ff`;
  expect(parseAnswer(answer("0003", records), question)).toEqual({
    code: 0,
    addresses: ["10.0.0.1", "10.0.0.255"],
  });
});

test("an address of IPv6 is told in its groups", () => {
  const asked = encodeQuestion(1, "agent.svc", typeAAAA);
  const six = record("001c", "0010", "20010db8000000000000000000000001");
  expect(parseAnswer(answer("0001", six, "8180", "0001", "001c 0001"), asked)?.addresses).toEqual([
    "2001:db8:0:0:0:0:0:1",
  ]);
});

test("that a name does not exist, and that it has no address, are answers", () => {
  expect(parseAnswer(answer("0000", "", "8183"), question)).toEqual({ code: 3, addresses: [] });
  expect(parseAnswer(answer("0000", ""), question)).toEqual({ code: 0, addresses: [] });
});

test("what answers another question is none", () => {
  const address = record("0001", "0004", "0a000001");
  expect(parseAnswer(answer("0001", address, "8180", "abce"), question)).toBeUndefined();
  expect(parseAnswer(answer("0001", address, "0100"), question)).toBeUndefined();
  expect(parseAnswer(answer("0001", address, "8180", "abcd", "001c 0001"), question)).toBeUndefined();
  expect(parseAnswer(answer("0001", address), encodeQuestion(0xabcd, "agent.svx", typeA))).toBeUndefined();
  expect(parseAnswer(answer("0001", address).subarray(0, 20), question)).toBeUndefined();
  expect(parseAnswer(new Uint8Array(0), question)).toBeUndefined();
});

test("records that are cut, or have no end, end the list", () => {
  const good = record("0001", "0004", "0a000001");
  for (const bad of [
    "c0",
    "c00c 0001",
    record("0001", "ffff", "0a"),
    "3f 41",
    "80 41",
    record("0001", "0003", "0a0000"),
  ])
    expect(parseAnswer(answer("ffff", `${good} ${bad}`), question)).toEqual({
      code: 0,
      addresses: ["10.0.0.1"],
    });
  expect(parseAnswer(answer("ffff", good.repeat(500)), question)!.addresses).toHaveLength(8);
});

test("noise behind the right head neither throws nor takes time", () => {
  const random = seeded(3);
  const text = Buffer.from(answer("0005", record("0001", "0004", "0a000001").repeat(5))).toString("latin1");
  for (let count = 0; count < 2000; count++) {
    const noisy = new Uint8Array(Buffer.from(mangled(random, text), "latin1"));
    const told = parseAnswer(noisy, question);
    if (told) for (const address of told.addresses) expect(address).toMatch(/^\d{1,3}(\.\d{1,3}){3}$/);
  }
});

test("a name has labels of 1 to 63 bytes, and no more than 253 in all", () => {
  for (const good of ["a", "agent.atlhyper.svc.cluster.local", "_srv.x", "x".repeat(63)])
    expect(isName(good)).toBe(true);
  for (const bad of ["", ".", "a..b", "a.", "x".repeat(64), "a b", "ä", `${"a.".repeat(126)}aa`])
    expect(isName(bad)).toBe(false);
});
