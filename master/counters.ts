/** Counters and gauges in the Prometheus text format 0.0.4. */

type LabelValues = Record<string, string>;

function labelText(labels: LabelValues): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

export interface Metric {
  readonly name: string;
  lines(): string[];
}

export class Counter implements Metric {
  readonly name: string;
  readonly #help: string;
  readonly #values = new Map<string, number>();

  constructor(name: string, help: string, initial: LabelValues[] = []) {
    this.name = name;
    this.#help = help;
    for (const labels of initial) this.#values.set(labelText(labels), 0);
  }

  add(labels: LabelValues = {}, amount = 1): void {
    const key = labelText(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }

  lines(): string[] {
    return [
      `# HELP ${this.name} ${this.#help}`,
      `# TYPE ${this.name} counter`,
      ...[...this.#values].sort(byText).map(([labels, value]) => `${this.name}${labels} ${value}`),
    ];
  }
}

/** A value that is read when it is asked for; one that only grows is a counter. */
export class Gauge implements Metric {
  readonly name: string;
  readonly #help: string;
  readonly #read: () => Iterable<[LabelValues, number]>;
  readonly #type: "gauge" | "counter";

  constructor(
    name: string,
    help: string,
    read: () => Iterable<[LabelValues, number]>,
    type: "gauge" | "counter" = "gauge",
  ) {
    this.name = name;
    this.#help = help;
    this.#read = read;
    this.#type = type;
  }

  lines(): string[] {
    const values = [...this.#read()].map(([labels, value]) => [labelText(labels), value] as const);
    return [
      `# HELP ${this.name} ${this.#help}`,
      `# TYPE ${this.name} ${this.#type}`,
      ...values.sort(byText).map(([labels, value]) => `${this.name}${labels} ${value}`),
    ];
  }
}

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Durations in seconds. */
export class Histogram implements Metric {
  readonly name: string;
  readonly #help: string;
  readonly #series = new Map<
    string,
    { labels: LabelValues; counts: Uint32Array; sum: number; count: number }
  >();

  constructor(name: string, help: string) {
    this.name = name;
    this.#help = help;
  }

  observe(labels: LabelValues, seconds: number): void {
    const key = labelText(labels);
    let series = this.#series.get(key);
    if (!series) {
      series = { labels, counts: new Uint32Array(bounds.length), sum: 0, count: 0 };
      this.#series.set(key, series);
    }
    for (let at = bounds.length - 1; at >= 0 && seconds <= bounds[at]!; at--) series.counts[at]!++;
    series.sum += seconds;
    series.count++;
  }

  lines(): string[] {
    const lines = [`# HELP ${this.name} ${this.#help}`, `# TYPE ${this.name} histogram`];
    for (const [key, { labels, counts, sum, count }] of [...this.#series].sort(byText)) {
      for (const [at, bound] of bounds.entries())
        lines.push(`${this.name}_bucket${labelText({ ...labels, le: String(bound) })} ${counts[at]}`);
      lines.push(
        `${this.name}_bucket${labelText({ ...labels, le: "+Inf" })} ${count}`,
        `${this.name}_sum${key} ${sum}`,
        `${this.name}_count${key} ${count}`,
      );
    }
    return lines;
  }
}

function byText(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

export function metricsText(metrics: Iterable<Metric>): string {
  return `${[...metrics].flatMap((metric) => metric.lines()).join("\n")}\n`;
}
