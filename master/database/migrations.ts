import type { Migration } from "./migrate.ts";
import { alerting } from "./migrations/alerting.ts";
import { audit } from "./migrations/audit.ts";
import { control } from "./migrations/control.ts";
import { enrolment } from "./migrations/enrolment.ts";
import { escalations } from "./migrations/escalations.ts";
import { digests } from "./migrations/digests.ts";
import { initial } from "./migrations/initial.ts";
import { removed } from "./migrations/removed.ts";
import { seen } from "./migrations/seen.ts";
import { signIn } from "./migrations/sign-in.ts";
import { superseded } from "./migrations/superseded.ts";
import { threads } from "./migrations/threads.ts";
import { maintenance } from "./migrations/maintenance.ts";
import { nothing, tenants } from "./migrations/tenants.ts";

/** The main database, oldest first. One that was released is never changed: a new one is added. */
export const mainMigrations: Migration[] = [
  initial,
  control,
  nothing,
  signIn,
  audit,
  enrolment,
  tenants,
  alerting,
  superseded,
  threads,
  maintenance,
  escalations,
  digests,
  removed,
  seen,
];
