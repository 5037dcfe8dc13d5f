import type { Condition } from "../conditions/schema.ts";
import type { Rule } from "../rule.ts";
import { hour, minute, on } from "./rule.ts";

/** Nothing where no agent was granted to look at Secrets. */
const expires = (days: number): Condition => ({
  type: "certificate",
  withinMs: days * 24 * hour,
  clearMs: (days + 1) * 24 * hour,
});
const above = (group: string, series: string, trigger: number, clear: number): Condition => ({
  type: "threshold",
  group,
  series,
  op: "above",
  trigger,
  clear,
});

/** Over nodes' values and where they go, and certificates. */
export const valueRules: readonly Rule[] = [
  on(
    "certificate-expires-soon",
    "CertificateExpiresSoon",
    "warning",
    0,
    expires(14),
    "Secret {{ namespace }}/{{ name }}: {{ message }}",
  ),
  on(
    "certificate-expires",
    "CertificateExpires",
    "critical",
    0,
    expires(3),
    "Secret {{ namespace }}/{{ name }}: {{ message }}",
  ),
  on(
    "disk-full",
    "DiskFull",
    "warning",
    5 * minute,
    above("disk *", "share", 0.9, 0.87),
    "{{ mount }} of node {{ node }} is {{ value }} full",
  ),
  on(
    "disk-almost-out",
    "DiskAlmostOut",
    "critical",
    minute,
    above("disk *", "share", 0.97, 0.95),
    "{{ mount }} of node {{ node }} is {{ value }} full",
  ),
  on(
    "disk-full-soon",
    "DiskFullSoon",
    "warning",
    15 * minute,
    {
      type: "forecast",
      group: "disk *",
      series: "share",
      op: "rises",
      level: 1,
      floor: 0.5,
      windowMs: 6 * hour,
      withinMs: 24 * hour,
      clearMs: 36 * hour,
    },
    "{{ mount }} of node {{ node }} is full in about {{ in }} at {{ rate }}",
  ),
  on(
    "inodes-used-up",
    "InodesUsedUp",
    "warning",
    5 * minute,
    above("disk *", "inodes", 0.9, 0.87),
    "{{ value }} of the inodes of {{ mount }} on node {{ node }} are used",
  ),
  on(
    "memory-full",
    "MemoryFull",
    "warning",
    5 * minute,
    above("memory", "share", 0.95, 0.9),
    "the memory of node {{ node }} is {{ value }} used",
  ),
  on(
    "cpu-busy",
    "CPUBusy",
    "warning",
    30 * minute,
    above("cpu", "usage", 0.95, 0.85),
    "the CPU of node {{ node }} is {{ value }} busy",
  ),
  on(
    "too-hot",
    "TooHot",
    "warning",
    5 * minute,
    above("temperature", "CPU", 95, 88),
    "the CPU of node {{ node }} has {{ value }} °C",
  ),
];
