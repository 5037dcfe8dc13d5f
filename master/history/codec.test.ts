import { expect, test } from "bun:test";
import { random } from "../control/lab.ts";
import { decodeRaw, decodeRolled, encodeRaw, encodeRolled } from "./block.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import type { Figures } from "./column.ts";
import { Head, headOf } from "./head.ts";
import { inOrderOfUse } from "./processes.ts";
import { fromStored, stepOf, toStored } from "./precision.ts";
import { inOrder, type ProcessRow, type Samples } from "./samples.ts";

/** By their values: typed arrays are compared by their bytes, and NaN has several. */
const plain = (columns: ReadonlyMap<number, Float64Array>) =>
  [...columns].sort((a, b) => a[0] - b[0]).map(([id, values]) => [id, [...values]]);
const plainFigures = (columns: ReadonlyMap<number, Figures>) =>
  [...columns]
    .sort((a, b) => a[0] - b[0])
    .map(([id, figures]) => [
      id,
      Object.entries(figures)
        .map(([name, values]) => [name, [...values]])
        .sort(),
    ]);
const sections = (id: number) => 1 + (id % 4);

test("whole numbers of either sign up to 2^52 are what they were", () => {
  const next = random(1);
  const numbers = [
    0,
    1,
    -1,
    63,
    64,
    -64,
    -65,
    127,
    128,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 51,
    -(2 ** 51),
  ];
  for (let n = 0; n < 20_000; n++) numbers.push(Math.round((next() - 0.5) * 2 ** Math.floor(next() * 52)));
  const to = new ByteWriter(1);
  for (const one of numbers) to.zigzag(one);
  to.text("eth0 中");
  const from = new ByteReader(to.view());
  for (const one of numbers) expect(from.zigzag()).toBe(one + 0);
  expect(from.text()).toBe("eth0 中");
  expect(from.done).toBe(true);
  expect(() => from.varint()).toThrow();
});

test("a value survives to its precision: percents to 0.1, bytes to 4 KiB, temperatures to 0.1", () => {
  const next = random(2);
  for (const [unit, precision, most] of [
    ["share", 0.001, 1],
    ["bytes", 4096, 2 ** 45],
    ["celsius", 0.1, 120],
    ["cores", 0.001, 512],
    ["bytes/s", 256, 2 ** 35],
    ["count", 1, 2 ** 40],
  ] as const) {
    const step = stepOf("", unit);
    for (let n = 0; n < 5000; n++) {
      const value = (next() - (unit === "celsius" ? 0.5 : 0)) * most;
      expect(Math.abs(fromStored(toStored(value, step), step) - value)).toBeLessThanOrEqual(
        precision / 2 + 1e-9,
      );
      // What was rounded once stays as it is.
      const exact = Math.round(value / precision);
      expect(toStored(fromStored(exact, step), step)).toBe(exact);
    }
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1e300, 2 ** 70])
      expect(toStored(bad, step)).toBeNaN();
  }
});

function anyColumn(next: () => number, rows: number): Float64Array {
  const kind = Math.floor(next() * 5);
  let value = Math.round((next() - 0.3) * 10 ** Math.floor(next() * 14));
  let gap = false;
  return Float64Array.from({ length: rows }, () => {
    if (next() < (kind === 4 ? 0.3 : 0.02)) gap = !gap;
    if (gap) return Number.NaN;
    if (kind === 1) value += Math.round((next() - 0.5) * 10);
    if (kind === 2) value = Math.round(next() * 1e6);
    if (kind === 3) value = Math.round((next() - 0.5) * 2 ** 50);
    // Not the zero below zero, which is stored as the other one.
    return value + 0;
  });
}
const anyProcesses = (next: () => number, times: Float64Array): ProcessRow[] =>
  [...times]
    .filter(() => next() < 0.5)
    .map((time) => ({
      time,
      processes: Array.from({ length: Math.floor(next() * 6) }, (_, at) => ({
        pid: at * 1000 + Math.floor(next() * 3),
        user: "root",
        command: `name ${Math.floor(next() * 4)}`,
        cpu: Math.floor(next() * 400),
        memory: Math.floor(next() * 1e5),
      })).sort(inOrderOfUse),
    }));

