import type { BitReader, BitWriter } from "./bits.ts";
import { type ByteReader, type ByteWriter, CutShortError, zagzig, zigzag } from "./bytes.ts";

/**
 * A list of whole numbers, as short as one of these ways makes it: one number for all; differences as bytes, which
 * deflating shortens further, good for what mostly stands still; or Rice codes, good for what is noise, of the
 * differences or of what each differs from the mean. Noise of 8 bits takes 8.3 so, and 11 as deflated bytes.
 */
const constant = 0;
const asBytes = 1;
/** And the number of bits that are written as they are, 0 to 51. */
const riceOfDifferences = 2;
const riceOfMean = 64;
/** More in unary than this, and a number is written whole. */
const mostUnary = 20;
const wholeBits = 52;

/** Where columns are written: what is deflated, and what cannot become shorter. */
export interface Pen {
  bytes: ByteWriter;
  bits: BitWriter;
}
export interface Source {
  bytes: ByteReader;
  bits: BitReader;
}

export function writeNumbers({ bytes, bits }: Pen, values: readonly number[]): void {
  if (values.length === 0) return;
  const first = values[0]!;
  const differences = new Array<number>(values.length - 1);
  let still = 0;
  let changes = 0;
  let asByteBits = 0;
  for (let at = 1; at < values.length; at++) {
    const one = zigzag(values[at]! - values[at - 1]!);
    differences[at - 1] = one;
    if (one === 0) still++;
    else {
      if (at === 1 || differences[at - 2] === 0) changes++;
      asByteBits += one < 64 ? 6 : 7 * Math.ceil(Math.log2(one + 1) / 7);
    }
  }
  if (still === differences.length) {
    bytes.varint(constant);
    bytes.zigzag(first);
    return;
  }
  const mean = Math.round(values.reduce((sum, one) => sum + one, 0) / values.length);
  const fromMean = values.map((one) => zigzag(one - mean));
  const byDifference = riceOf(differences);
  const byMean = riceOf(fromMean);
  // Estimated: a run of what stands still is a few bits, whatever its length.
  if (asByteBits + 6 * changes + 12 < Math.min(byDifference.cost, byMean.cost)) {
    bytes.varint(asBytes);
    bytes.zigzag(first);
    for (const one of differences) bytes.varint(one);
  } else if (byDifference.cost <= byMean.cost) {
    bytes.varint(riceOfDifferences + byDifference.low);
    bytes.zigzag(first);
    writeRice(bits, differences, byDifference.low);
  } else {
    bytes.varint(riceOfMean + byMean.low);
    bytes.zigzag(mean);
    writeRice(bits, fromMean, byMean.low);
  }
}

/** Calls with each number in turn. */
export function readNumbers({ bytes, bits }: Source, count: number, take: (value: number) => void): void {
  if (count === 0) return;
  const way = bytes.varint();
  let value = bytes.zigzag();
  if (way >= riceOfMean) {
    const mean = value;
    for (let at = 0; at < count; at++) take(mean + zagzig(readRice(bits, way - riceOfMean)));
  } else {
    take(value);
    for (let at = 1; at < count; at++) {
      if (way === asBytes) value += bytes.zigzag();
      else if (way !== constant) value += zagzig(readRice(bits, way - riceOfDifferences));
      take(value);
    }
  }
  if (bits.past) throw new CutShortError("bits are missing");
}

/** The number of low bits that makes a list shortest, and how many bits that is. */
function riceOf(values: readonly number[]): { low: number; cost: number } {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const near = Math.max(0, Math.min(wholeBits - 1, Math.floor(Math.log2(mean * 0.7 + 1e-9))));
  let best = { low: 0, cost: Number.POSITIVE_INFINITY };
  for (let low = Math.max(0, near - 1); low <= Math.min(wholeBits - 1, near + 1); low++) {
    const unit = 2 ** low;
    let cost = 0;
    for (const one of values) {
      const high = Math.floor(one / unit);
      cost += high < mostUnary ? high + 1 + low : mostUnary + 1 + wholeBits;
    }
    if (cost < best.cost) best = { low, cost };
  }
  return best;
}

function writeRice(to: BitWriter, values: readonly number[], low: number): void {
  const unit = 2 ** low;
  for (const one of values) {
    const high = Math.floor(one / unit);
    if (high < mostUnary) {
      to.unary(high);
      to.bits(one % unit, low);
    } else {
      to.unary(mostUnary);
      to.bits(one, wholeBits);
    }
  }
}

function readRice(from: BitReader, low: number): number {
  const short = from.short(low, mostUnary);
  if (short !== undefined) return short;
  const high = from.unary();
  if (high === mostUnary) return from.bits(wholeBits);
  return high * 2 ** low + from.bits(low);
}
