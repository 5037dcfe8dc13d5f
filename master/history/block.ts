import { BitReader, BitWriter } from "./bits.ts";
import { ByteReader, ByteWriter, CutShortError } from "./bytes.ts";
import { type Figures, figuresKind, type Kind, rawKind } from "./column.ts";
import { readColumns, writeColumns } from "./columns.ts";
import type { Pen } from "./numbers.ts";
import { readProcesses, writeProcesses } from "./process-table.ts";
import type { ProcessRow, Samples } from "./samples.ts";
import { readTimes, writeTimes } from "./times.ts";

/**
 * A sealed block: all columns of one subject over some time. A directory, and sections that are deflated each for
 * itself, where that makes them shorter: the times, the columns that charts show together (precision.ts), the
 * processes.
 */
const format = 3;
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

export const encodeRaw = (block: Samples, sectionOf: SectionOf) => encode(block, sectionOf, rawKind);
export const encodeRolled = (block: Rolled, sectionOf: SectionOf) => encode(block, sectionOf, figuresKind);

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
  decode(bytes, sectionOf, figuresKind, wanted);

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
  const times = new ByteWriter(block.times.length + 8);
  writeTimes(times, block.times);
  const sections: [number, Uint8Array][] = [[timesSection, times.view()]];
  const byNumber = new Map<number, number[]>();
  for (const id of block.columns.keys()) {
    const number = sectionOf(id);
    const ids = byNumber.get(number);
    if (ids) ids.push(id);
    else byNumber.set(number, [id]);
  }
  for (const [number, ids] of [...byNumber].sort((a, b) => a[0] - b[0]))
    sections.push(...sectionsOf(number, writeColumns(ids, block.columns, kind)));
  if (block.processes.length > 0) {
    const pen: Pen = { bytes: new ByteWriter(1024), bits: new BitWriter() };
    writeProcesses(pen, block.processes);
    sections.push(...sectionsOf(processSection, pen));
  }
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
      (number % bitsOf === processSection ? processes : (sections?.has(number % bitsOf) ?? true));
    if (wanted) bodies.set(number, inflated(packed, deflated));
  }
  for (const [number, plain] of bodies)
    if (number === timesSection) block.times = readTimes(new ByteReader(plain), rows);
    else if (number === processSection)
      block.processes = readProcesses({
        bytes: new ByteReader(plain),
        bits: new BitReader(bodies.get(processSection + bitsOf) ?? nothing),
      });
    else if (number < bitsOf)
      readColumns(plain, bodies.get(number + bitsOf) ?? nothing, rows, kind, { ids, mean }, block.columns);
  return block;
}

function sectionsOf(number: number, { bytes, bits }: Pen): [number, Uint8Array][] {
  const sections: [number, Uint8Array][] = [[number, bytes.view()]];
  if (bits.align() > 0) sections.push([number + bitsOf, bits.view()]);
  return sections;
}