test("blocks of any columns are what they were, whole or in part", () => {
  for (let seed = 1; seed <= 150; seed++) {
    const next = random(seed);
    const rows = Math.floor(next() * 130);
    let time = Math.floor(next() * 100);
    const times = Float64Array.from({ length: rows }, () => (time += 1 + Math.floor(next() ** 4 * 300)));
    const ids = new Set(Array.from({ length: Math.floor(next() * 30) }, () => 1 + Math.floor(next() * 5000)));
    const columns = new Map([...ids].map((id) => [id, anyColumn(next, rows)]));
    const block: Samples = { times, columns, processes: anyProcesses(next, times) };
    const bytes = encodeRaw(block, sections);
    const read = decodeRaw(bytes, sections);
    expect(read.times).toEqual(times);
    expect(plain(read.columns)).toEqual(plain(columns));
    expect(read.processes).toEqual(block.processes);
    const some = new Set([...ids].filter(() => next() < 0.3));
    const part = decodeRaw(bytes, sections, { ids: some });
    expect(new Set(part.columns.keys())).toEqual(some);
    for (const id of some) expect([...part.columns.get(id)!]).toEqual([...columns.get(id)!]);
    expect(part.processes).toEqual([]);
    // Cut anywhere, it is refused and not read wrong; the last byte of all may be padding of the deflated bits.
    const cut = Math.floor(next() * (bytes.length - 1));
    if (columns.size > 0 && rows > 1) expect(() => decodeRaw(bytes.slice(0, cut), sections)).toThrow();
  }
});

test("noise of any width with values far outside of it is what it was", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const next = random(seed);
    const width = 2 ** (next() * 12);
    const far = 2 ** (next() * 50);
    const drifts = next() < 0.5;
    let base = Math.round(next() * 1000);
    const values = Float64Array.from({ length: 120 }, () => {
      const value = base + Math.round((next() - 0.5) * width);
      if (drifts) base = value;
      return (next() < 0.05 ? Math.round((next() - 0.5) * far) : value) + 0;
    });
    const times = Float64Array.from(values, (_, at) => at * 50);
    const columns = new Map([[1, values]]);
    const read = decodeRaw(encodeRaw({ times, columns, processes: [] }, sections), sections);
    expect([...read.columns.get(1)!]).toEqual([...values]);
  }
});

test("the figures of a tier are what they were", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const next = random(seed);
    const rows = Math.floor(next() * 170);
    const times = Float64Array.from({ length: rows }, (_, at) => at * 600);
    const columns = new Map<number, Figures>();
    for (let id = 1; id < next() * 20; id++) {
      const avg = anyColumn(next, rows).map((value) => Math.round(value / 4) + 0);
      const off = (by: number) => avg.map((one) => one + by * Math.round(next() * 1000) + 0);
      const count = avg.map((one) => (Number.isNaN(one) ? 0 : 1 + Math.floor(next() * 12)));
      columns.set(id, { avg, min: off(-1), max: off(1), last: off(next() < 0.5 ? -1 : 1), count });
    }
    const processes = anyProcesses(next, times);
    const read = decodeRolled(encodeRolled({ times, columns, processes }, sections), sections);
    expect(read.times).toEqual(times);
    expect(plainFigures(read.columns)).toEqual(plainFigures(columns));
    const means = decodeRolled(encodeRolled({ times, columns, processes }, sections), sections, {
      mean: true,
    });
    for (const [id, { avg, count }] of columns) {
      expect([...means.columns.get(id)!.avg]).toEqual([...avg]);
      expect([...means.columns.get(id)!.count]).toEqual([...count]);
    }
    expect(read.processes).toEqual(processes);
  }
});

test("a block in progress is what was put in, in whatever order, and goes on after being read from the journal", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const next = random(seed);
    const sets = Array.from({ length: 3 }, () =>
      Array.from({ length: 1 + Math.floor(next() * 8) }, () => 1 + Math.floor(next() * 20)),
    );
    let head = new Head();
    const rows: { time: number; ids: number[]; values: number[] }[] = [];
    const processes: ProcessRow[] = [];
    for (let n = 0; n < 80; n++) {
      const ids = [...new Set(sets[Math.floor(next() ** 3 * 3)]!)];
      const time = next() < 0.1 ? Math.floor(next() * 6000) : n * 50;
      const values = ids.map(() => Math.round((next() - 0.5) * 2 ** (next() * 50)) + 0);
      head.add(time, ids, values);
      rows.push({ time, ids, values });
      if (next() < 0.2) {
        const [row] = anyProcesses(next, new Float64Array([time]));
        if (row) {
          head.addProcesses(time, row.processes);
          processes.push(row);
        }
      }
      if (next() < 0.1) {
        head.journaled = 0;
        head = headOf(head.unwritten().slice());
      }
    }
    const columns = new Map<number, Float64Array>();
    for (const [at, { ids, values }] of rows.entries())
      for (const [n, id] of ids.entries()) {
        const column = columns.get(id) ?? new Float64Array(rows.length).fill(Number.NaN);
        columns.set(id, column);
        column[at] = values[n]!;
      }
    const read = head.read();
    const expected = inOrder(
      rows.map((one) => one.time),
      columns,
    );
    expect(read.times).toEqual(expected.times);
    expect(plain(read.columns)).toEqual(plain(expected.columns));
    expect(read.processes).toEqual(processes);
  }
});
