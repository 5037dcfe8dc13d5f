import { isIP } from "node:net";
import { plainAddress, type TrustedProxies } from "./trusted-proxies.ts";

/** What proxies say of the client in front of them. */
export interface Client {
  address: string;
  /** The scheme and host by which the client came, where a trusted proxy tells. */
  proto?: "http" | "https";
  host?: string;
}

/** One hop: who came to the proxy that wrote it, and how. */
interface Hop {
  for: string | undefined;
  proto?: string;
  host?: string;
}

/**
 * Who a request comes from. What headers say counts only as far as trusted proxies wrote it: from the right, each
 * hop is what the proxy behind it saw, and the first that is no trusted proxy is the client. Whatever stands to the
 * left of it is the client's own word.
 */
export function clientOf(headers: Headers, peer: string, trusted: TrustedProxies): Client {
  const own = plainAddress(peer);
  if (!trusted.has(own)) return { address: own };
  const usual = walk(usualHops(headers), own, trusted);
  const standard = walk(standardHops(headers.get("forwarded")), own, trusted);
  // A proxy that writes one of the two lets a client's own other one through: where they differ, neither counts.
  if (usual && standard && usual.address !== standard.address) return { address: own };
  return (
    usual ??
    standard ?? { address: own, ...how(headers.get("x-forwarded-proto"), headers.get("x-forwarded-host")) }
  );
}

function walk(hops: Hop[], peer: string, trusted: TrustedProxies): Client | undefined {
  if (hops.length === 0) return undefined;
  let at = hops.length;
  let address = peer;
  while (at > 0 && trusted.has(address)) {
    const before = hops[at - 1]!.for;
    // `unknown`, `_hidden` or no address at all: nobody can look further.
    if (before === undefined) break;
    address = before;
    at--;
  }
  return { address, ...(at < hops.length ? how(hops[at]!.proto, hops[at]!.host) : {}) };
}

function how(
  proto: string | null | undefined,
  host: string | null | undefined,
): Pick<Client, "proto" | "host"> {
  const scheme = proto?.trim().toLowerCase();
  const name = host?.trim();
  return {
    ...(scheme === "https" || scheme === "http" ? { proto: scheme } : {}),
    ...(name && /^([\w.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/i.test(name) ? { host: name } : {}),
  };
}

/** X-Forwarded-For, with -Proto and -Host: lists as long as it, or one value of the outermost proxy's. */
function usualHops(headers: Headers): Hop[] {
  const list = (name: string) => {
    const text = headers.get(name);
    return text === null ? [] : text.split(",").map((one) => one.trim());
  };
  const addresses = list("x-forwarded-for");
  const protos = list("x-forwarded-proto");
  const hosts = list("x-forwarded-host");
  const nth = (values: string[], fromRight: number) => values[Math.max(0, values.length - 1 - fromRight)];
  return addresses.map((one, at) => {
    const fromRight = addresses.length - 1 - at;
    return { for: addressIn(one), proto: nth(protos, fromRight), host: nth(hosts, fromRight) };
  });
}

/** Forwarded (RFC 7239): `for="[2001:db8::1]:4711";proto=https, for=192.0.2.1`. */
function standardHops(text: string | null): Hop[] {
  if (text === null) return [];
  return split(text, ",").map((element) => {
    const pairs: Record<string, string> = {};
    for (const pair of split(element, ";")) {
      const [, name, value] = /^\s*([\w-]+)=(.*?)\s*$/s.exec(pair) ?? [];
      if (name === undefined) continue;
      const quoted = /^"(.*)"$/s.exec(value!)?.[1];
      pairs[name.toLowerCase()] = quoted === undefined ? value! : quoted.replace(/\\(.)/gs, "$1");
    }
    return { for: addressIn(pairs.for ?? ""), proto: pairs.proto, host: pairs.host };
  });
}

/** Splits at a separator that is not within quotes. */
function split(text: string, separator: string): string[] {
  const parts = [""];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quoted && char === "\\") parts[parts.length - 1] += char + (text[++at] ?? "");
    else if (char === separator && !quoted) parts.push("");
    else {
      if (char === '"') quoted = !quoted;
      parts[parts.length - 1] += char;
    }
  }
  return parts;
}

/** The address of `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`; undefined where there is none. */
function addressIn(text: string): string | undefined {
  const inBrackets = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(text)?.[1];
  const address = inBrackets ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? text;
  return isIP(address) > 0 && !(inBrackets && isIP(address) === 4) ? plainAddress(address) : undefined;
}
