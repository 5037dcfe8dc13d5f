import { Type as T, type TSchema } from "@sinclair/typebox";
import type { MaintenanceView } from "../../views/alert-model.ts";
import { MaintenanceBody, openingsOfWindow, standingOfWindow, stateOfWindow } from "../alert/maintenance.ts";
import { checkSchedule, openingsFrom, ScheduleBody } from "../alert/times/schedule.ts";
import {
  Alert,
  asker,
  bodyOf,
  Done,
  done,
  id,
  listing,
  moment,
  post,
  shapeOf,
  SilenceWhere,
} from "./alert-shapes.ts";
import { placeOnly, scopeOrNone } from "./alerts.ts";
import type { Route } from "./route.ts";

const openingsTold = 5;
const Openings = T.Array(T.Object({ startsMs: T.Integer(), endsMs: T.Integer() }), {
  description: "The next five, the one that is open among them.",
});
const Window: TSchema = T.Composite([
  MaintenanceBody,
  T.Object({
    id,
    by: T.String(),
    createdMs: T.Integer(),
    closedUntilMs: moment,
    state: T.String({ description: "open, scheduled or over" }),
    untilMs: T.Optional(T.Integer({ description: "Until when that stays so." })),
  }),
]);
const WithOpenings = T.Composite([Window as ReturnType<typeof T.Object>, T.Object({ openings: Openings })]);
const Preview = T.Object({ ...SilenceWhere, schedule: ScheduleBody });

function shape(one: MaintenanceView) {
  const now = Date.now();
  const { untilMs } = standingOfWindow(one, now);
  return {
    ...one,
    state: stateOfWindow(one, now),
    ...(untilMs === undefined ? {} : { untilMs }),
  };
}

const withOpenings = (one: MaintenanceView) => ({
  ...shape(one),
  openings: openingsOfWindow(one, Date.now(), openingsTold),
});

export const maintenanceRoutes: readonly Route[] = [
  listing({
    path: "/api/v1/maintenance",
    id: "listMaintenance",
    tag: "maintenance",
    summary: "Maintenance windows: those that are open first, then by when they open; over ones for 30 days.",
    item: Window,
    items: (parts, by) => parts.alerting.maintenance(by).map(shape),
  }),
  post({
    path: "/api/v1/maintenance",
    role: "operator",
    id: "addMaintenance",
    tag: "maintenance",
    summary: "Plans work: while a window is open, nobody is told of what matches at its place.",
    body: MaintenanceBody,
    answer: WithOpenings,
    async get(parts, request, _params, by) {
      const asked = await bodyOf(MaintenanceBody, request);
      const body = { ...asked, ...scopeOrNone(parts, asked.cluster) };
      return withOpenings(await parts.alerting.putMaintenance(asker(request, by), undefined, body));
    },
  }),
  post({
    path: "/api/v1/maintenance/preview",
    id: "previewMaintenance",
    tag: "maintenance",
    summary: "The alerts that a window would hide if it were open now, and when it would open next.",
    body: Preview,
    answer: T.Object({ alerts: T.Array(Alert), openings: Openings }),
    async get(parts, request) {
      const asked = await bodyOf(Preview, request);
      const hidden = parts.alerts.hidden({ ...placeOnly(asked), ...scopeOrNone(parts, asked.cluster) });
      return {
        alerts: hidden.map((one) => shapeOf(parts, one)),
        openings: openingsFrom(checkSchedule(asked.schedule), Date.now(), openingsTold),
      };
    },
  }),
  post({
    path: "/api/v1/maintenance/:id",
    role: "operator",
    id: "changeMaintenance",
    tag: "maintenance",
    summary: "Puts another window in a window's place.",
    body: MaintenanceBody,
    answer: WithOpenings,
    async get(parts, request, params, by) {
      const asked = await bodyOf(MaintenanceBody, request);
      const body = { ...asked, ...scopeOrNone(parts, asked.cluster) };
      return withOpenings(await parts.alerting.putMaintenance(asker(request, by), params.id!, body));
    },
  }),
  post({
    path: "/api/v1/maintenance/:id/end",
    role: "operator",
    id: "endMaintenance",
    tag: "maintenance",
    summary: "Ends the opening that holds now; the next comes as planned.",
    answer: WithOpenings,
    get: async (parts, request, params, by) =>
      withOpenings(await parts.alerting.endMaintenance(asker(request, by), params.id!)),
  }),
  post({
    path: "/api/v1/maintenance/:id/remove",
    role: "operator",
    id: "removeMaintenance",
    tag: "maintenance",
    summary: "Removes a window.",
    answer: Done,
    async get(parts, request, params, by) {
      await parts.alerting.removeMaintenance(asker(request, by), params.id!);
      return done;
    },
  }),
];
