import type { Subject } from "../database/metrics/subjects.ts";
import { type Amounts, isNodeAmount, nodeAmounts, secondsOf, workloadAmounts } from "./amounts.ts";
import { ByteReader } from "./bytes.ts";
import { type Head, processRow } from "./head.ts";
import { type Names, ofNode } from "./names.ts";
import { carried, totalCpu, totalMemory } from "./totals.ts";

export type TakeAmount = (id: number, sum: number, seconds: number, max: number) => void;

/** What a block in progress has come to so far: the same as once it is sealed; nothing of a cluster as a whole. */
export function eachHeadAmount(head: Head, subject: Subject, names: Names, take: TakeAmount): void {
  if (subject.kind === "Cluster") return;
  if (!ofNode(subject) && gather(head.bytes())) giveAll(take);
  else
    for (const [id, { sum, seconds, max }] of headAmounts(head, subject, names)) take(id, sum, seconds, max);
}

/** And with how it is spread, which takes longer; of CPU (0) or memory (1) of pods alone where that is enough. */
export function headAmounts(head: Head, subject: Subject, names: Names, parity?: number): Amounts {
  if (subject.kind === "Cluster") return new Map();
  if (!ofNode(subject)) {
    const samples = parity === undefined ? head.read() : head.read((id) => id % 2 === parity);
    return workloadAmounts(samples);
  }
  const nameOf = (id: number) => names.series.byID(id);
  return nodeAmounts(
    head.read((id) => isNodeAmount(nameOf(id))),
    nameOf,
  );
}

/** What is known of a column: these numbers, one after the other. Time after time the same memory. */
const sum = 1;
const max = 2;
const first = 3;
const last = 4;
const value = 5;
const firstValue = 6;
const width = 7;
let known = new Float64Array(64 * width);
let ids = new Int32Array(64);
let slots = 0;
/** The sums over all pods at each moment. */
let times = new Float64Array(256);
let totals = new Float64Array(512);
let moments = 0;

/**
 * There are ten thousand heads at a time, and a million values in them: no column is made of a workload's, and they are
 * read here rather than row by row. False where rows did not come in the order of their time.
 */
function gather(bytes: Uint8Array): boolean {
  slots = 0;
  moments = 0;
  const from = new ByteReader(bytes);
  const sets: Int32Array[] = [];
  let time = -1;
  let told = 0;
  while (!from.done) {
    const header = from.varint();
    if (header === processRow) return false;
    let places = sets[header - 1];
    if (!places) {
      places = placesOf(from, sets.length === 0);
      sets.push(places);
    }
    told += from.zigzag();
    if (told !== time) {
      if (time >= 0) endMoment(time);
      if (told < time) return false;
      time = told;
    }
    if (!addRow(bytes, from, places, time)) return false;
  }
  if (time >= 0) endMoment(time);
  return true;
}

/** False where there is a value of that moment. */
function addRow(bytes: Uint8Array, from: ByteReader, places: Int32Array, time: number): boolean {
  const data = known;
  let next = from.at;
  let once = true;
  for (let number = 0; number < places.length; number++) {
    const byte = bytes[next]!;
    const after = bytes[next + 1]!;
    let delta: number;
    if (byte < 128) {
      delta = (byte >>> 1) ^ -(byte & 1);
      next++;
    } else if (after < 128) {
      const both = (byte & 127) | (after << 7);
      delta = (both >>> 1) ^ -(both & 1);
      next += 2;
    } else {
      from.at = next;
      delta = from.zigzag();
      next = from.at;
    }
    const place = places[number]!;
    const now = data[place + value]! + delta;
    if (data[place] === 0) {
      data[place + first] = time;
      data[place + firstValue] = now;
    } else if (data[place + last] === time) once = false;
    data[place]!++;
    data[place + sum]! += now;
    data[place + last] = time;
    data[place + value] = now;
    if (now > data[place + max]!) data[place + max] = now;
  }
  from.at = next;
  return once;
}

/** Where the columns of a new kind of row are. */
function placesOf(from: ByteReader, onlyNew: boolean): Int32Array {
  const slotOf = new Map<number, number>();
  if (!onlyNew) for (let slot = 0; slot < slots; slot++) slotOf.set(ids[slot]!, slot);
  let id = 0;
  const places = new Int32Array(from.varint());
  for (let at = 0; at < places.length; at++) {
    id += from.zigzag();
    places[at] = (slotOf.get(id) ?? makeSlot(id)) * width;
  }
  return places;
}

function makeSlot(id: number): number {
  if ((slots + 1) * width > known.length) {
    known = grown(known);
    const more = new Int32Array(ids.length * 2);
    more.set(ids);
    ids = more;
  }
  known.fill(0, slots * width, (slots + 1) * width);
  ids[slots] = id;
  return slots++;
}

function endMoment(time: number): void {
  if (moments === times.length) {
    times = grown(times);
    totals = grown(totals);
  }
  const data = known;
  let cpu = 0;
  let memory = 0;
  let cpus = 0;
  let memories = 0;
  for (let slot = 0, at = 0; slot < slots; slot++, at += width) {
    if (time - data[at + last]! > carried) continue;
    if ((ids[slot]! & 1) === 0) {
      cpu += data[at + value]!;
      cpus++;
    } else {
      memory += data[at + value]!;
      memories++;
    }
  }
  times[moments] = time;
  totals[2 * moments] = cpus > 0 ? cpu : Number.NaN;
  totals[2 * moments + 1] = memories > 0 ? memory : Number.NaN;
  moments++;
}

function giveAll(take: TakeAmount): void {
  for (let slot = 0; slot < slots; slot++) {
    const at = slot * width;
    const begin = known[at + first]!;
    // Heard soon after the beginning: it was there before (totals.ts).
    if (begin <= carried && begin > times[0]!) {
      const parity = ids[slot]! & 1;
      for (let row = 0; times[row]! < begin; row++) {
        const sumAt = 2 * row + parity;
        totals[sumAt] = (Number.isNaN(totals[sumAt]!) ? 0 : totals[sumAt]!) + known[at + firstValue]!;
      }
    }
    giveOne(ids[slot]!, known[at]!, known[at + sum]!, known[at + max]!, known[at + last]! - begin, take);
  }
  for (const total of [totalCpu, totalMemory]) giveTotal(total, take);
}

function giveTotal(id: number, take: TakeAmount): void {
  let number = 0;
  let all = 0;
  let most = 0;
  let from = 0;
  let to = 0;
  for (let row = 0; row < moments; row++) {
    const one = totals[2 * row + id]!;
    if (!(one >= 0)) continue;
    if (number === 0) from = times[row]!;
    to = times[row]!;
    number++;
    all += one;
    if (one > most) most = one;
  }
  if (number > 0) giveOne(id, number, all, most, to - from, take);
}

function giveOne(
  id: number,
  number: number,
  all: number,
  most: number,
  tenths: number,
  take: TakeAmount,
): void {
  const seconds = secondsOf(number, tenths);
  take(id, (all / number) * seconds, seconds, most);
}

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const next = new Float64Array(array.length * 2);
  next.set(array);
  return next;
}
