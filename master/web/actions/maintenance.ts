import { weekdays } from "../../../views/schedule-model.ts";
import { problem } from "../../../wire/problem.ts";
import { decode } from "../../../wire/check.ts";
import { parseMatchers } from "../../alert/labels.ts";
import { MaintenanceBody } from "../../alert/maintenance.ts";
import { checkSchedule, openingsFrom, type ScheduleBody } from "../../alert/times/schedule.ts";
import { checkZone, ownZone } from "../../alert/times/zone.ts";
import type { Action } from "../action.ts";
import { durationOf, knownCluster, momentIn, placeOfForm, zoneOf, idOf, who } from "../alerting.ts";
import { seenBy } from "../deps.ts";

const path = "/alerts/maintenance";

/** When, as the form says it; 422 beside the field that is wrong. */
function scheduleOf(form: URLSearchParams): ScheduleBody {
  const zone = checkZone(zoneOf(form).zone ?? ownZone());
  const type = form.get("type");
  if (type === "weekly") {
    const days = weekdays.filter((one) => form.get(`day-${one}`) === "1");
    return { type, zone, days, from: timeIn(form, "from"), to: timeIn(form, "to") };
  }
  if (type === "cron")
    return {
      type,
      zone,
      expression: (form.get("expression") ?? "").trim().slice(0, 100),
      durationMs: durationOf(form, "duration"),
    };
  return {
    type: "once",
    zone,
    startsMs: momentIn(form, "from", zone),
    endsMs: momentIn(form, "to", zone),
  };
}

function timeIn(form: URLSearchParams, name: string): string {
  const text = (form.get(name) ?? "").trim();
  if (!/^\d\d:\d\d$/.test(text))
    throw problem(422, `${text.slice(0, 10) || "nothing"} is no time of a day: 00:00 to 24:00`, {
      pointer: `/${name}`,
    });
  return text;
}

export const maintenancePut: Action = {
  path,
  do: "put",
  role: "operator",
  async run(ctx) {
    // The button that was pressed comes behind the field that stands in the form for Enter.
    if (ctx.form.getAll("do").includes("preview")) return maintenancePreview.run(ctx);
    const { form, deps } = ctx;
    const place = placeOfForm(form);
    await knownCluster(deps, place.cluster);
    const body = decode(MaintenanceBody, {
      ...place,
      name: (form.get("name") ?? "").trim(),
      reason: (form.get("reason") ?? "").trim(),
      matchers: parseMatchers(form.get("matchers") ?? ""),
      schedule: scheduleOf(form),
    });
    await deps.alerting.putMaintenance(who(ctx), idOf(ctx) || undefined, body);
    return { to: path };
  },
};

/** Shows when a window would be open and what it would hide now, and the form as it was. */
export const maintenancePreview: Action = {
  path,
  do: "preview",
  role: "operator",
  async run({ deps, user, form }) {
    const matchers = parseMatchers(form.get("matchers") ?? "");
    const schedule = checkSchedule(scheduleOf(form));
    const hidden = seenBy(deps, user).alerts.hidden({ ...placeOfForm(form), matchers });
    const openings = openingsFrom(schedule, Date.now(), 5);
    const kept = Object.fromEntries([...form].filter(([name]) => name !== "_csrf" && name !== "do"));
    return {
      shown: {
        ...kept,
        preview: hidden.map((one) => one.fingerprint).join(" ") || "-",
        openings: openings.map(({ startsMs, endsMs }) => `${startsMs}-${endsMs}`).join(" "),
      },
    };
  },
};

export const maintenanceEnd: Action = {
  path,
  do: "end",
  role: "operator",
  async run(ctx) {
    await ctx.deps.alerting.endMaintenance(who(ctx), idOf(ctx));
    return { to: path };
  },
};

export const maintenanceRemove: Action = {
  path,
  do: "remove",
  role: "operator",
  async run(ctx) {
    await ctx.deps.alerting.removeMaintenance(who(ctx), idOf(ctx));
    return { to: path };
  },
};
