import { ByteReader, ByteWriter } from "./bytes.ts";
import { ProcessDecoder, ProcessEncoder } from "./processes.ts";
import { inOrder, type ProcessRow, type ProcessSample, type Samples } from "./samples.ts";

/** The header of a row of processes; those of values are the number of their set of columns and one. */
export const processRow = 0;

/**
 * A block in progress: rows in the order in which they came, each by its differences to the one before. The bytes are
 * what the journal keeps, too, from where it ended: little memory, and nothing to be written twice.
 */
export class Head {
  readonly #bytes = new ByteWriter();
  /**
   * Which columns a row has, and where their last values are, for each kind of row that there was: a node's are nearly
   * always the same, a workload has one for each node that its pods are on. One list for all: how many, their columns,
   * their places; there are thousands of heads, and a list for each would be ten thousands.
   */
  readonly #sets: number[] = [];
  /** Where each of them begins. */
  readonly #begins: number[] = [];
  readonly #ids: number[] = [];
  readonly #last: number[] = [];
  #processes: ProcessEncoder | undefined;
  #time = 0;
  #latest = -1;
  #set = -1;
  /** Bytes that the journal has. */
  journaled = 0;

  get size(): number {
    return this.#bytes.length;
  }

  /** Whether there is a row of values of this time. */
  has(time: number): boolean {
    // Nearly always it is a new one.
    return time <= this.#latest && this.read().times.includes(time);
  }

  columns(): Iterable<number> {
    return this.#ids;
  }

  /** Adds a row; `ids` and `values` are as long as each other. */
  add(time: number, ids: readonly number[], values: readonly number[]): void {
    const bytes = this.#bytes;
    const set = this.#setOf(ids);
    bytes.varint(set + 1);
    if (set === this.#begins.length) {
      this.#begins.push(this.#sets.length);
      this.#sets.push(ids.length, ...ids, ...this.#slotsOf(ids));
      bytes.varint(ids.length);
      let before = 0;
      for (const id of ids) {
        bytes.zigzag(id - before);
        before = id;
      }
    }
    this.#set = set;
    bytes.zigzag(time - this.#time);
    this.#time = time;
    if (time > this.#latest) this.#latest = time;
    const slots = this.#begins[set]! + 1 + ids.length;
    for (let at = 0; at < ids.length; at++) {
      const slot = this.#sets[slots + at]!;
      const value = values[at]!;
      bytes.zigzag(value - this.#last[slot]!);
      this.#last[slot] = value;
    }
  }

  addProcesses(time: number, processes: readonly ProcessSample[]): void {
    this.#bytes.varint(processRow);
    this.#bytes.zigzag(time - this.#time);
    this.#time = time;
    this.#processes ??= new ProcessEncoder();
    this.#processes.write(this.#bytes, processes);
  }

  /** What the journal does not have yet. */
  unwritten(): Uint8Array {
    return this.#bytes.view(this.journaled);
  }

  /** Everything, as it would be read from a sealed block; or of some columns alone. */
  read(only?: (id: number) => boolean): Samples {
    return readRows(this.#bytes.view(), only);
  }

  /** Its rows as they came. */
  bytes(): Uint8Array {
    return this.#bytes.view();
  }

  #setOf(ids: readonly number[]): number {
    if (this.#set >= 0 && this.#same(this.#set, ids)) return this.#set;
    for (let set = 0; set < this.#begins.length; set++) if (this.#same(set, ids)) return set;
    return this.#begins.length;
  }

  #same(set: number, ids: readonly number[]): boolean {
    const begin = this.#begins[set]!;
    if (this.#sets[begin] !== ids.length) return false;
    for (let at = 0; at < ids.length; at++) if (this.#sets[begin + 1 + at] !== ids[at]) return false;
    return true;
  }

  /** Where the last values of columns are; new ones begin with 0. */
  #slotsOf(ids: readonly number[]): number[] {
    const slots = new Map(this.#ids.map((id, slot) => [id, slot]));
    return ids.map((id) => {
      let slot = slots.get(id);
      if (slot === undefined) {
        slot = this.#ids.push(id) - 1;
        this.#last.push(0);
        slots.set(id, slot);
      }
      return slot;
    });
  }
}

/** A head as the journal has kept it: replayed, so that what comes next goes on from it. */
export function headOf(bytes: Uint8Array): Head {
  const head = new Head();
  eachRow(bytes, {
    values: (time, { ids }, values) => head.add(time, ids, values),
    processes: (time, processes) => head.addProcesses(time, processes),
  });
  head.journaled = head.size;
  return head;
}

function readRows(bytes: Uint8Array, only?: (id: number) => boolean): Samples {
  const times: number[] = [];
  const ids: number[] = [];
  const columns: (number[] | undefined)[] = [];
  const processes: ProcessRow[] = [];
  const picked = new Map<RowSet, number[]>();
  const pick = (set: RowSet): number[] => {
    const found = Array.from(set.ids.keys()).filter((at) => !only || only(set.ids[at]!));
    picked.set(set, found);
    return found;
  };
  eachRow(bytes, {
    values(time, set, values) {
      const row = times.push(time) - 1;
      const places = picked.get(set) ?? pick(set);
      for (let number = 0; number < places.length; number++) {
        const at = places[number]!;
        const slot = set.slots[at]!;
        let column = columns[slot];
        if (!column) {
          column = [];
          columns[slot] = column;
          ids[slot] = set.ids[at]!;
        }
        while (column.length < row) column.push(Number.NaN);
        column[row] = values[at]!;
      }
    },
    ...(only ? {} : { processes: (time, found) => processes.push({ time, processes: found }) }),
  });
  const filled = new Map<number, Float64Array>();
  for (const [slot, values] of columns.entries()) {
    if (!values) continue;
    const column = new Float64Array(times.length);
    column.set(values);
    column.fill(Number.NaN, values.length);
    filled.set(ids[slot]!, column);
  }
  return { ...inOrder(times, filled), processes };
}

/** The columns that a row has, and their places among all that there are, in the order in which these came. */
interface RowSet {
  ids: readonly number[];
  slots: readonly number[];
}

interface RowSink {
  /** The values are of this row only as long as it is looked at. */
  values(time: number, set: RowSet, values: readonly number[]): void;
  processes?(time: number, processes: ProcessSample[]): void;
}

/** Reads rows up to the last whole one: a kill may have cut the journal's last entry off. */
function eachRow(bytes: Uint8Array, sink: RowSink): void {
  const from = new ByteReader(bytes);
  const sets: (RowSet & { values: number[] })[] = [];
  const slotOf = new Map<number, number>();
  const last: number[] = [];
  const decoder = new ProcessDecoder();
  let time = 0;
  while (!from.done) {
    const header = from.varint();
    if (header === processRow) {
      time += from.zigzag();
      if (sink.processes) sink.processes(time, decoder.read(from));
      else decoder.skip(from);
      continue;
    }
    let set = sets[header - 1];
    if (!set) {
      let before = 0;
      const ids = Array.from({ length: from.varint() }, () => (before += from.zigzag()));
      const slots = ids.map((id) => {
        const known = slotOf.get(id) ?? last.push(0) - 1;
        slotOf.set(id, known);
        return known;
      });
      set = { ids, slots, values: ids.map(() => 0) };
      sets.push(set);
    }
    time += from.zigzag();
    const { slots, values } = set;
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at]!;
      const value = last[slot]! + from.zigzag();
      last[slot] = value;
      values[at] = value;
    }
    sink.values(time, set, values);
  }
}
