import { escalationsPage } from "../../../views/pages/alerts/escalations.ts";
import { mostRepeats, mostSteps } from "../../alert/escalation.ts";
import { alertPlaces } from "../alerting.ts";
import { tenantNames } from "../granting.ts";
import type { Page } from "../page.ts";

export const escalations: Page = {
  path: "/alerts/escalations",
  nav: "alerts",
  role: "admin",
  topics: ["alerts"],
  async load({ v, deps, user, form }) {
    const data = {
      escalations: deps.alerting.escalations(user),
      channels: deps.alerting.channels(user),
      places: await alertPlaces(deps, user, "admin", false),
      tenants: await tenantNames(deps, user),
      most: { steps: mostSteps, repeats: mostRepeats },
    };
    return { title: v.t.alerts.tabs.escalations, fragments: escalationsPage(v, data, form) };
  },
};
