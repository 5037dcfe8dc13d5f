import type { MaintenanceView } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import { actorOf } from "../audit/actor.ts";
import { putMaintenance, removeMaintenance } from "../database/maintenance.ts";
import { randomId } from "../database/token.ts";
import { placeOf } from "./alerts.ts";
import type { Asker, Changing, ChangingOptions } from "./changing.ts";
import { demand } from "./demand.ts";
import { checkMatchers, matcherText } from "./labels.ts";
import { type MaintenanceBody, standingOfWindow } from "./maintenance.ts";
import { checkSchedule, standingAt } from "./times/schedule.ts";

export interface MaintenanceChanges {
  /** Changes a maintenance window, or adds one where no id is given. */
  putMaintenance(who: Asker, id: string | undefined, body: MaintenanceBody): Promise<MaintenanceView>;
  /** Ends the opening that holds now; the next comes as planned. */
  endMaintenance(who: Asker, id: string): Promise<MaintenanceView>;
  removeMaintenance(who: Asker, id: string): Promise<void>;
}

/** Everybody's together: each is looked at whenever an alert fires. */
const mostWindows = 200;

export function maintenanceChanges(
  { database, access, engine, now }: ChangingOptions,
  { change, checkPlace }: Changing,
): MaintenanceChanges {
  /** A window that is seen, and that somebody may act on. */
  function acted(who: Asker, id: string): MaintenanceView {
    const found = engine.maintenance.find((one) => one.id === id);
    if (!found || !access.may(who.by, "viewer", placeOf(found)))
      throw problem(404, "there is no such maintenance window");
    demand(access, who.by, "operator", placeOf(found));
    return found;
  }

  const put = (who: Asker, action: string, one: MaintenanceView, detail?: Record<string, unknown>) =>
    change(
      who,
      () => ({
        action,
        ...placeOf(one),
        object: `maintenance ${one.name}`,
        detail: { maintenance: one.id, ...detail },
      }),
      async () => {
        await putMaintenance(database, one);
        return one;
      },
    );

  return {
    async putMaintenance(who, id, body) {
      const before = id === undefined ? undefined : acted(who, id);
      const place = placeOf(body);
      // Of a place that cannot be seen nothing is said, not even that it is there.
      if (body.cluster !== undefined && !access.may(who.by, "viewer", place))
        throw problem(404, "there is no such place");
      demand(access, who.by, "operator", place);
      await checkPlace(place);
      const name = body.name.trim();
      const reason = body.reason.trim();
      if (name === "") throw problem(422, "a window has a name", { pointer: "/name" });
      if (reason === "") throw problem(422, "say why", { pointer: "/reason" });
      if (body.matchers.length === 0 && !body.cluster && !body.namespace)
        throw problem(422, "a window has a matcher, or holds in one cluster or namespace", {
          pointer: "/matchers",
        });
      if (!before && engine.maintenance.length >= mostWindows)
        throw problem(409, `there are ${mostWindows} maintenance windows: remove some first`);
      const schedule = checkSchedule(body.schedule);
      if (schedule.type === "once" && schedule.endsMs <= now())
        throw problem(422, "this window would be over already", { pointer: "/to" });
      const window: MaintenanceView = {
        id: before?.id ?? randomId(),
        ...place,
        name,
        reason: reason.slice(0, 500),
        matchers: checkMatchers(body.matchers),
        schedule,
        by: before?.by ?? actorOf(who.by).name,
        createdMs: before?.createdMs ?? now(),
      };
      return put(who, before ? "maintenance.change" : "maintenance.add", window, {
        matchers: window.matchers.map(matcherText),
        reason: window.reason,
        schedule,
      });
    },

    async endMaintenance(who, id) {
      const found = acted(who, id);
      const atMs = now();
      const { open, untilMs } = standingOfWindow(found, atMs);
      if (!open) throw problem(409, "this window is not open");
      const { schedule } = found;
      if (schedule.type === "once")
        return put(who, "maintenance.end", { ...found, schedule: { ...schedule, endsMs: atMs } });
      if (untilMs === undefined || standingAt([schedule], untilMs).open)
        throw problem(409, "this window opens again at once: change or remove it");
      return put(who, "maintenance.end", { ...found, closedUntilMs: untilMs });
    },

    async removeMaintenance(who, id) {
      const found = acted(who, id);
      await change(
        who,
        () => ({
          action: "maintenance.remove",
          ...placeOf(found),
          object: `maintenance ${found.name}`,
          detail: { maintenance: id },
        }),
        () => removeMaintenance(database, id),
      );
    },
  };
}
