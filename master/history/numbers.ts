import type { BitReader, BitWriter } from "./bits.ts";
import { type ByteReader, type ByteWriter, CutShortError, zagzig, zigzag } from "./bytes.ts";

/**
 * A list of whole numbers, as short as one of these ways makes it: one number for all; differences as bytes, which
 * deflating shortens further, good for what mostly stands still; or Rice codes, good for what is noise, of the
 * differences or of what each differs from the mean or from the least. Noise of 8 bits takes 8.3 so, and 11 as deflated bytes.
 */
const constant = 0;
const asBytes = 1;
/** And the number of bits that are written as they are, 0 to 51. */
const riceOfDifferences = 2;
const riceOfMean = 64;
const riceOfLeast = 128;
/** How often a unit goes into each of them: the unit's number, and a list. */
const scaled = 60;
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

/**
 * Probes send amounts with four digits: a used memory of 9,876 MB moves by 10 MB, which is 2441.4 of the 4 KiB in
 * which it is stored. Counted in tens of megabytes it moves by ones.
 */
const units = [9, 8, 7, 6, 5]
  .map((exponent) => 10 ** exponent / 4096)
  .concat([6, 5, 4, 3, 2, 1].map((exponent) => 10 ** exponent));

/** The way in which a list is written, and about how many bits that takes. */
export interface Plan {
  way: number;
  cost: number;
  first: number;
  /** What is written after the way and the first. */
  rest: ArrayLike<number>;
  /** Of a scaled one: the number of its unit. */
  unit?: number;
  of?: Plan;
}

/** The shortest way of a list that has a number. */
export function planOf(values: ArrayLike<number>): Plan {
  const plain = plainPlanOf(values);
  if (plain.way === constant || plain.cost < 2 * values.length) return plain;
  const unit = units.findIndex((one) => goesInto(one, values));
  if (unit < 0) return plain;
  const of = plainPlanOf(Float64Array.from(values, (one) => Math.round(one / units[unit]!)));
  const cost = of.cost + 10;
  return cost < plain.cost ? { way: scaled, cost, first: 0, rest: [], unit, of } : plain;
}

function goesInto(unit: number, values: ArrayLike<number>): boolean {
  for (let at = 0; at < values.length; at++)
    if (Math.round(Math.round(values[at]! / unit) * unit) !== values[at]) return false;
  return true;
}

function plainPlanOf(values: ArrayLike<number>): Plan {
  const first = values[0]!;
  const differences = new Float64Array(values.length - 1);
  let still = 0;
  let changes = 0;
  let asByteBits = 0;
  let sum = first;
  let least = first;
  for (let at = 1; at < values.length; at++) {
    sum += values[at]!;
    if (values[at]! < least) least = values[at]!;
    const one = zigzag(values[at]! - values[at - 1]!);
    differences[at - 1] = one;
    if (one === 0) still++;
    else {
      if (at === 1 || differences[at - 2] === 0) changes++;
      asByteBits += one < 64 ? 6 : 7 * Math.ceil(Math.log2(one + 1) / 7);
    }
  }
  if (still === differences.length) return { way: constant, cost: 8, first, rest: [] };
  const mean = Math.round(sum / values.length);
  const fromMean = Float64Array.from(values, (one) => zigzag(one - mean));
  const fromLeast = Float64Array.from(values, (one) => one - least);
  const byDifference = riceOf(differences);
  const byMean = riceOf(fromMean);
  const byLeast = riceOf(fromLeast);
  // Estimated: a run of what stands still is a few bits, whatever its length.
  const cost = asByteBits + 6 * changes + 12;
  if (cost < Math.min(byDifference.cost, byMean.cost, byLeast.cost))
    return { way: asBytes, cost, first, rest: differences };
  const rice = (way: number, { low, cost }: typeof byMean, from: number, rest: Float64Array): Plan => ({
    way: way + low,
    cost,
    first: from,
    rest,
  });
  if (byDifference.cost <= Math.min(byMean.cost, byLeast.cost))
    return rice(riceOfDifferences, byDifference, first, differences);
  return byLeast.cost < byMean.cost
    ? rice(riceOfLeast, byLeast, least, fromLeast)
    : rice(riceOfMean, byMean, mean, fromMean);
}

export function writePlan(to: Pen, plan: Plan): void {
  const { bytes, bits } = to;
  bytes.varint(plan.way);
  if (plan.of) {
    bytes.varint(plan.unit!);
    writePlan(to, plan.of);
    return;
  }
  bytes.zigzag(plan.first);
  if (plan.way === asBytes) for (let at = 0; at < plan.rest.length; at++) bytes.varint(plan.rest[at]!);
  else if (plan.way >= riceOfLeast) writeRice(bits, plan.rest, plan.way - riceOfLeast);
  else if (plan.way >= riceOfMean) writeRice(bits, plan.rest, plan.way - riceOfMean);
  else if (plan.way !== constant) writeRice(bits, plan.rest, plan.way - riceOfDifferences);
}

export function writeNumbers(to: Pen, values: ArrayLike<number>): void {
  if (values.length > 0) writePlan(to, planOf(values));
}

/** So many numbers; of those whose way was read already, that way. */
export function readNumbers(from: Source, count: number, way?: number): Float64Array {
  const values = new Float64Array(count);
  if (count === 0) return values;
  const { bytes, bits } = from;
  const how = way ?? bytes.varint();
  if (how === scaled) {
    const unit = units[bytes.varint()];
    if (unit === undefined) throw new CutShortError("an unknown unit");
    return readNumbers(from, count).map((one) => Math.round(one * unit));
  }
  let value = bytes.zigzag();
  if (how >= riceOfLeast) {
    for (let at = 0; at < count; at++) values[at] = value + readRice(bits, how - riceOfLeast);
  } else if (how >= riceOfMean) {
    for (let at = 0; at < count; at++) values[at] = value + zagzig(readRice(bits, how - riceOfMean));
  } else if (how === constant) values.fill(value);
  else {
    values[0] = value;
    for (let at = 1; at < count; at++) {
      value += how === asBytes ? bytes.zigzag() : zagzig(readRice(bits, how - riceOfDifferences));
      values[at] = value;
    }
  }
  if (bits.past) throw new CutShortError("bits are missing");
  return values;
}

/** The number of low bits that makes a list shortest, and how many bits that is. */
function riceOf(values: Float64Array): { low: number; cost: number } {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  const mean = sum / values.length;
  const near = Math.max(0, Math.min(wholeBits - 1, Math.floor(Math.log2(mean * 0.7 + 1e-9))));
  let best = { low: 0, cost: Number.POSITIVE_INFINITY };
  for (let low = Math.max(0, near - 1); low <= Math.min(wholeBits - 1, near + 1); low++) {
    const unit = 2 ** low;
    let cost = 0;
    for (let at = 0; at < values.length; at++) {
      const high = Math.floor(values[at]! / unit);
      cost += high < mostUnary ? high + 1 + low : mostUnary + 1 + wholeBits;
    }
    if (cost < best.cost) best = { low, cost };
  }
  return best;
}

function writeRice(to: BitWriter, values: ArrayLike<number>, low: number): void {
  const unit = 2 ** low;
  for (let at = 0; at < values.length; at++) {
    const one = values[at]!;
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
