import type { AlertView } from "../../views/alert-model.ts";
import { listAlerts } from "../database/alerts.ts";
import { listGroups } from "../database/channels.ts";
import type { Database } from "../database/database.ts";
import { listEscalationStates } from "../database/escalations.ts";
import { type EscalationState, stateID } from "./escalate.ts";
import { type Group, groupID } from "./group.ts";

/** What a judgement goes on from. */
export interface Held {
  alerts: Map<string, AlertView>;
  groups: Map<string, Group>;
  escalations: Map<string, EscalationState>;
}

/** As the database has it. */
export async function readHeld(database: Database): Promise<Held> {
  return {
    alerts: new Map((await listAlerts(database)).map((one) => [one.fingerprint, one])),
    groups: new Map((await listGroups(database)).map((one) => [groupID(one), one])),
    escalations: new Map((await listEscalationStates(database)).map((one) => [stateID(one), one])),
  };
}
