import { X509Certificate } from "node:crypto";
import type { CertificateExpiry } from "../../wire/status.ts";
import type { KubeObject } from "../kube/object.ts";
import { resources } from "../kube/resource.ts";
import { nameOf, namespaceOf, type Tracker } from "./tracker.ts";

export type Lifetime = Pick<CertificateExpiry, "notBefore_ms" | "notAfter_ms">;

/** So many are told of: those that expire first. */
const mostTold = 200;
/** More than that is no chain. */
const mostInChain = 10;

export interface Certificates extends Tracker<Lifetime> {
  /** Whether all are known. */
  known: boolean;
  /** Those that expire first; undefined while not all are known. */
  soonest(): CertificateExpiry[] | undefined;
}

/**
 * When the certificates in Secrets of type kubernetes.io/tls expire. Of such a Secret the two dates are kept the
 * moment it arrives, and nothing else: neither key nor certificate stay in memory, are logged, or leave the agent.
 */
export function trackCertificates(): Certificates {
  const tracker: Certificates = {
    resource: resources.secrets,
    fieldSelector: "type=kubernetes.io/tls",
    items: new Map(),
    project: (object) => lifetimeOf(certificateIn(object)),
    same: (a, b) => a.notAfter_ms === b.notAfter_ms && a.notBefore_ms === b.notBefore_ms,
    change: () => undefined,
    known: false,
    soonest: () =>
      tracker.known
        ? [...tracker.items]
            .map(([key, dates]) => ({ namespace: namespaceOf(key), name: nameOf(key), ...dates }))
            .sort((a, b) => a.notAfter_ms - b.notAfter_ms)
            .slice(0, mostTold)
        : undefined,
  };
  return tracker;
}

function certificateIn(object: KubeObject): string {
  const { data } = object as { data?: Record<string, unknown> };
  const encoded = data?.["tls.crt"];
  return typeof encoded === "string" ? Buffer.from(encoded, "base64").toString("latin1") : "";
}

/** Of a chain that which expires first; undefined where there is no certificate that can be read. */
export function lifetimeOf(pem: string): Lifetime | undefined {
  let first: Lifetime | undefined;
  for (const [one] of [...pem.matchAll(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)].slice(
    0,
    mostInChain,
  )) {
    const dates = datesOf(one);
    if (dates && !(first && first.notAfter_ms <= dates.notAfter_ms)) first = dates;
  }
  return first;
}

function datesOf(pem: string): Lifetime | undefined {
  try {
    const { validFrom, validTo } = new X509Certificate(pem);
    const dates = { notBefore_ms: Date.parse(validFrom), notAfter_ms: Date.parse(validTo) };
    return dates.notBefore_ms >= 0 && dates.notAfter_ms >= 0 ? dates : undefined;
  } catch {
    // What OpenSSL says might hold some of the content.
    return undefined;
  }
}
