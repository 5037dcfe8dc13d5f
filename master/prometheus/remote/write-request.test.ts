import { expect, test } from "bun:test";
import { compress, uncompress } from "snappyjs";
import { random } from "../../control/lab.ts";
import { readWriteRequest } from "./testing.ts";
import { labelBytes, WriteRequest } from "./write-request.ts";

test("a request is, byte by byte, what prompb's definition says", () => {
  const request = new WriteRequest();
  request.series(labelBytes({ __name__: "up", a: "é" }), 1);
  request.sample(1.5, 1_700_000_000_123);
  const name = [0x0a, 14, 0x0a, 8, ...Buffer.from("__name__"), 0x12, 2, ...Buffer.from("up")];
  const label = [0x0a, 7, 0x0a, 1, 0x61, 0x12, 2, 0xc3, 0xa9];
  const value = [0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f];
  const timestamp = [0x10, 0xfb, 0xd0, 0x95, 0xff, 0xbc, 0x31];
  const series = [...name, ...label, 0x12, 16, ...value, ...timestamp];
  expect([...request.part().bytes]).toEqual([0x0a, series.length, ...series]);
});

test("whatever is written is read back: long labels, many series, every kind of number", () => {
  const next = random(3);
  const numbers = [0, -0, 1e-300, -1.5, 2 ** 53, Number.POSITIVE_INFINITY, 0.1];
  const request = new WriteRequest();
  for (let round = 0; round < 20; round++) {
    request.clear();
    const written = Array.from({ length: 1 + Math.floor(next() * 300) }, () => ({
      labels: [
        ["__name__", "x".repeat(1 + Math.floor(next() * 20))],
        ["node", "长".repeat(1 + Math.floor(next() * 400))],
      ] as [string, string][],
      samples: Array.from({ length: 1 + Math.floor(next() * 5) }, () => ({
        value: numbers[Math.floor(next() * numbers.length)]!,
        ms: Math.floor(next() * 2 ** 41),
        stale: false,
      })),
    }));
    for (const { labels, samples } of written) {
      request.series(labelBytes(Object.fromEntries(labels)), samples.length);
      for (const { value, ms } of samples) request.sample(value, ms);
    }
    expect(readWriteRequest(uncompress(compress(request.part().bytes)))).toEqual(written);
  }
});

test("a part of a request is a request of its own", () => {
  const request = new WriteRequest();
  for (const name of ["a", "b", "c", "d"]) {
    request.series(labelBytes({ __name__: name }), 2);
    request.sample(1, 1000);
    request.sample(2, 2000);
  }
  const namesOf = (from: number, to: number) =>
    readWriteRequest(request.part(from, to).bytes).map(({ labels }) => labels[0]![1]);
  expect([namesOf(0, 2), namesOf(2, 4), namesOf(1, 2)]).toEqual([["a", "b"], ["c", "d"], ["b"]]);
  expect(request.part(1, 4).samples).toBe(6);
});

test("the end of a series has the bits of Prometheus' stale marker", () => {
  const request = new WriteRequest();
  request.series(labelBytes({ __name__: "up" }), 2);
  request.sample(1, 1000);
  request.stale(1001);
  expect(readWriteRequest(request.part().bytes)[0]!.samples).toEqual([
    { value: 1, ms: 1000, stale: false },
    { value: Number.NaN, ms: 1001, stale: true },
  ]);
});
