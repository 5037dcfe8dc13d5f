import { problem } from "../../wire/problem.ts";
import type { Access } from "../access/access.ts";
import type { Principal, Where } from "../access/principal.ts";
import { actorOf } from "../audit/actor.ts";
import type { Audit } from "../audit/audit.ts";
import { auditedBy, type Deed } from "../audit/audited.ts";
import { findCluster } from "../database/clusters.ts";
import type { Database } from "../database/database.ts";
import { findTenant } from "../database/tenants.ts";
import type { Engine } from "./engine.ts";

/** Who asks, and from where. */
export interface Asker {
  by: Principal;
  address: string;
}

export interface ChangingOptions {
  database: Database;
  access: Pick<Access, "may" | "sight">;
  audit: Audit;
  engine: Engine;
  changed(): void;
  now: () => number;
}

/** What all that people change of alerts has in common. */
export function changing(options: ChangingOptions) {
  const { database, engine } = options;
  const audited = <T>(who: Asker, deed: Deed | ((done: T) => Deed), work: () => Promise<T>) =>
    auditedBy(options, { actor: actorOf(who.by), address: who.address })(deed, work);
  return {
    audited,
    /** Does and records something, and takes it over into what is judged. */
    change: <T>(who: Asker, deed: (done: T) => Deed, work: () => Promise<T>): Promise<T> =>
      engine.serially(async () => {
        const done = await audited(who, deed, work);
        await engine.reload();
        options.changed();
        return done;
      }),
    /** 404 where a tenant or a cluster is not there. */
    async checkPlace({ tenant, cluster }: Where): Promise<void> {
      if (cluster !== undefined && !(await findCluster(database, { id: cluster })))
        throw problem(404, "there is no such cluster");
      if (tenant !== undefined && !(await findTenant(database, { id: tenant })))
        throw problem(404, "there is no such tenant");
    },
  };
}
export type Changing = ReturnType<typeof changing>;
