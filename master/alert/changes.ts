import type { AlertView } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import { sees } from "../access/sight.ts";
import { actorOf } from "../audit/actor.ts";
import { type ChannelChanges, channelChanges, type ChannelChangesOptions } from "./channel-changes.ts";
import { type Asker, changing } from "./changing.ts";
import { demand } from "./demand.ts";
import { type EscalationChanges, escalationChanges } from "./escalation.ts";
import { type MaintenanceChanges, maintenanceChanges } from "./maintenance-changes.ts";
import { type RuleChanges, ruleChanges } from "./rule-changes.ts";
import { type SilenceChanges, silenceChanges } from "./silence-changes.ts";

/** What people change. Each is recorded with who did it, asks for the role at its place, and throws ProblemErrors. */
export interface AlertChanges
  extends SilenceChanges,
    RuleChanges,
    MaintenanceChanges,
    EscalationChanges,
    ChannelChanges {
  acknowledge(who: Asker, fingerprint: string, note: string): Promise<AlertView>;
  /** Takes an acknowledgement back. */
  release(who: Asker, fingerprint: string): Promise<AlertView>;
}

export function createChanges(options: ChannelChangesOptions): AlertChanges {
  const { access, engine, now } = options;
  const means = changing(options);
  const { audited } = means;

  /** An alert that is seen, and that somebody may act on. */
  function actedOn(who: Asker, fingerprint: string): AlertView {
    const found = engine.alerts.get(fingerprint);
    if (!found || !sees(access.sight(who.by), found.cluster, found.namespace))
      throw problem(404, "there is no such alert");
    demand(access, who.by, "operator", whereOf(found));
    if (found.state !== "firing") throw problem(409, "this alert does not fire");
    return found;
  }

  const ack = (who: Asker, fingerprint: string, note: string | undefined): Promise<AlertView> =>
    engine.serially(async () => {
      const { ack: _, ...found } = actedOn(who, fingerprint);
      const atMs = now();
      const by = actorOf(who.by).name;
      const alert: AlertView = note === undefined ? found : { ...found, ack: { by, atMs, note } };
      const action = note === undefined ? "alert.release" : "alert.acknowledge";
      const deed = { action, ...whereOf(found), object: `alert ${found.name} ${found.object}` };
      const said = note === undefined ? "released" : note;
      await audited(who, { ...deed, detail: { fingerprint, ...(note ? { note } : {}) } }, () =>
        engine.put(alert, { fingerprint, atMs, what: "acknowledged", by, note: said }),
      );
      engine.took(alert);
      return alert;
    });

  return {
    ...silenceChanges(options, means),
    ...ruleChanges(options, means),
    ...maintenanceChanges(options, means),
    ...escalationChanges(options, means),
    ...channelChanges(options, means),
    acknowledge: (who, fingerprint, note) => ack(who, fingerprint, note.trim().slice(0, 500)),
    release: (who, fingerprint) => ack(who, fingerprint, undefined),
  };
}

const whereOf = ({ cluster, namespace }: AlertView) => ({ cluster, ...(namespace ? { namespace } : {}) });
