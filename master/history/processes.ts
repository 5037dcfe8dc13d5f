import type { ByteReader, ByteWriter } from "./bytes.ts";
import type { ProcessSample } from "./samples.ts";

/** Differences to the time before, and each process's name once: both ends count along. */
interface Known extends ProcessSample {
  number: number;
}

export const nameOf = (one: ProcessSample) => `${one.pid}\n${one.user}\n${one.command}`;

/** The order in which they are shown, and in which they are read again: it is not kept. */
export const inOrderOfUse = (a: ProcessSample, b: ProcessSample): number => b.cpu - a.cpu || a.pid - b.pid;

export class ProcessEncoder {
  readonly #known = new Map<string, Known>();

  write(to: ByteWriter, processes: readonly ProcessSample[]): void {
    to.varint(processes.length);
    for (const one of processes) {
      const id = nameOf(one);
      let known = this.#known.get(id);
      to.varint(known?.number ?? this.#known.size);
      if (!known) {
        known = { ...one, cpu: 0, memory: 0, number: this.#known.size };
        this.#known.set(id, known);
        to.varint(one.pid);
        to.text(one.user);
        to.text(one.command);
      }
      to.zigzag(one.cpu - known.cpu);
      to.zigzag(one.memory - known.memory);
      known.cpu = one.cpu;
      known.memory = one.memory;
    }
  }
}

export class ProcessDecoder {
  readonly #known: ProcessSample[] = [];
  #skipped = 0;

  read(from: ByteReader): ProcessSample[] {
    return Array.from({ length: from.varint() }, () => {
      const number = from.varint();
      if (number === this.#known.length)
        this.#known.push({ pid: from.varint(), user: from.text(), command: from.text(), cpu: 0, memory: 0 });
      const known = this.#known[number]!;
      known.cpu += from.zigzag();
      known.memory += from.zigzag();
      return { ...known };
    });
  }

  /** Instead of reading one: who needs none reads none. */
  skip(from: ByteReader): void {
    for (let left = from.varint(); left > 0; left--) {
      if (from.varint() === this.#skipped) {
        this.#skipped++;
        from.varint();
        from.raw(from.varint());
        from.raw(from.varint());
      }
      from.varint();
      from.varint();
    }
  }
}
