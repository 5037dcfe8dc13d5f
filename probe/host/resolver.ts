import { words } from "../text.ts";
import { encodeQuestion, isName, parseAnswer, typeA, typeAAAA } from "./dns.ts";
import type { Native } from "./native.ts";
import type { Sockets } from "./sockets.ts";

/** What /etc/resolv.conf says (resolv.conf(5)). */
export interface ResolvConf {
  servers: string[];
  search: string[];
  /** A name with so many dots is tried as it is before it is tried below the domains to search. */
  dots: number;
  timeoutMs: number;
  attempts: number;
}

/** The addresses of a name, in digits; rejects when there are none by that moment of the monotonic clock. */
export type Resolver = (name: string, deadline: number) => Promise<string[]>;

const dnsPort = 53;

/** A static binary has no NSS: names are looked up in /etc/hosts, and asked of the servers in /etc/resolv.conf. */
export function createResolver(native: Native, sockets: Sockets): Resolver {
  const text = (path: string) => native.readText(path) ?? "";

  /** Undefined when no server answered. */
  async function ask(name: string, type: number, conf: ResolvConf, deadline: number) {
    for (let attempt = 0; attempt < conf.attempts; attempt++) {
      for (const server of conf.servers) {
        const time = Math.min(conf.timeoutMs, deadline - native.monotonicMs());
        if (time <= 0) return undefined;
        const question = encodeQuestion(native.random(), name, type);
        const answer = await sockets
          .ask(server, dnsPort, question, time, (bytes) => parseAnswer(bytes, question))
          .catch(() => undefined);
        // One that does not know, or does not want to, is no reason not to ask the next.
        if (answer && (answer.code === 0 || answer.code === 3)) return answer;
      }
    }
    return undefined;
  }

  return async (name, deadline) => {
    if (isAddress(name)) return [name];
    const known = parseHosts(text("/etc/hosts"), name);
    if (known.length > 0) return known;
    if (/^(.+\.)?localhost\.?$/i.test(name)) return ["127.0.0.1", "::1"];
    const conf = parseResolvConf(text("/etc/resolv.conf"));
    for (const candidate of candidates(name, conf)) {
      for (const type of [typeA, typeAAAA]) {
        const answer = await ask(candidate, type, conf, deadline);
        if (!answer) throw new Error(`no name server answers (${conf.servers.join(", ")})`);
        if (answer.addresses.length > 0) return answer.addresses;
        if (answer.code === 3) break;
      }
    }
    throw new Error(`there is no address of ${name}`);
  };
}

function isAddress(name: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || /^[\da-f.:]*:[\da-f.:]*$/i.test(name);
}

/** The addresses that /etc/hosts has for a name (hosts(5)). */
export function parseHosts(text: string, name: string): string[] {
  const wanted = name.toLowerCase().replace(/\.$/, "");
  return text.split("\n", 10_000).flatMap((line) => {
    const [address, ...names] = words(line.replace(/#.*/, ""));
    const fits = names.some((one) => one.toLowerCase().replace(/\.$/, "") === wanted);
    return address !== undefined && fits && isAddress(address) ? [address] : [];
  });
}

export function parseResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = { servers: [], search: [], dots: 1, timeoutMs: 5000, attempts: 2 };
  for (const line of text.split("\n", 1000)) {
    const [key, ...values] = words(line.replace(/^[ \t]*[#;].*/, ""));
    if (key === "nameserver" && values[0] && isAddress(values[0]) && conf.servers.length < 3)
      conf.servers.push(values[0]);
    // The last of them holds.
    if (key === "search" || key === "domain")
      conf.search = values
        .map((one) => one.replace(/\.$/, ""))
        .filter(isName)
        .slice(0, 16);
    if (key === "options") for (const option of values) setOption(conf, option);
  }
  if (conf.servers.length === 0) conf.servers.push("127.0.0.1");
  return conf;
}

function setOption(conf: ResolvConf, option: string): void {
  const [, name, digits] = /^(ndots|timeout|attempts):(\d{1,5})$/.exec(option) ?? [];
  const number = Number(digits);
  if (name === "ndots") conf.dots = Math.min(number, 15);
  if (name === "timeout") conf.timeoutMs = Math.min(Math.max(number, 1), 30) * 1000;
  if (name === "attempts") conf.attempts = Math.min(Math.max(number, 1), 5);
}

/** The full names that a name may stand for, in the order in which they are to be tried. */
export function candidates(name: string, { search, dots }: ResolvConf): string[] {
  const bare = name.replace(/\.$/, "");
  const below = name.endsWith(".") ? [] : search.map((domain) => `${bare}.${domain}`);
  const first = bare.split(".").length > dots;
  return (first ? [bare, ...below] : [...below, bare]).filter(isName);
}
