import { containers } from "./collect/containers.ts";
import { cpu } from "./collect/cpu.ts";
import { disk } from "./collect/disk.ts";
import { diskio } from "./collect/diskio.ts";
import { memory } from "./collect/memory.ts";
import { network } from "./collect/network.ts";
import { pressure } from "./collect/pressure.ts";
import { processes } from "./collect/processes.ts";
import { system } from "./collect/system.ts";
import { temperature } from "./collect/temperature.ts";
import type { Collector } from "./collector.ts";

/** Every collector, in the order in which they run. To add one, write its file and name it here. */
export const collectors: Collector[] = [
  cpu,
  memory,
  disk,
  diskio,
  network,
  temperature,
  pressure,
  processes,
  containers,
  system,
];
