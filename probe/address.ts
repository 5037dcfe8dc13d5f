/** Where the agent listens. */
export interface Address {
  host: string;
  port: number;
  /** What the routes stand below: empty, or with a slash in front and none behind. */
  path: string;
  /** As it goes into the Host header: without the port where it is the usual one. */
  authority: string;
}

/**
 * The parts of a plain http address. Throws an Error that says what would be right.
 * By hand, since QuickJS has no URL; https is not spoken: probe and agent talk inside of one cluster.
 */
export function parseAddress(url: string): Address {
  const match = /^http:\/\/(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?((?:\/[\w.~%-]+)*)\/*$/.exec(url);
  const port = Number(match?.[2] ?? 80);
  if (!match || port < 1 || port > 65535)
    throw new Error("must be a plain http address such as http://127.0.0.1:8082");
  const name = match[1]!;
  return {
    host: name.startsWith("[") ? name.slice(1, -1) : name,
    port,
    path: match[3]!,
    authority: port === 80 ? name : `${name}:${port}`,
  };
}
