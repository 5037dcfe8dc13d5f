import { readRuns, runsOf, spread, writeRuns } from "./column.ts";
import { type Pen, readNumbers, type Source, writeNumbers } from "./numbers.ts";
import { inOrderOfUse, nameOf } from "./processes.ts";
import type { ProcessRow, ProcessSample } from "./samples.ts";
import { readTimes, writeTimes } from "./times.ts";

interface Column {
  process: ProcessSample;
  /** NaN where it was not among those that are kept. */
  cpu: Float64Array;
  memory: Float64Array;
}

/**
 * The processes of a block, each as a column over the moments: who it was once, at which moments, and then numbers as
 * those of series. Row by row the same takes a half more.
 */
export function writeProcesses(to: Pen, rows: readonly ProcessRow[]): void {
  const { bytes } = to;
  bytes.varint(rows.length);
  writeTimes(
    bytes,
    rows.map((row) => row.time),
  );
  const columns = columnsOf(rows);
  bytes.varint(columns.length);
  for (const { process } of columns) {
    bytes.varint(process.pid);
    bytes.text(process.user);
    bytes.text(process.command);
  }
  const has = (one: number) => !Number.isNaN(one);
  for (const { cpu, memory } of columns) {
    writeRuns(bytes, runsOf(cpu));
    writeNumbers(to, cpu.filter(has));
    writeNumbers(to, memory.filter(has));
  }
}

function columnsOf(rows: readonly ProcessRow[]): Column[] {
  const columns = new Map<string, Column>();
  for (const [at, { processes }] of rows.entries())
    for (const process of processes) {
      const name = nameOf(process);
      let column = columns.get(name);
      if (!column) {
        const none = () => new Float64Array(rows.length).fill(Number.NaN);
        column = { process, cpu: none(), memory: none() };
        columns.set(name, column);
      }
      column.cpu[at] = process.cpu;
      column.memory[at] = process.memory;
    }
  return [...columns.values()];
}

export function readProcesses(from: Source): ProcessRow[] {
  const { bytes } = from;
  const rows = Array.from(readTimes(bytes, bytes.varint()), (time): ProcessRow => ({ time, processes: [] }));
  const processes = Array.from({ length: bytes.varint() }, () => ({
    pid: bytes.varint(),
    user: bytes.text(),
    command: bytes.text(),
  }));
  for (const process of processes) {
    const { runs, count } = readRuns(bytes, rows.length);
    const column = () => spread(rows.length, runs, readNumbers(from, count), Number.NaN);
    const cpu = column();
    const memory = column();
    for (const [at, row] of rows.entries())
      if (!Number.isNaN(cpu[at]!)) row.processes.push({ ...process, cpu: cpu[at]!, memory: memory[at]! });
  }
  for (const row of rows) row.processes.sort(inOrderOfUse);
  return rows;
}
