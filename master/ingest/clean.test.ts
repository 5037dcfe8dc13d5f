import { expect, test } from "bun:test";
import { Pod } from "../../wire/pod.ts";
import { cleaner } from "./clean.ts";

const clean = cleaner(Pod);

test("values of environment variables and what is for display only do not get through", () => {
  const pod = {
    summary: { name: "a", namespace: "b", age: "5d", controlledBy: null },
    containers: [{ name: "c", env: [{ name: "PASSWORD", value: "hunter2" }], cpuReadable: "5m" }],
    labels: { age: "kept" },
  };
  expect(clean(pod) as unknown).toEqual({
    summary: { name: "a", namespace: "b" },
    containers: [{ name: "c", env: [{ name: "PASSWORD" }] }],
    labels: { age: "kept" },
  });
});

test("what is clean already is not copied", () => {
  const pod = { summary: { name: "a", namespace: "b" }, containers: [{ name: "c", env: [{ name: "X" }] }] };
  expect(clean(pod)).toBe(pod);
});

test("names that objects inherit are unknown fields like any other", () => {
  const pod = JSON.parse('{"summary":{"name":"a","namespace":"b","__proto__":{"x":1},"constructor":1}}');
  expect(JSON.stringify(clean(pod))).toBe('{"summary":{"name":"a","namespace":"b"}}');
});
