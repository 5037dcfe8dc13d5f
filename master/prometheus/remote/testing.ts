/// <reference path="./snappyjs.d.ts" />
import { uncompress } from "snappyjs";

export interface ReceivedSample {
  value: number;
  ms: number;
  /** The value's bits are those of Prometheus' stale marker. */
  stale: boolean;
}
export interface ReceivedSeries {
  labels: [name: string, value: string][];
  samples: ReceivedSample[];
}

/** Reads protobuf's fields, whatever their order: `take` gets a number for a varint, bytes for all else. */
function fields(bytes: Uint8Array, take: (field: number, value: number | Uint8Array) => void): void {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("the message ends in a number");
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === 0) take(tag >>> 3, varint());
    else if (type === 1 || type === 2) {
      const length = type === 1 ? 8 : varint();
      if (at + length > bytes.length) throw new Error("the message ends in a field");
      take(tag >>> 3, bytes.subarray(at, at + length));
      at += length;
    } else throw new Error(`there is no type ${type} in remote write`);
  }
}

const textOf = (value: number | Uint8Array) =>
  new TextDecoder("utf-8", { fatal: true }).decode(value as Uint8Array);

/** What a WriteRequest says, by prometheus/prompb/remote.proto. */
export function readWriteRequest(bytes: Uint8Array): ReceivedSeries[] {
  const all: ReceivedSeries[] = [];
  fields(bytes, (_, series) => {
    const found: ReceivedSeries = { labels: [], samples: [] };
    fields(series as Uint8Array, (field, part) => {
      if (field === 1) {
        const label: [string, string] = ["", ""];
        fields(part as Uint8Array, (which, text) => {
          label[which - 1] = textOf(text);
        });
        found.labels.push(label);
        return;
      }
      const sample: ReceivedSample = { value: 0, ms: 0, stale: false };
      fields(part as Uint8Array, (which, value) => {
        if (which === 2) sample.ms = value as number;
        else {
          const view = new DataView(Uint8Array.from(value as Uint8Array).buffer);
          sample.value = view.getFloat64(0, true);
          sample.stale = view.getBigUint64(0, true) === 0x7ff0000000000002n;
        }
      });
      found.samples.push(sample);
    });
    all.push(found);
  });
  return all;
}

/** A store that takes what is sent to it as Prometheus does; `answer` is asked first. */
export function startStore(
  answer: (request: Request, attempt: number) => Response | undefined = () => undefined,
) {
  const requests: { headers: Headers; series: ReceivedSeries[] }[] = [];
  const samples = new Map<string, ReceivedSample[]>();
  let attempts = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = new Uint8Array(await request.arrayBuffer());
      const told = answer(request, attempts++);
      if (told) return told;
      const series = readWriteRequest(uncompress(body));
      // All of a request or nothing.
      const taken = new Map<string, ReceivedSample[]>();
      for (const one of series) {
        const names = one.labels.map(([name]) => name);
        if (names.join() !== [...names].sort().join())
          return new Response("labels are not sorted", { status: 400 });
        const key = one.labels.map(([name, value]) => `${name}=${value}`).join();
        const all = taken.get(key) ?? [...(samples.get(key) ?? [])];
        taken.set(key, all);
        for (const sample of one.samples) {
          if (sample.ms <= (all.at(-1)?.ms ?? 0)) return new Response("out of order sample", { status: 400 });
          all.push(sample);
        }
      }
      for (const [key, all] of taken) samples.set(key, all);
      requests.push({ headers: request.headers, series });
      return new Response(null, { status: 204 });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/api/v1/write`,
    port: server.port!,
    requests,
    /** Of each series, by its labels as text. */
    samples,
    attempts: () => attempts,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
