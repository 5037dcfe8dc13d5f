import type { Finding } from "../finding.ts";
import { plural } from "../finding.ts";

/** What the rule needs of a Service and its EndpointSlices. */
export interface ServiceView {
  type: string;
  selector: Record<string, string> | undefined;
  ready: number;
  total: number;
}

const emptyMs = 30_000;

/** A Service with a selector that leads nowhere. Those without one are fed by hand, or lead to another name. */
export function serviceFindings({ type, selector, ready, total }: ServiceView): Finding[] {
  const terms = Object.entries(selector ?? {}).map(([key, value]) => `${key}=${value}`);
  if (terms.length === 0 || type === "ExternalName" || ready > 0) return [];
  return [
    {
      family: "endpoints",
      reason: "NoReadyEndpoints",
      severity: "warning",
      category: "network",
      message:
        total === 0
          ? `the service leads nowhere: no running pod matches ${terms.join(",")}`
          : `the service leads nowhere: none of its ${plural(total, "endpoint")} is ready`,
      holdMs: emptyMs,
    },
  ];
}
