import { BlockList, isIP } from "node:net";
import { variable, wordsOf } from "../kit/env.ts";

/** The reverse proxies whose word on a client counts. */
export interface TrustedProxies {
  has(address: string): boolean;
}

/** From addresses and CIDR ranges of both families; throws an Error that names one that is neither. */
export function trustedProxies(list: readonly string[]): TrustedProxies {
  const known = new BlockList();
  for (const one of list) {
    const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(one) ?? [];
    const family = familyOf(address);
    const most = family === "ipv4" ? 32 : 128;
    if (!family || Number(bits ?? 0) > most)
      throw new Error(`must be addresses and ranges such as 10.0.0.0/8 or fd00::/8: ${one} is neither`);
    known.addSubnet(address, bits === undefined ? most : Number(bits), family);
  }
  return {
    has(address) {
      const family = familyOf(address);
      return family !== undefined && known.check(address, family);
    },
  };
}

export const trustedProxiesVariable = variable((value) => trustedProxies(wordsOf(value)));

/** The same for addresses that are no proxies; `all` is every one. */
export const addressesVariable = variable((value) =>
  trustedProxies(value.trim() === "all" ? ["0.0.0.0/0", "::/0"] : wordsOf(value)),
);

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = address.includes("%") ? 0 : isIP(address);
  return version === 4 ? "ipv4" : version === 6 ? "ipv6" : undefined;
}

/** An address as it is compared and shown: an IPv4 address that came in as IPv6 is one of IPv4, zones are dropped. */
export function plainAddress(address: string): string {
  const text = address.replace(/%.*$/, "").toLowerCase();
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1] ?? text;
}
