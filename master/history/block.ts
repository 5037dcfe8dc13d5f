import { BitReader, BitWriter } from "./bits.ts";
import { ByteReader, ByteWriter, CutShortError } from "./bytes.ts";
import { type Figures, readColumn, readFigures, writeColumn, writeFigures } from "./column.ts";
import type { Pen, Source } from "./numbers.ts";
import { ProcessDecoder, ProcessEncoder } from "./processes.ts";
import type { ProcessRow, Samples } from "./samples.ts";

/**
 * A sealed block: all columns of one subject over some time. A directory, and sections that are deflated each for
 * itself, where that makes them shorter: the times, the columns that charts show together (precision.ts), the
 * processes.
 */
const format = 2;
const timesSection = 0;
const processSection = 31;
/** The noise of a section's columns, which does not deflate, is in the section of this and its number. */
const bitsOf = 32;
const level = 6;

/** A block of a tier above the raw one. */
export interface Rolled {
  times: Float64Array;
  columns: Map<number, Figures>;
  processes: ProcessRow[];
}

/** The section that a column is in, 1 to 30. */
export type SectionOf = (id: number) => number;

interface Kind<C> {
  write(to: Pen, column: C): void;
  read(from: Source, rows: number, mean?: boolean): C;
}
const rawKind: Kind<Float64Array> = { write: writeColumn, read: readColumn };
const rolledKind: Kind<Figures> = { write: writeFigures, read: readFigures };

export const encodeRaw = (block: Samples, sectionOf: SectionOf) => encode(block, sectionOf, rawKind);
export const encodeRolled = (block: Rolled, sectionOf: SectionOf) => encode(block, sectionOf, rolledKind);

/** What to read of a block: all of it where nothing is said. */
export interface Wanted {
  ids?: ReadonlySet<number>;
  processes?: boolean;
  /** The others of a tier's figures are not needed. */
  mean?: boolean;
}

/** Throws where the bytes are not a block's. */
export const decodeRaw = (bytes: Uint8Array, sectionOf: SectionOf, wanted?: Wanted): Samples =>
  decode(bytes, sectionOf, rawKind, wanted);
export const decodeRolled = (bytes: Uint8Array, sectionOf: SectionOf, wanted?: Wanted): Rolled =>
  decode(bytes, sectionOf, rolledKind, wanted);

/** The numbers of the columns in a block of any tier. */
export function columnsIn(bytes: Uint8Array): number[] {
  const { directory, from } = readDirectory(bytes);
  const found: number[] = [];
  for (const { number, deflated, length } of directory) {
    const packed = from.raw(length);
    if (number === timesSection || number >= processSection) continue;
    const plain = new ByteReader(inflated(packed, deflated));
    let id = 0;
    for (let left = plain.varint(); left > 0; left--) {
      id += plain.varint();
      found.push(id);
    }
  }
  return found;
}

function readDirectory(bytes: Uint8Array) {
  const from = new ByteReader(bytes);
  if (from.varint() !== format) throw new CutShortError("a block of another format");
  const rows = from.varint();
  const directory = Array.from({ length: from.varint() }, () => {
    const number = from.varint();
    return { number: number >> 1, deflated: number % 2 === 1, length: from.varint() };
  });
  return { from, rows, directory };
}

const inflated = (packed: Uint8Array, deflated: boolean): Uint8Array =>
  deflated ? Bun.inflateSync(packed as Uint8Array<ArrayBuffer>) : packed;

const nothing = new Uint8Array(0);

interface Block<C> {
  times: Float64Array;
  columns: Map<number, C>;
  processes: ProcessRow[];
}

function encode<C>(block: Block<C>, sectionOf: SectionOf, kind: Kind<C>): Uint8Array<ArrayBuffer> {
  const sections: [number, Uint8Array][] = [[timesSection, timesOf(block.times)]];
  const byNumber = new Map<number, number[]>();
  for (const id of block.columns.keys()) {
    const number = sectionOf(id);
    const ids = byNumber.get(number);
    if (ids) ids.push(id);
    else byNumber.set(number, [id]);
  }
  for (const [number, ids] of [...byNumber].sort((a, b) => a[0] - b[0]))
    sections.push(...columnsOf(number, ids, block.columns, kind));
  if (block.processes.length > 0) sections.push([processSection, processesOf(block.processes)]);
  const head = new ByteWriter(64);
  const body = new ByteWriter(4096);
  head.varint(format);
  head.varint(block.times.length);
  head.varint(sections.length);
  for (const [number, plain] of sections) {
    const deflated = number < bitsOf ? Bun.deflateSync(plain as Uint8Array<ArrayBuffer>, { level }) : plain;
    const shorter = deflated.length < plain.length;
    head.varint(number * 2 + (shorter ? 1 : 0));
    const bytes = shorter ? deflated : plain;
    head.varint(bytes.length);
    body.raw(bytes);
  }
  head.raw(body.view());
  return head.view().slice();
}

