/** So long others wait, at most, for one slice of what is done in the background; a single step may be longer. */
const sliceMs = 3;
/** What belongs to others after a slice, as many times as long as it took. */
const share = 3;
const everyMs = 5000;

/** Runs rounds of small steps, one after the other, with pauses in between for what somebody waits for. */
export class Worker {
  readonly #round: () => Generator<void>;
  readonly #failed: (error: unknown) => void;
  #timer: Timer | undefined;
  #under: Generator<void> | undefined;
  #stopped = false;

  constructor(round: () => Generator<void>, failed: (error: unknown) => void) {
    this.#round = round;
    this.#failed = failed;
    this.#in(everyMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #in(ms: number): void {
    if (!this.#stopped) this.#timer = setTimeout(() => this.#slice(), ms).unref();
  }

  #slice(): void {
    const start = performance.now();
    let over = false;
    try {
      this.#under ??= this.#round();
      while (!over && performance.now() - start < sliceMs) over = this.#under.next().done === true;
    } catch (error) {
      over = true;
      this.#failed(error);
    }
    if (over) this.#under = undefined;
    this.#in(over ? everyMs : share * (performance.now() - start));
  }
}
