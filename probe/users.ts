import type { Host } from "./host.ts";
import { cut } from "./text.ts";

const rereadAfterMs = 60_000;

/** The name of a user id by the machine's /etc/passwd; the number itself where it has no name there. */
export function userNames(host: Host, hostRoot: string): (uid: string | undefined) => string | undefined {
  let names = new Map<string, string>();
  let read = Number.NEGATIVE_INFINITY;
  return (uid) => {
    if (uid === undefined) return undefined;
    // Users of containers have no name here, ever: an unknown id must not mean a read each time.
    if (!names.has(uid) && host.monotonicMs() - read > rereadAfterMs) {
      names = parsePasswd(host.readText(`${hostRoot === "/" ? "" : hostRoot}/etc/passwd`) ?? "");
      read = host.monotonicMs();
    }
    return names.get(uid) ?? uid;
  };
}

/** Names by user id (passwd(5)); where two share an id, the first. */
export function parsePasswd(text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [name, , uid] = line.split(":", 3);
    if (name && uid && /^\d{1,10}$/.test(uid) && !names.has(uid) && names.size < 10_000)
      names.set(uid, cut(name, 32));
  }
  return names;
}