function decode<C>(
  bytes: Uint8Array,
  sectionOf: SectionOf,
  kind: Kind<C>,
  { ids, processes = ids === undefined, mean = false }: Wanted = {},
): Block<C> {
  const { directory, from, rows } = readDirectory(bytes);
  const sections = ids && new Set(Array.from(ids, sectionOf));
  const block: Block<C> = { times: new Float64Array(0), columns: new Map(), processes: [] };
  const bodies = new Map<number, Uint8Array>();
  for (const { number, deflated, length } of directory) {
    const packed = from.raw(length);
    const wanted =
      number === timesSection ||
      (number === processSection ? processes : (sections?.has(number % bitsOf) ?? true));
    if (wanted) bodies.set(number, inflated(packed, deflated));
  }
  for (const [number, plain] of bodies)
    if (number === timesSection) block.times = readTimes(plain, rows);
    else if (number === processSection) block.processes = readProcesses(plain);
    else if (number < bitsOf)
      readColumns(plain, bodies.get(number + bitsOf) ?? nothing, rows, kind, { ids, mean }, block.columns);
  return block;
}

/** Samples come at a steady pace: what differs is the difference of the difference, and that is mostly none. */
function timesOf(times: Float64Array): Uint8Array {
  const to = new ByteWriter(times.length + 8);
  let before = 0;
  let pace = 0;
  for (const time of times) {
    to.zigzag(time - before - pace);
    pace = time - before;
    before = time;
  }
  return to.view();
}

function readTimes(plain: Uint8Array, rows: number): Float64Array {
  const from = new ByteReader(plain);
  const times = new Float64Array(rows);
  let before = 0;
  let pace = 0;
  for (let row = 0; row < rows; row++) {
    pace += from.zigzag();
    before += pace;
    times[row] = before;
  }
  return times;
}

/** Lengths stand in front, so that what is not wanted is skipped. */
function columnsOf<C>(
  number: number,
  ids: number[],
  columns: ReadonlyMap<number, C>,
  kind: Kind<C>,
): [number, Uint8Array][] {
  ids.sort((a, b) => a - b);
  const head = new ByteWriter(ids.length * 3);
  const pen: Pen = { bytes: new ByteWriter(2048), bits: new BitWriter() };
  head.varint(ids.length);
  let before = 0;
  for (const id of ids) {
    head.varint(id - before);
    before = id;
  }
  for (const id of ids) {
    const bytes = pen.bytes.length;
    const bits = pen.bits.align();
    kind.write(pen, columns.get(id)!);
    head.varint(pen.bytes.length - bytes);
    head.varint(pen.bits.align() - bits);
  }
  head.raw(pen.bytes.view());
  const sections: [number, Uint8Array][] = [[number, head.view()]];
  if (pen.bits.align() > 0) sections.push([number + bitsOf, pen.bits.view()]);
  return sections;
}

function readColumns<C>(
  plain: Uint8Array,
  bits: Uint8Array,
  rows: number,
  kind: Kind<C>,
  { ids: wanted, mean }: { ids: ReadonlySet<number> | undefined; mean: boolean },
  into: Map<number, C>,
): void {
  const from = new ByteReader(plain);
  let id = 0;
  const ids = Array.from({ length: from.varint() }, () => {
    id += from.varint();
    return id;
  });
  const lengths = ids.map(() => [from.varint(), from.varint()] as const);
  let bit = 0;
  for (const [at, one] of ids.entries()) {
    const [length, more] = lengths[at]!;
    const end = from.at + length;
    if (end > plain.length || bit + more > bits.length) throw new CutShortError("a column is missing");
    if (!wanted || wanted.has(one))
      into.set(
        one,
        kind.read(
          { bytes: new ByteReader(plain, from.at, end), bits: new BitReader(bits, bit, bit + more) },
          rows,
          mean,
        ),
      );
    from.at = end;
    bit += more;
  }
}

function processesOf(all: readonly ProcessRow[]): Uint8Array {
  const to = new ByteWriter(512);
  const encoder = new ProcessEncoder();
  to.varint(all.length);
  let before = 0;
  for (const { time, processes } of all) {
    to.zigzag(time - before);
    before = time;
    encoder.write(to, processes);
  }
  return to.view();
}

function readProcesses(plain: Uint8Array): ProcessRow[] {
  const from = new ByteReader(plain);
  const decoder = new ProcessDecoder();
  let time = 0;
  return Array.from({ length: from.varint() }, () => {
    time += from.zigzag();
    return { time, processes: decoder.read(from) };
  });
}
