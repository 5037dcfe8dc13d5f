import type { Pressure } from "../../wire/metrics.ts";
import { Absent, type Collector } from "../collector.ts";
import { round } from "../numbers.ts";

/** Pressure stall information (Documentation/accounting/psi.rst), for cpu, memory and io. */
export const pressure: Collector = {
  name: "pressure",
  start({ host, procRoot }) {
    const read = (resource: string) => parsePressure(host.readText(`${procRoot}/pressure/${resource}`) ?? "");
    return {
      collect() {
        const pressure = { cpu: read("cpu"), memory: read("memory"), io: read("io") };
        // Built without CONFIG_PSI, or built with it switched off and started without psi=1.
        if (!pressure.cpu && !pressure.memory && !pressure.io) throw new Absent("no PSI in this kernel");
        return { pressure };
      },
    };
  },
};

/** Shares from 0 to 1, where the kernel prints percents. */
export function parsePressure(text: string): Pressure | undefined {
  const some = averages(text, "some");
  if (!some) return undefined;
  const [some10, some60, some300] = some;
  // Kernels before 5.13 have no "full" line for cpu.
  const [full10, full60, full300] = averages(text, "full") ?? [];
  return { some10, some60, some300, full10, full60, full300 };
}

function averages(text: string, kind: string): [number, number, number] | undefined {
  const number = "(\\d{1,3}(?:\\.\\d{1,4})?)";
  const match = new RegExp(`^${kind} avg10=${number} avg60=${number} avg300=${number} `, "m").exec(text);
  if (!match) return undefined;
  const percent = (digits: string | undefined) => round(Math.min(100, Number(digits)) / 100, 3);
  return [percent(match[1]), percent(match[2]), percent(match[3])];
}
