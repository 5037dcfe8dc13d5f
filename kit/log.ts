/**
 * One log line per call, as logfmt on standard error: `time=… level=info service=agent msg="…" key=value`.
 * Only a service's `events.ts` calls it. Values under a name that says credential are never written, and
 * tokens in a path of the form `/t/<token>/…` are cut out of any value.
 */
export type Level = "debug" | "info" | "warn" | "error";
export type Fields = Record<string, string | number | boolean | undefined>;
export type Log = (level: Level, message: string, fields?: Fields) => void;

const order: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };
const credential = /token|secret|password|authorization|cookie/i;

/** Replaces what follows `/t/` or `token=` in a path or text, since such a path carries a cluster token. */
export function redact(value: string): string {
  return value
    .replace(/\/(t|enrol)\/[^/\s?"']+/g, "/$1/[redacted]")
    .replace(/([?&]token=)[^&\s"]+/g, "$1[redacted]");
}

function quote(value: string): string {
  return /^[\w.:/@+,-]+$/.test(value) ? value : JSON.stringify(value);
}

export function formatLine(
  time: Date,
  service: string,
  level: Level,
  message: string,
  fields: Fields,
): string {
  let line = `time=${time.toISOString()} level=${level} service=${service} msg=${JSON.stringify(redact(message))}`;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const shown = credential.test(key) ? "[redacted]" : quote(redact(String(value)));
    line += ` ${key}=${shown}`;
  }
  return line;
}

/** A log for one service that writes lines of at least `threshold`. */
export function createLog(
  service: string,
  threshold: Level = "info",
  write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Log {
  return (level, message, fields = {}) => {
    if (order[level] >= order[threshold]) write(formatLine(new Date(), service, level, message, fields));
  };
}
