import type { Pending } from "../../views/pages/enrolment.ts";
import { problem } from "../../wire/problem.ts";
import { beginEnrolment, enrolmentMs, type EnrolmentRights, enrolmentRights } from "../access/enrolment.ts";
import { recentEnrolments } from "../database/enrolments.ts";
import type { SeenDeps, WebDeps } from "./deps.ts";

const shownForMs = 3_600_000;
/** How long a cluster that has come in is still shown as such. */
const shownDoneMs = 5 * 60_000;

/** What the form says of the agent's rights; 422 where that is nothing. */
export function rightsOf(form: URLSearchParams): EnrolmentRights {
  const rights = enrolmentRights.find((one) => one === (form.get("rights") ?? "read"));
  if (!rights) throw problem(422, `rights are one of ${enrolmentRights.join(", ")}`, { pointer: "/rights" });
  return rights;
}

/** Begins an enrolment; the pages hear when it expires. */
export async function startEnrolment(
  { database, datasource }: Pick<WebDeps, "database" | "datasource">,
  cluster: string,
  rights: EnrolmentRights,
): Promise<string> {
  const token = await beginEnrolment(database, cluster, rights);
  setTimeout(() => datasource.changed(cluster, "clusters"), enrolmentMs + 100).unref();
  return token;
}

/** The clusters that are being connected, or were just now. */
export async function pendingEnrolments(
  { database, datasource }: SeenDeps,
  may: (cluster: string) => boolean,
): Promise<Pending[]> {
  const now = Date.now();
  const pending: Pending[] = [];
  for (const row of await recentEnrolments(database, now - shownForMs)) {
    const cluster = datasource.cluster(row.cluster);
    // A line is for who administers the cluster.
    if (!cluster || !may(row.cluster)) continue;
    const heard = row.exchanged_ms !== null && cluster.lastSeenMs >= row.exchanged_ms;
    if (heard && now - row.exchanged_ms! > shownDoneMs) continue;
    pending.push({
      cluster: row.cluster,
      rights: row.rights,
      createdMs: row.created_ms,
      expiresMs: row.expires_ms,
      ...(row.fetched_ms === null ? {} : { fetchedMs: row.fetched_ms }),
      ...(row.exchanged_ms === null ? {} : { exchangedMs: row.exchanged_ms }),
      // The first that is heard is what matters; when it was heard last changes all the time.
      ...(heard ? { connectedMs: row.exchanged_ms! } : {}),
    });
  }
  return pending;
}
