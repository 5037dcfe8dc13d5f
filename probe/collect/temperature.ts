import type { TemperatureMetrics } from "../../wire/metrics.ts";
import { Absent, type Collector, type Context } from "../collector.ts";
import { round } from "../numbers.ts";
import { cut } from "../text.ts";

const searchAgainAfterMs = 60_000;
const mostSensors = 256;

/** Every sensor of hwmon and of the thermal zones, with those of CPU, GPU and NVMe picked out. */
export const temperature: Collector = {
  name: "temperature",
  start(context) {
    const { host } = context;
    let sensors: Sensor[] = [];
    let searched = Number.NEGATIVE_INFINITY;
    return {
      collect() {
        // Names and limits stay; only now and then a drive is plugged in.
        if (host.monotonicMs() - searched > searchAgainAfterMs) {
          sensors = findSensors(context);
          searched = host.monotonicMs();
        }
        if (sensors.length === 0) throw new Absent("no sensors");
        const readings: Reading[] = [];
        for (const sensor of sensors) {
          const degrees = parseDegrees(host.readText(sensor.path));
          if (degrees !== undefined) readings.push({ ...sensor, degrees });
        }
        return { temperature: temperatureMetrics(readings) };
      },
    };
  },
};

export interface Sensor {
  /** Its chip and its own label. */
  name: string;
  path: string;
  critical?: number;
}
export type Reading = Sensor & { degrees: number };

/** What /sys tells in thousandths of a degree, in °C; undefined where no machine would still run. */
export function parseDegrees(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d{1,9}\n?$/.test(text)) return undefined;
  const degrees = round(Number(text) / 1000, 1);
  return degrees > -60 && degrees < 200 ? degrees : undefined;
}

/** See Documentation/hwmon/sysfs-interface.rst and Documentation/driver-api/thermal/sysfs-api.rst. */
function findSensors(context: Context): Sensor[] {
  const chips = findChips(context);
  const found = new Map<string, Sensor>();
  for (const sensor of [...chips.flatMap((chip) => chip.sensors), ...findZones(context, chips)]) {
    if (found.size >= mostSensors) break;
    // Two alike, such as the memory modules, are told apart by number.
    let name = sensor.name;
    for (let number = 2; found.has(name); number++) name = `${sensor.name} #${number}`;
    found.set(name, { ...sensor, name });
  }
  return [...found.values()];
}

interface Chip {
  type: string;
  sensors: Sensor[];
}

function findChips({ host, sysRoot }: Context): Chip[] {
  return inOrder(host.list(`${sysRoot}/class/hwmon`)).map((entry) => {
    const folder = `${sysRoot}/class/hwmon/${entry}`;
    const line = (file: string) => host.readText(`${folder}/${file}`)?.trim() || undefined;
    const type = cut(line("name") ?? entry, 48);
    // A machine has several NVMe drives, all of the same type: the device tells which.
    const drive = type === "nvme" ? /nvme\d+$/.exec(host.readLink(`${folder}/device`) ?? "")?.[0] : undefined;
    const inputs = inOrder(host.list(folder)?.filter((file) => /^temp\d+_input$/.test(file)));
    const sensors = inputs.map((input) => {
      const sensor = input.replace("_input", "");
      const label = line(`${sensor}_label`) ?? (inputs.length > 1 ? sensor : undefined);
      const critical = parseDegrees(line(`${sensor}_crit`));
      return {
        name: [drive ?? type, label && cut(label, 48)].filter(Boolean).join(" "),
        path: `${folder}/${input}`,
        // Some drivers say 0 for "none".
        critical: critical !== undefined && critical > 0 ? critical : undefined,
      };
    });
    return { type, sensors };
  });
}

function findZones({ host, sysRoot }: Context, chips: Chip[]): Sensor[] {
  // The kernel shows most zones as hwmon chips too, with its dashes as underscores.
  const shown = new Set(chips.filter((chip) => chip.sensors.length > 0).map((chip) => chip.type));
  const zones = inOrder(
    host.list(`${sysRoot}/class/thermal`)?.filter((entry) => /^thermal_zone\d+$/.test(entry)),
  );
  return zones.flatMap((entry) => {
    const folder = `${sysRoot}/class/thermal/${entry}`;
    const type = cut(host.readText(`${folder}/type`)?.trim() || entry, 48);
    return shown.has(type.replaceAll("-", "_")) ? [] : [{ name: type, path: `${folder}/temp` }];
  });
}

function inOrder(entries: string[] | undefined): string[] {
  const number = (entry: string) => Number(/\d+/.exec(entry)?.[0] ?? 0);
  return (entries ?? []).sort((a, b) => number(a) - number(b)).slice(0, mostSensors);
}

// The best name first: a whole package or die before single cores.
const ofCpu = [
  /^coretemp Package/,
  /^(k10temp|zenpower) Tdie/,
  /^(k10temp|zenpower) Tctl/,
  /^(cpu|soc)\d*[-_]thermal/,
  /^x86_pkg_temp/,
  /^coretemp /,
  /^(cpu|CPU)/,
];
const ofGpu = [/^(amdgpu|radeon|nouveau) edge/, /^(amdgpu|radeon|nouveau|i915|xe)\b/, /^gpu\d*[-_]thermal/];
const ofNvme = [/^nvme\d* Composite/, /^nvme/];

export function temperatureMetrics(readings: Reading[]): TemperatureMetrics {
  return {
    cpuDegrees: hottest(readings, ofCpu),
    gpuDegrees: hottest(readings, ofGpu),
    nvmeDegrees: hottest(readings, ofNvme),
    sensors: readings.map(({ name, degrees, critical }) => ({ name, degrees, critical })),
  };
}

function hottest(readings: Reading[], names: RegExp[]): number | undefined {
  for (const name of names) {
    const degrees = readings.filter((one) => name.test(one.name)).map((one) => one.degrees);
    if (degrees.length > 0) return Math.max(...degrees);
  }
  return undefined;
}
