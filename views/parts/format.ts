/** Numbers and times as text. The same rules as kubectl's, so that what one reads here is what one reads there. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** How far apart values are, in the largest unit that says it exactly: `1m`, `10m`, `1h`. */
export function formatStep(ms: number): string {
  const [size, unit] = [[hour, "h"] as const, [minute, "m"] as const].find(([size]) => ms % size === 0) ?? [
    second,
    "s",
  ];
  return `${ms / size}${unit}`;
}

/** A duration as kubectl writes ages (apimachinery's HumanDuration): `45s`, `3m12s`, `3h15m`, `5d`, `2y40d`. */
export function formatDuration(ms: number): string {
  if (!(ms > 0)) return "0s";
  const s = Math.floor(ms / second);
  const m = Math.floor(ms / minute);
  const h = Math.floor(ms / hour);
  const d = Math.floor(ms / day);
  const two = (big: number, unit: string, small: number, smallUnit: string) =>
    small === 0 ? `${big}${unit}` : `${big}${unit}${small}${smallUnit}`;
  if (ms < 2 * minute) return `${s}s`;
  if (ms < 10 * minute) return two(m, "m", s % 60, "s");
  if (ms < 3 * hour) return `${m}m`;
  if (ms < 8 * hour) return two(h, "h", m % 60, "m");
  if (ms < 2 * day) return `${h}h`;
  if (ms < 8 * day) return two(d, "d", h % 24, "h");
  if (ms < 2 * year) return `${d}d`;
  const y = Math.floor(ms / year);
  return ms < 8 * year ? two(y, "y", d % 365, "d") : `${y}y`;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Bytes in binary units, three digits: `0 B`, `512 MiB`, `1.5 GiB`, `14.2 GiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return "–";
  let value = Math.abs(bytes);
  let unit = 0;
  // 1023.5 would round to 1024, which is the next unit's 1.
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${bytes < 0 ? "−" : ""}${trimZeros(value.toFixed(digits))} ${units[unit]}`;
}

/** CPU as Kubernetes writes it: below a core in thousandths (`250m`), above in cores (`1.5`). */
export function formatCpu(cores: number): string {
  if (!Number.isFinite(cores)) return "–";
  if (cores === 0) return "0";
  const milli = cores * 1000;
  if (milli < 0.95) return "<1m";
  if (milli < 999.5) return `${Math.round(milli)}m`;
  return trimZeros(cores.toFixed(cores < 9.995 ? 2 : cores < 99.95 ? 1 : 0));
}

/** A share from 0 to 1: `0.4%`, `7%`, `83%`. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return "–";
  const percent = share * 100;
  return `${percent > 0 && percent < 0.95 ? percent.toFixed(1) : Math.round(percent)}%`;
}

/** A count with thousands apart: `10,000`; the same in both languages. */
export function formatCount(count: number): string {
  return Number.isFinite(count)
    ? Math.round(count)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, ",")
    : "–";
}

/** A rate in bytes: `1.2 MiB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return Number.isFinite(bytesPerSecond) ? `${formatBytes(bytesPerSecond)}/s` : "–";
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
