import { expect, test } from "bun:test";
import { projectPod } from "../project/pod.ts";
import { pod, running } from "../testing/objects.ts";
import { ByteText } from "./byte-text.ts";
import { createInterner } from "./intern.ts";
import { packPod, uidOfPod, writePod } from "./text.ts";

test("a packed pod is written as the JSON that it was, with its owners", () => {
  const projected = projectPod(
    pod({
      init: [running("mesh")],
      containers: [running("a"), running("b")],
      metadata: { labels: { ü: "ß" }, annotations: { zero: "a\0b" } },
    }),
  );
  const owners = [{ kind: "ReplicaSet", name: "web" }];
  for (const chain of ["", JSON.stringify(owners)]) {
    const out = new ByteText();
    writePod(packPod(projected, createInterner()), chain, out);
    const whole = { ...projected, summary: { ...projected.summary, ...(chain ? { owners } : {}) } };
    expect(JSON.parse(out.toString())).toEqual(JSON.parse(JSON.stringify(whole)));
  }
  expect(uidOfPod(packPod(projected, createInterner()))).toBe(projected.summary.uid!);
});

test("pods of one workload share what is not their own", () => {
  const intern = createInterner();
  const packed = ["a", "b"].map((name) => packPod(projectPod(pod({ metadata: { name } })), intern));
  expect(packed[0]!.shared).toBe(packed[1]!.shared);
  expect(packed[0]!.own).not.toBe(packed[1]!.own);
  expect(intern.size).toBe(1);
});

test("what is interned is bounded, and what is asked for again stays", () => {
  const intern = createInterner(10);
  intern("kept");
  for (let index = 0; index < 1000; index++) {
    intern(`text ${index}`);
    intern("kept");
  }
  expect(intern.size).toBeLessThanOrEqual(20);
});

test("text grows over any size, is counted in bytes and can be taken back", () => {
  const out = new ByteText();
  const text = "ä€😀x".repeat(50_000);
  out.add("head");
  const start = out.length;
  out.add(text);
  expect(out.toString()).toBe(`head${text}`);
  expect(out.length).toBe(4 + Buffer.byteLength(text));
  const hash = out.hashFrom(start);
  out.truncate(start);
  out.add(text);
  expect(out.hashFrom(start)).toBe(hash);
  out.add("!");
  expect(out.hashFrom(start)).not.toBe(hash);
});
