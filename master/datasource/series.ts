import type { Series } from "../../views/model.ts";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";

export type Put = (group: string, name: string, unit: Series["unit"], value: number | undefined) => void;

/** Every series that a snapshot has a value of, by group as charts show them. */
export function putSeries(snapshot: NodeMetricsSnapshot, put: Put): void {
  const { cpu, memory, temperature, pressure, system } = snapshot;
  if (cpu) {
    put("cpu", "usage", "share", cpu.usage);
    for (const [mode, value] of Object.entries(cpu.modes ?? {}))
      if (mode !== "idle") put("cpu", mode, "share", value);
    put("load", "load1", "count", cpu.load1);
    put("load", "load5", "count", cpu.load5);
    put("load", "load15", "count", cpu.load15);
  }
  if (memory) {
    put("memory", "used", "bytes", memory.used);
    put("memory", "cached", "bytes", memory.cached);
    put("memory", "buffers", "bytes", memory.buffers);
    put("memory", "available", "bytes", memory.available);
    put("memory", "total", "bytes", memory.total);
    if (memory.swap) {
      put("swap", "used", "bytes", memory.swap.used);
      put("swap", "total", "bytes", memory.swap.total);
      put("swap", "in", "bytes/s", memory.swap.inPerSecond);
      put("swap", "out", "bytes/s", memory.swap.outPerSecond);
    }
  }
  for (const resource of ["cpu", "memory", "io"] as const) {
    put("pressure", `${resource} some`, "share", pressure?.[resource]?.some10);
    put("pressure", `${resource} full`, "share", pressure?.[resource]?.full10);
  }
  putTemperatures(temperature, put);
  for (const disk of snapshot.disk ?? []) {
    put(`disk ${disk.mountPoint}`, "used", "bytes", disk.used);
    put(`disk ${disk.mountPoint}`, "total", "bytes", disk.total);
  }
  for (const io of snapshot.diskIO ?? []) {
    put(`io ${io.device}`, "read", "bytes/s", io.readPerSecond);
    put(`io ${io.device}`, "written", "bytes/s", io.writtenPerSecond);
    put(`io ${io.device}`, "busy", "share", io.busy);
  }
  for (const net of snapshot.network ?? []) {
    put(`net ${net.interface}`, "received", "bytes/s", net.rxKBps * 1024);
    put(`net ${net.interface}`, "sent", "bytes/s", net.txKBps * 1024);
  }
  put("processes", "all", "count", system?.processes);
  put("processes", "running", "count", system?.running);
  put("processes", "blocked", "count", system?.blocked);
  // Last: where a machine has more cores than there is room for series, the others come first.
  for (const [core, usage] of (cpu?.perCore ?? []).entries()) put("cores", String(core), "share", usage);
}

function putTemperatures(temperature: NodeMetricsSnapshot["temperature"], put: Put): void {
  if (!temperature) return;
  put("temperature", "CPU", "celsius", temperature.cpuDegrees);
  put("temperature", "GPU", "celsius", temperature.gpuDegrees);
  put("temperature", "NVMe", "celsius", temperature.nvmeDegrees);
  for (const sensor of temperature.sensors ?? []) put("temperature", sensor.name, "celsius", sensor.degrees);
}
