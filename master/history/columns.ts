import { BitReader, BitWriter } from "./bits.ts";
import { ByteReader, ByteWriter, CutShortError } from "./bytes.ts";
import { type Kind, type Parts, readParts, writeParts } from "./column.ts";
import { Guides } from "./guide.ts";
import type { Pen } from "./numbers.ts";

/** Lengths stand in front, so that what is not wanted is skipped. */
export function writeColumns<C>(ids: number[], columns: ReadonlyMap<number, C>, kind: Kind<C>): Pen {
  ids.sort((a, b) => a - b);
  const head = new ByteWriter(ids.length * 3);
  const pen: Pen = { bytes: new ByteWriter(2048), bits: new BitWriter() };
  head.varint(ids.length);
  let before = 0;
  for (const id of ids) {
    head.varint(id - before);
    before = id;
  }
  const guides = new Guides();
  for (const [at, id] of ids.entries()) {
    const bytes = pen.bytes.length;
    const bits = pen.bits.align();
    const parts = kind.apart(columns.get(id)!);
    writeParts(kind, pen, parts, guides.next(at, parts));
    head.varint(pen.bytes.length - bytes);
    head.varint(pen.bits.align() - bits);
  }
  head.raw(pen.bytes.view());
  return { bytes: head, bits: pen.bits };
}

export function readColumns<C>(
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
  let byte = 0;
  let bit = 0;
  const places = ids.map(() => {
    const place = {
      byte,
      bit,
      bytes: from.varint(),
      bits: from.varint(),
      parts: undefined as Parts | undefined,
    };
    byte += place.bytes;
    bit += place.bits;
    return place;
  });
  const body = from.at;
  if (body + byte > plain.length || bit > bits.length) throw new CutShortError("a column is missing");
  const partsAt = (at: number): Parts => {
    const place = places[at];
    if (!place) throw new CutShortError("a column is written by one that is missing");
    place.parts ??= readParts(
      kind,
      {
        bytes: new ByteReader(plain, body + place.byte, body + place.byte + place.bytes),
        bits: new BitReader(bits, place.bit, place.bit + place.bits),
      },
      rows,
      mean,
      // Always one before it: it ends.
      (back) => partsAt(back > 0 ? at - back : -1).lists,
    );
    return place.parts;
  };
  for (const [at, one] of ids.entries()) {
    if (wanted && !wanted.has(one)) continue;
    const { runs, lists } = partsAt(at);
    into.set(one, kind.together(rows, runs, lists));
  }
}
