import type { Line, Points } from "../datasource/values/measured.ts";
import { measuredOf } from "../datasource/values/measured.ts";
import { storedOf } from "../datasource/values/stored.ts";
import type { Over, Reader, SeriesOver } from "./reader.ts";

/** So many means a window is made of, however long it is. */
const points = 72;
const mostWindows = 60_000;
/** What nobody has asked for in so long is let go of. */
const keptMs = 10 * 60_000;
/** Reading the past takes one part in so many of the time. */
const rest = 10;
const leastPauseMs = 20;

interface Window {
  values: Float32Array;
  stepMs: number;
  /** Which step the newest mean is of, and of how many values it is. */
  step: number;
  count: number;
  known: boolean;
  askedMs: number;
}

/** Windows of one subject that are filled together, from one reading of the past. */
interface Wanted {
  cluster: string;
  line: Line;
  ms: number;
  windows: { window: Window; line: Line }[];
}

export interface WindowsOptions {
  over: Reader["over"];
  failed(what: string, error: unknown): void;
  now?: () => number;
}

/**
 * What lines had until now, for rules that look back: each as 72 means. The past is read once from the history, when a
 * window is asked for first, a subject at a time and with pauses; from then on it goes along with what is.
 */
export class HistoryWindows {
  readonly #o: WindowsOptions;
  readonly #windows = new Map<string, Window>();
  readonly #wanted = new Map<string, Wanted>();
  #timer: Timer | undefined;
  #sweptMs = 0;
  #full = false;

  constructor(options: WindowsOptions) {
    this.#o = options;
  }

  /** Undefined until the past was read, or where there are too many windows already. */
  get(cluster: string, line: Line, ms: number, now: number): Points | undefined {
    const window = this.#windowFor(cluster, line, ms, now);
    if (!window) return undefined;
    window.askedMs = now;
    if (!Number.isNaN(line.value)) put(window, now, line.value);
    return window.known ? pointsOf(window, now) : undefined;
  }

  /** Reads the past of what waits for it, without pauses; for tests and benches. */
  settle(): void {
    while (this.#wanted.size > 0) this.#readNext();
  }

  get size(): number {
    return this.#windows.size;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted.clear();
  }

  #windowFor(cluster: string, line: Line, ms: number, now: number): Window | undefined {
    const { kind, namespace, name } = line.subject;
    const subject = `${cluster}\n${kind}\n${namespace}\n${name}\n${ms}`;
    const key = `${subject}\n${line.group}\n${line.series}`;
    const known = this.#windows.get(key);
    // What nobody looked at for a while has a hole, which the history has not.
    if (known && now - known.askedMs <= keptMs) return known;
    this.#sweep(now);
    if (this.#windows.size >= mostWindows) {
      if (!this.#full)
        this.#o.failed("looking back", new Error(`rules look at more than ${mostWindows} windows`));
      this.#full = true;
      return undefined;
    }
    const stepMs = stepOf(ms);
    const window: Window = {
      values: new Float32Array(points).fill(Number.NaN),
      stepMs,
      step: Math.floor(now / stepMs),
      count: 0,
      known: false,
      askedMs: now,
    };
    this.#windows.set(key, window);
    const wanted = this.#wanted.get(subject);
    if (wanted) wanted.windows.push({ window, line });
    else this.#wanted.set(subject, { cluster, line, ms, windows: [{ window, line }] });
    this.#timer ??= setTimeout(() => this.#read(), leastPauseMs).unref();
    return window;
  }

  #read(): void {
    const start = performance.now();
    this.#readNext();
    const spent = performance.now() - start;
    this.#timer =
      this.#wanted.size === 0
        ? undefined
        : setTimeout(() => this.#read(), Math.max(leastPauseMs, spent * (rest - 1))).unref();
  }

  #readNext(): void {
    for (const [key, wanted] of this.#wanted) {
      this.#wanted.delete(key);
      try {
        this.#fill(wanted);
      } catch (error) {
        this.#o.failed("looking back", error);
      }
      for (const { window } of wanted.windows) window.known = true;
      return;
    }
  }

  #fill({ cluster, line, ms, windows }: Wanted): void {
    const now = this.#o.now?.() ?? Date.now();
    const of = measuredOf(line.subject);
    const stored = windows.map((one) => ({ ...one, ...storedOf(of, one.line.group, one.line.series) }));
    const names = new Set(
      stored.flatMap((one) => [one.series, one.by ?? one.series].map((name) => `${one.line.group}\n${name}`)),
    );
    const { kind, namespace, name } = line.subject;
    const over = this.#o.over(
      { cluster, kind, namespace, name },
      { fromMs: now - ms, toMs: now, stepMs: stepOf(ms), mean: true },
      (one) => names.has(`${one.group}\n${one.name}`),
    );
    if (over) for (const one of stored) fill(one.window, over, one.line, one);
  }

  #sweep(now: number): void {
    if (now - this.#sweptMs < 60_000) return;
    this.#sweptMs = now;
    this.#full = false;
    for (const [key, { askedMs }] of this.#windows) if (now - askedMs > keptMs) this.#windows.delete(key);
  }
}

/** Whole seconds, and whole minutes where that is more: what the tiers of the history have. */
function stepOf(ms: number): number {
  const seconds = Math.ceil(ms / points / 1000);
  const unit = seconds > 60 ? 60 : 5;
  return Math.ceil(seconds / unit) * unit * 1000;
}

function put(window: Window, now: number, value: number): void {
  const step = Math.floor(now / window.stepMs);
  if (step < window.step) return;
  if (step > window.step) {
    for (let missed = Math.max(window.step + 1, step - points + 1); missed <= step; missed++)
      window.values[missed % points] = Number.NaN;
    window.step = step;
    window.count = 0;
  }
  const at = step % points;
  const before = window.count === 0 ? 0 : window.values[at]!;
  window.count++;
  window.values[at] = before + (value - before) / window.count;
}

function pointsOf({ values, stepMs, step }: Window, now: number): Points {
  const times = new Float64Array(points);
  const ordered = new Float64Array(points);
  for (let at = 0; at < points; at++) {
    const one = step - points + 1 + at;
    // Of the middle of their step; the newest of what has passed of it.
    times[at] = one === step ? (one * stepMs + Math.min(now, (one + 1) * stepMs)) / 2 : (one + 0.5) * stepMs;
    ordered[at] = values[(one + points) % points]!;
  }
  return { times, values: ordered };
}

/** Puts what was before into a window, where nothing is yet. */
function fill(
  window: Window,
  over: Over,
  { group, value }: Line,
  { series, by, scaled }: ReturnType<typeof storedOf>,
): void {
  const find = (name: string): SeriesOver | undefined =>
    over.series.find((one) => one.group === group && one.name === name);
  const values = find(series)?.values.avg;
  const whole = by === undefined ? undefined : find(by)?.values.avg;
  if (!values || (by !== undefined && !whole)) return;
  const past = whole ? values.map((one, at) => one / whole[at]!) : values;
  const last = past.findLast((one) => !Number.isNaN(one));
  const factor = scaled && last && !Number.isNaN(value) ? value / last : 1;
  for (const [at, time] of over.times.entries()) {
    const step = Math.floor(time / window.stepMs);
    const one = past[at]!;
    if (Number.isNaN(one) || step > window.step || step <= window.step - points) continue;
    if (Number.isNaN(window.values[step % points]!)) window.values[step % points] = one * factor;
  }
}
