import { type Static, Type as T } from "@sinclair/typebox";
import type { EscalationView } from "../../views/alert-model.ts";
import { Severity } from "../../wire/event.ts";
import { problem } from "../../wire/problem.ts";
import { putEscalation, removeEscalation } from "../database/escalations.ts";
import { randomId } from "../database/token.ts";
import { type Channels, Matcher } from "../notify/channels.ts";
import { placeOf } from "./alerts.ts";
import type { Asker, Changing, ChangingOptions } from "./changing.ts";
import { demand } from "./demand.ts";
import { checkMatchers } from "./labels.ts";

export const mostSteps = 5;
export const mostRepeats = 10;
const mostPolicies = 100;
const dayMs = 86_400_000;

/** A policy as forms and the API give it. */
export const EscalationBody = T.Object({
  name: T.String({ minLength: 1, maxLength: 100, pattern: "^[^\\x00-\\x1f]+$" }),
  enabled: T.Boolean(),
  severities: T.Array(Severity, { description: "None: all." }),
  matchers: T.Array(Matcher, { maxItems: 20 }),
  steps: T.Array(
    T.Object({
      afterMs: T.Integer({
        minimum: 1000,
        maximum: 7 * dayMs,
        description: "So long nobody has acknowledged since the step before, or since it began to fire.",
      }),
      channel: T.String({ description: "A channel's id, of the same tenant." }),
    }),
    { minItems: 1, maxItems: mostSteps },
  ),
  repeats: T.Integer({ minimum: 0, maximum: mostRepeats, description: "How often all steps come again." }),
});
export type EscalationBody = Static<typeof EscalationBody>;

export interface EscalationChanges {
  /** Changes a policy, or adds one where no id is given. */
  putEscalation(
    who: Asker,
    id: string | undefined,
    body: EscalationBody,
    tenant?: string,
  ): Promise<EscalationView>;
  removeEscalation(who: Asker, id: string): Promise<void>;
}

export function escalationChanges(
  { database, access, engine, now, channels }: ChangingOptions & { channels: Channels },
  { change, checkPlace }: Changing,
): EscalationChanges {
  /** 404 for everybody who does not administer it: it names channels, of which nobody else hears. */
  function own(who: Asker, id: string): EscalationView {
    const found = engine.escalations.find((one) => one.id === id);
    if (!found || !access.may(who.by, "admin", placeOf(found)))
      throw problem(404, "there is no such escalation");
    demand(access, who.by, "admin", placeOf(found));
    return found;
  }
  const deed = (action: string, one: EscalationView, detail: Record<string, unknown>) => ({
    action,
    ...placeOf(one),
    object: `escalation ${one.name}`,
    detail: { escalation: one.id, ...detail },
  });

  return {
    async putEscalation(who, id, body, tenant) {
      const before = id === undefined ? undefined : own(who, id);
      const place = placeOf(before ?? { tenant });
      demand(access, who.by, "admin", place);
      await checkPlace(place);
      const name = body.name.trim();
      if (name === "") throw problem(422, "an escalation has a name", { pointer: "/name" });
      if (!before && engine.escalations.length >= mostPolicies)
        throw problem(409, `there are ${mostPolicies} escalations: remove some first`);
      // A channel of another place could be told what its owner may not see.
      body.steps.forEach(({ channel }, index) => {
        const found = channels.get(channel);
        if (!found || found.tenant !== place.tenant)
          throw problem(422, "this channel is of another tenant, or is gone", {
            pointer: `/steps/${index}/channel`,
          });
      });
      const one: EscalationView = {
        id: before?.id ?? randomId(),
        ...place,
        name,
        enabled: body.enabled,
        severities: body.severities,
        matchers: checkMatchers(body.matchers),
        steps: body.steps,
        repeats: body.repeats,
        createdMs: before?.createdMs ?? now(),
      };
      const { steps, repeats, enabled } = one;
      return change(
        who,
        () => deed(before ? "escalation.change" : "escalation.add", one, { enabled, steps, repeats }),
        async () => {
          await putEscalation(database, one);
          return one;
        },
      );
    },

    async removeEscalation(who, id) {
      const found = own(who, id);
      await change(
        who,
        () => deed("escalation.remove", found, {}),
        () => removeEscalation(database, id),
      );
    },
  };
}
