import { problem } from "../../../wire/problem.ts";
import { type ConditionType, type Instance, inScope } from "./condition.ts";
import { globsOf } from "./glob.ts";
import type { ConditionOf } from "./schema.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What lives for a day or a week is renewed late: it is told of when only this share of its life is left. */
const shareLeft = 0.2;

/** A certificate in a Secret that expires soon, where an agent was granted to look at those. */
export const certificateCondition: ConditionType<ConditionOf<"certificate">> = {
  find(rule, { withinMs, clearMs, names }, facts, was) {
    const found: Instance[] = [];
    const wanted = globsOf(names);
    for (const { namespace, name, notBefore_ms, notAfter_ms } of facts.certificates() ?? []) {
      if (wanted && !wanted(name)) continue;
      const subject = { cluster: facts.id, kind: "Secret", namespace, name };
      const leftMs = notAfter_ms - facts.now;
      const most = was.firing(subject) ? clearMs : withinMs;
      if (leftMs > Math.min(most, (notAfter_ms - notBefore_ms) * shareLeft)) continue;
      if (!inScope(rule, facts, "Secret", namespace, name)) continue;
      const at = new Date(notAfter_ms).toISOString().slice(0, 10);
      found.push({
        subject,
        kind: "Secret",
        namespace,
        object: name,
        node: "",
        reason: leftMs > 0 ? "CertificateExpires" : "CertificateExpired",
        message:
          leftMs > 0
            ? `the certificate expires in ${spanText(leftMs)}, on ${at}`
            : `the certificate expired on ${at}, ${spanText(-leftMs)} ago`,
        value: Math.round(leftMs / 1000),
        valueText: leftMs > 0 ? spanText(leftMs) : `-${spanText(-leftMs)}`,
        texts: { expires: at },
      });
    }
    return found;
  },
  unknown: (_alert, facts) => facts.certificates() === undefined,
  everyMs: () => 10_000,
  check({ withinMs, clearMs }) {
    if (clearMs < withinMs)
      throw problem(422, "the time at which it is over has to be the longer one", { pointer: "/clearMs" });
  },
};

/** Whole days, and below two of them hours. */
function spanText(ms: number): string {
  return ms >= 2 * dayMs ? `${Math.floor(ms / dayMs)} d` : `${Math.floor(ms / hourMs)} h`;
}
