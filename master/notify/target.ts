import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { plainAddress, type TrustedProxies } from "../trusted-proxies.ts";

/** Where notifications may not go, said to who configured the channel. */
export class TargetError extends Error {}

/**
 * Never a target, whatever is allowed: this network's own addresses that answer with secrets of the machine (the
 * metadata services of clouds), and what is no single host.
 */
const never = list([
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["100.100.100.200", 32],
  ["168.63.129.16", 32],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["::", 128],
  ["fe80::", 10],
  ["fd00:ec2::", 32],
  ["ff00::", 8],
  // Forms of IPv4 addresses in IPv6, which a gateway would take apart again.
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16],
  ["2001::", 32],
  ["::ffff:0:0:0", 96],
]);

/** A target only where the configuration says so: inside this network, or this machine itself. */
const inside = list([
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["::1", 128],
  ["fc00::", 7],
  ["fec0::", 10],
]);

function list(ranges: readonly (readonly [string, number])[]): BlockList {
  const block = new BlockList();
  for (const [address, bits] of ranges)
    block.addSubnet(address, bits, address.includes(":") ? "ipv6" : "ipv4");
  return block;
}

/** Throws where an address may not be sent to. */
export function checkAddress(given: string, allowed: TrustedProxies): void {
  const address = plainAddress(given);
  const family = isIP(address) === 4 ? "ipv4" : isIP(address) === 6 ? "ipv6" : undefined;
  if (!family || never.check(address, family) || /^::(ffff:)?[0-9a-f]{1,4}:[0-9a-f]{1,4}$/.test(address))
    throw new TargetError("this address is never sent to: it is link-local, a metadata service, or no host");
  if (inside.check(address, family) && !allowed.has(address))
    throw new TargetError("this address is private: name it in ATLHYPER_NOTIFY_PRIVATE to allow it");
}

/** How a name is resolved; tests give their own. */
export type Lookup = (host: string) => Promise<string[]>;

export const systemLookup: Lookup = async (host) =>
  (await lookup(host, { all: true })).map((one) => one.address);

/**
 * The one address of a host that is used from now on: all that its name stands for have to be allowed, since which of
 * them would be taken is not ours to say, and it is looked up once, so that it cannot be another at the second time.
 */
export async function resolveTarget(host: string, allowed: TrustedProxies, look: Lookup): Promise<string> {
  let plain = host.replace(/^\[|\]$/g, "");
  if (isIP(plain)) {
    // In its one short form: an address of IPv6 can be written in many.
    if (plain.includes(":")) plain = new URL(`http://[${plain.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
    checkAddress(plain, allowed);
    return plain;
  }
  let addresses: string[];
  try {
    addresses = await look(plain);
  } catch {
    throw new TargetError(`the name ${plain} is not known`);
  }
  const [first] = addresses;
  if (first === undefined) throw new TargetError(`the name ${plain} is not known`);
  for (const one of addresses) checkAddress(one, allowed);
  return first;
}
