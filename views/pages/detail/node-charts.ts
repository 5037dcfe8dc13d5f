import type { NodeMetricsSnapshot } from "../../../wire/metrics.ts";
import type { RecentMetrics, Series } from "../../model.ts";
import type { Chart, ChartSeries } from "../../parts/chart.ts";
import { compareOf } from "../../parts/range.ts";
import type { Viewing } from "../../viewing.ts";

/** CPU modes in the order they are stacked: what people run first, what they wait for last. */
const modes = ["user", "nice", "system", "irq", "softirq", "iowait", "steal"] as const;
/** Colours stay with their mode on machines where one of them is missing. */
const modeColours: Record<(typeof modes)[number], number> = {
  user: 1,
  nice: 3,
  system: 2,
  irq: 5,
  softirq: 7,
  iowait: 6,
  steal: 4,
};

type Group = RecentMetrics["groups"][number];

const idOf = (name: string) => `chart-${Bun.hash.wyhash(name).toString(36)}`;

/** The charts of a node by theme; what the machine does not measure is undefined. */
export function nodeCharts(v: Viewing, recent: RecentMetrics, virtual: ReadonlySet<string> = new Set()) {
  const t = v.t.detail;
  const before: ReadonlyMap<string, Chart> = recent.before
    ? chartsByID(nodeCharts(v, { ...recent.before, ...(recent.span ? { span: recent.span } : {}) }, virtual))
    : new Map();
  const group = (name: string): Group =>
    recent.groups.find((one) => one.name === name) ?? { name, series: [] };
  const groups = (prefix: string) => recent.groups.filter((one) => one.name.startsWith(prefix));
  const find = ({ series }: Group, name: string) => series.find((one) => one.name === name);
  const line = (of: Group, name: string, label: string, colour?: number): ChartSeries[] => {
    const found = find(of, name);
    const key = `${of.name}:${name}`;
    return found ? [{ label, key, values: found.values, ...(colour ? { colour } : {}) }] : [];
  };
  const make = (
    name: string,
    title: string,
    unit: Series["unit"],
    series: ChartSeries[],
    more: Partial<Chart> = {},
  ): Chart | undefined =>
    series.length > 0
      ? {
          id: idOf(name),
          title,
          unit,
          times: recent.times,
          series,
          ...(recent.span ? { span: recent.span, none: t.noneInRange } : {}),
          ...beside(v, before.get(idOf(name))),
          ...more,
        }
      : undefined;

  const network = (of: Group) =>
    make(of.name, `${t.network} ${of.name.slice(4)}`, "bytes/s", [
      ...line(of, "received", t.received),
      ...line(of, "sent", t.sent),
    ]);
  const cpu = group("cpu");
  const byMode = modes.flatMap((mode) => line(cpu, mode, t.modes[mode], modeColours[mode]));
  const temperatures = group("temperature").series.map((one) => ({
    label: one.name,
    key: `temperature:${one.name}`,
    values: one.values,
  }));
  const memory = group("memory");
  const swap = group("swap");
  const load = group("load");
  const pressure = group("pressure");
  return {
    cpu:
      byMode.length > 0
        ? make("cpu", t.cpuByMode, "share", byMode, { stacked: true, full: 1 })
        : make("cpu", v.t.column.cpu, "share", line(cpu, "usage", t.used), { full: 1 }),
    load: make("load", t.load, "count", [
      ...line(load, "load1", t.minutes(1)),
      ...line(load, "load5", t.minutes(5)),
      ...line(load, "load15", t.minutes(15)),
    ]),
    memory: make(
      "memory",
      v.t.column.memory,
      "bytes",
      [...line(memory, "used", t.used, 3), ...line(memory, "cached", t.cached, 8)],
      {
        full: greatest(find(memory, "total")),
      },
    ),
    swap: make(
      "swap",
      t.swap,
      "bytes",
      // A machine with a swap of no size has none.
      greatest(find(swap, "total")) > 0 ? line(swap, "used", t.used, 3) : [],
      { full: greatest(find(swap, "total")) },
    ),
    pressure: make(
      "pressure",
      t.pressure,
      "share",
      (["cpu", "memory", "io"] as const).flatMap((resource) => [
        ...line(pressure, `${resource} some`, t.pressureSome(t.resources[resource])),
        ...(resource === "cpu"
          ? []
          : line(pressure, `${resource} full`, t.pressureFull(t.resources[resource]))),
      ]),
      { full: 0.1 },
    ),
    // A chart tells eight lines apart; servers have more sensors than that.
    temperatures: Array.from({ length: Math.ceil(temperatures.length / 8) }, (_, at) =>
      make(`temperature ${at}`, t.temperature, "celsius", temperatures.slice(at * 8, at * 8 + 8)),
    ),
    disks: groups("disk ").map((one) =>
      make(one.name, `${t.disk} ${one.name.slice(5)}`, "bytes", line(one, "used", t.used, 7), {
        full: greatest(find(one, "total")),
      }),
    ),
    io: groups("io ").map((one) =>
      make(one.name, `${t.diskIO} ${one.name.slice(3)}`, "bytes/s", [
        ...line(one, "read", t.read),
        ...line(one, "written", t.written),
      ]),
    ),
    busy: make(
      "busy",
      t.diskBusy,
      "share",
      groups("io ").flatMap((one) => line(one, "busy", one.name.slice(3))),
      { full: 1 },
    ),
    network: groups("net ")
      .filter(({ name }) => !virtual.has(name.slice(4)))
      .map(network),
    virtual: groups("net ")
      .filter(({ name }) => virtual.has(name.slice(4)))
      .map((one) => ({
        name: one.name.slice(4),
        received: find(one, "received")?.values ?? [],
        sent: find(one, "sent")?.values ?? [],
      })),
    processes: make("processes", t.processes, "count", [
      ...line(group("processes"), "running", t.running),
      ...line(group("processes"), "blocked", t.blocked, 6),
    ]),
    cores: group("cores").series,
  };
}

function chartsByID(all: object): Map<string, Chart> {
  const found = Object.values(all).flat() as unknown[];
  return new Map(found.filter(isChart).map((one) => [one.id, one]));
}

const isChart = (one: unknown): one is Chart => typeof one === "object" && one !== null && "times" in one;

/** An earlier time's chart, for beside the same one of now. */
export const beside = (v: Viewing, before: Chart | undefined): Pick<Chart, "before"> => {
  const compared = compareOf(v.query);
  if (!before || !compared) return {};
  return {
    before: { label: v.t.detail.compareWith[compared.key], times: before.times, series: before.series },
  };
};

/** Interfaces of containers, bridges and the loopback: traffic that does not leave the machine. */
export function virtualInterfaces(snapshot: NodeMetricsSnapshot | undefined): ReadonlySet<string> {
  return new Set(
    (snapshot?.network ?? [])
      .filter((one) => one.virtual || one.interface === "lo")
      .map((one) => one.interface),
  );
}

function greatest(series: Series | undefined): number {
  let most = 0;
  for (const value of series?.values ?? []) if (value > most) most = value;
  return most;
}
