import { expect, test } from "bun:test";
import { collectTwice, contextOf, hostOf } from "../testing/context.ts";
import { parseDegrees, temperature, temperatureMetrics } from "./temperature.ts";

const reading = (name: string, degrees: number) => ({ name, degrees, path: "" });

test("a Raspberry Pi's CPU is told once, though the kernel shows it twice", () => {
  expect(collectTwice(temperature, "raspberry-pi-4")).toEqual({
    temperature: {
      cpuDegrees: 52.6,
      gpuDegrees: undefined,
      nvmeDegrees: undefined,
      sensors: [{ name: "cpu_thermal", degrees: 52.6, critical: 110 }],
    },
  });
});

test("drive and board sensors of a Raspberry Pi 5 are told by name, the drive's own picked out", () => {
  expect(collectTwice(temperature, "raspberry-pi-5").temperature).toEqual({
    cpuDegrees: 62.6,
    gpuDegrees: undefined,
    nvmeDegrees: 44.9,
    sensors: [
      { name: "cpu_thermal", degrees: 62.6, critical: 110 },
      { name: "nvme0 Composite", degrees: 44.9, critical: 84.9 },
      { name: "nvme0 Sensor 1", degrees: 51.9, critical: undefined },
      { name: "rp1_adc", degrees: 58.9, critical: undefined },
    ],
  });
});

test("a server without sensors says so", () => {
  expect(() => collectTwice(temperature, "x86-server")).toThrow("no sensors");
});

test("the CPU is its hottest package, not a core of it, nor the board", () => {
  const metrics = temperatureMetrics([
    reading("acpitz", 27.8),
    reading("coretemp Core 0", 71),
    reading("coretemp Package id 0", 70),
    reading("coretemp Package id 1", 73),
    reading("nvme0 Composite", 38),
    reading("nvme1 Composite", 41),
    reading("nvme1 Sensor 2", 60),
    reading("amdgpu junction", 66),
    reading("amdgpu edge", 55),
  ]);
  expect(metrics).toMatchObject({ cpuDegrees: 73, gpuDegrees: 55, nvmeDegrees: 41 });
});

test("AMD's real temperature is preferred to the one that is raised for the fans", () => {
  expect(temperatureMetrics([reading("k10temp Tctl", 90), reading("k10temp Tdie", 63)]).cpuDegrees).toBe(63);
  expect(temperatureMetrics([reading("k10temp Tctl", 90)]).cpuDegrees).toBe(90);
});

test("two sensors of one name are told apart", () => {
  const files = new Map([
    ["/sys/class/hwmon/hwmon0/name", "jc42\n"],
    ["/sys/class/hwmon/hwmon0/temp1_input", "30000\n"],
    ["/sys/class/hwmon/hwmon1/name", "jc42\n"],
    ["/sys/class/hwmon/hwmon1/temp1_input", "31000\n"],
  ]);
  expect(temperature.start(contextOf(hostOf(files))).collect().temperature!.sensors).toEqual([
    { name: "jc42", degrees: 30, critical: undefined },
    { name: "jc42 #2", degrees: 31, critical: undefined },
  ]);
});

test("a sensor that sleeps is left out while it does", () => {
  const files = new Map([
    ["/sys/class/thermal/thermal_zone0/type", "gpu-thermal\n"],
    ["/sys/class/thermal/thermal_zone0/temp", "41000\n"],
  ]);
  const collecting = temperature.start(contextOf(hostOf(files)));
  expect(collecting.collect().temperature).toMatchObject({ gpuDegrees: 41 });
  files.set("/sys/class/thermal/thermal_zone0/temp", "");
  expect(collecting.collect().temperature).toMatchObject({ gpuDegrees: undefined, sensors: [] });
});

test("readings at which no machine runs are none", () => {
  expect(parseDegrees("-12500")).toBe(-12.5);
  expect(parseDegrees("-273150")).toBeUndefined();
  expect(parseDegrees("255000")).toBeUndefined();
  expect(parseDegrees("N/A")).toBeUndefined();
});
