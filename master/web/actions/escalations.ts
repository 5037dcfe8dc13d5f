import { severities } from "../../../views/alert-model.ts";
import { decode } from "../../../wire/check.ts";
import { problem } from "../../../wire/problem.ts";
import { EscalationBody, mostRepeats, mostSteps } from "../../alert/escalation.ts";
import { parseMatchers } from "../../alert/labels.ts";
import type { Action } from "../action.ts";
import { durationOf, placeOfForm, idOf, who } from "../alerting.ts";

const path = "/alerts/escalations";

export const escalationPut: Action = {
  path,
  do: "put",
  role: "admin",
  async run(ctx) {
    const { form, deps } = ctx;
    const repeats = Number(form.get("repeats") || 0);
    if (!Number.isInteger(repeats) || repeats < 0 || repeats > mostRepeats)
      throw problem(422, `the steps come again 0 to ${mostRepeats} times`, { pointer: "/repeats" });
    const body = decode(EscalationBody, {
      name: (form.get("name") ?? "").trim(),
      enabled: form.get("enabled") === "1",
      severities: severities.filter((one) => form.get(`severity-${one}`) === "1"),
      matchers: parseMatchers(form.get("matchers") ?? ""),
      steps: stepsOf(form),
      repeats,
    });
    await deps.alerting.putEscalation(who(ctx), idOf(ctx) || undefined, body, placeOfForm(form).tenant);
    return { to: path };
  },
};

/** Rows without a channel are none. */
function stepsOf(form: URLSearchParams): EscalationBody["steps"] {
  const steps: EscalationBody["steps"] = [];
  for (let at = 0; at < mostSteps; at++) {
    const channel = (form.get(`channel-${at}`) ?? "").slice(0, 100);
    if (channel === "") continue;
    const afterMs = durationOf(form, `after-${at}`);
    if (afterMs < 1000 || afterMs > 7 * 86_400_000)
      throw problem(422, "a step comes after a second at least, and 7 days at most", {
        pointer: `/after-${at}`,
      });
    steps.push({ afterMs, channel });
  }
  if (steps.length === 0)
    throw problem(422, "choose a channel for the first step", { pointer: "/channel-0" });
  return steps;
}

export const escalationRemove: Action = {
  path,
  do: "remove",
  role: "admin",
  async run(ctx) {
    await ctx.deps.alerting.removeEscalation(who(ctx), idOf(ctx));
    return { to: path };
  },
};
