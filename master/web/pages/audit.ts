import { auditHead, auditTable, auditVerified, rangeOf } from "../../../views/pages/audit.ts";
import type { Viewing } from "../../../views/viewing.ts";
import type { AuditQuery } from "../../audit/search.ts";
import { visibleTo } from "../../audit/visible.ts";
import type { Page } from "../page.ts";

const pageSize = 100;

/** Who did what, as far as the viewer administers where it was done. */
export const auditPage: Page = {
  path: "/audit",
  nav: "audit",
  role: "admin",
  topics: ["audit"],
  async load({ v, deps, user }) {
    const query = auditQuery(v);
    const cursor = Number(v.query.get("cursor") ?? Number.NaN);
    const page = await deps.trail.search(
      {
        ...query,
        limit: pageSize,
        ...(Number.isSafeInteger(cursor) && cursor > 0 ? { before: cursor } : {}),
      },
      visibleTo(deps.access, user),
    );
    return {
      title: v.t.audit.title,
      fragments: {
        head: auditHead(v, exportHref(query)),
        // What the whole log holds is the installation's to know.
        ...(v.admin({}) ? { verified: auditVerified(v, deps.trail.verification()) } : {}),
        list: auditTable(v, page),
      },
    };
  },
};

/** What the page's URL asks for. Anything that makes no sense counts as not said. */
function auditQuery(v: Viewing): AuditQuery {
  const text = (name: string) => v.query.get(name)?.trim().slice(0, 500) || undefined;
  const result = (["ok", "refused", "failed"] as const).find((one) => one === text("result"));
  const range = rangeOf(v);
  const given = {
    q: text("q"),
    actor: text("actor"),
    action: text("action"),
    result,
    cluster: v.scope.cluster,
  };
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined)) as AuditQuery),
    ...(range === undefined ? {} : { fromMs: v.now - range }),
  };
}

/** The API's export of the same. Its time is by the minute, so that the page does not change all the time. */
function exportHref({ fromMs, ...query }: AuditQuery): string {
  const parameters = new URLSearchParams(query as Record<string, string>);
  if (fromMs !== undefined) parameters.set("from", new Date(fromMs - (fromMs % 60_000)).toISOString());
  return `/api/v1/audit/export${parameters.size > 0 ? `?${parameters}` : ""}`;
}
