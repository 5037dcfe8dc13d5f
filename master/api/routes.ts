import { alertRuleRoutes } from "./alert-rules.ts";
import { alertSettingRoutes } from "./alert-settings.ts";
import { alertRoutes } from "./alerts.ts";
import { annotationRoutes } from "./annotations.ts";
import { escalationRoutes } from "./escalations.ts";
import { maintenanceRoutes } from "./maintenance.ts";
import { auditRoutes } from "./audit.ts";
import { capacityRoutes } from "./capacity.ts";
import { commandRoutes } from "./commands.ts";
import { overRoutes } from "./over.ts";
import { topRoutes } from "./top.ts";
import { eventRoutes } from "./events.ts";
import { clusterRoutes, metricsRoute, objectRoutes } from "./objects.ts";
import type { Route } from "./route.ts";

/** Every address below /api/v1. */
export const routes: readonly Route[] = [
  ...clusterRoutes,
  ...objectRoutes,
  metricsRoute,
  ...overRoutes,
  ...annotationRoutes,
  ...topRoutes,
  ...capacityRoutes,
  ...eventRoutes,
  ...alertRoutes,
  ...alertRuleRoutes,
  ...alertSettingRoutes,
  ...maintenanceRoutes,
  ...escalationRoutes,
  ...commandRoutes,
  ...auditRoutes,
];
