import type { MaintenanceView } from "../../../views/alert-model.ts";
import type { Opening } from "../../../views/schedule-model.ts";
import { maintenancePage } from "../../../views/pages/alerts/maintenance.ts";
import { placeOf } from "../../alert/alerts.ts";
import { openingsOfWindow, standingOfWindow } from "../../alert/maintenance.ts";
import { ownZone } from "../../alert/times/zone.ts";
import { alertPlaces } from "../alerting.ts";
import { tenantNames } from "../granting.ts";
import type { Page, PageContext } from "../page.ts";

export const maintenance: Page = {
  path: "/alerts/maintenance",
  nav: "alerts",
  topics: ["alerts"],
  async load(ctx) {
    const { v, deps, user, form } = ctx;
    const windows = deps.alerting.maintenance(user);
    const standing = (one: MaintenanceView) => standingOfWindow(one, v.now);
    const open = windows.filter((one) => standing(one).open);
    const data = {
      windows,
      standing,
      hides: new Map(open.map((one) => [one.id, deps.alerts.hidden(one).length])),
      mayChange: (one: MaintenanceView) => deps.access.may(user, "operator", placeOf(one)),
      places: await alertPlaces(deps, user, "operator", true),
      tenants: await tenantNames(deps, user),
      preview: form?.shown.preview?.split(" ").flatMap((one) => deps.alerts.get(one) ?? []),
      openings: openings(ctx, windows),
      zone: ownZone(),
    };
    return { title: v.t.alerts.tabs.maintenance, fragments: maintenancePage(v, data, form) };
  },
};

/** Of the window that is being written, as the form or what is kept of it says. */
function openings({ v, form }: PageContext, windows: readonly MaintenanceView[]): Opening[] | undefined {
  const shown = form?.shown.openings;
  if (shown !== undefined)
    return shown
      .split(" ")
      .filter(Boolean)
      .map((one) => {
        const [startsMs = 0, endsMs = 0] = one.split("-").map(Number);
        return { startsMs, endsMs };
      });
  const edited = form ? undefined : windows.find((one) => one.id === v.query.get("edit"));
  return edited && openingsOfWindow(edited, v.now, 5);
}

/** What is being maintained in the scope, with how many alerts that hides: as far as one sees the one or the other. */
export function maintained({ v, deps, user }: PageContext) {
  const found = new Map<string, { id: string; name: string; endsMs?: number; hides: number }>();
  for (const one of deps.alerting.maintenance(user)) {
    const { open, untilMs } = standingOfWindow(one, v.now);
    const elsewhere = one.cluster !== undefined && (v.scope.cluster ?? one.cluster) !== one.cluster;
    if (!open || elsewhere) continue;
    const ends = untilMs === undefined ? {} : { endsMs: untilMs };
    found.set(one.id, { id: one.id, name: one.name, ...ends, hides: 0 });
  }
  for (const { fingerprint } of deps.alerts.list({ ...v.scope, state: "firing", muted: true })) {
    const muted = deps.alerts.muted(fingerprint);
    if (muted?.by !== "maintenance") continue;
    const { id, name, endsMs } = muted;
    const one = found.get(id) ?? { id, name, ...(endsMs === undefined ? {} : { endsMs }), hides: 0 };
    found.set(id, { ...one, hides: one.hides + 1 });
  }
  return [...found.values()];
}
