import { eventsHead, eventsTable, ranges } from "../../../views/pages/events.ts";
import type { EventQuery } from "../../../views/event-model.ts";
import type { Viewing } from "../../../views/viewing.ts";
import { parseInterval } from "../../../views/parts/moment.ts";
import type { Page } from "../page.ts";

export const eventsPage: Page = {
  path: "/events",
  nav: "events",
  topics: ["events"],
  load({ v, deps }) {
    const page = deps.history.search(eventQuery(v));
    return { title: v.t.events.title, fragments: { head: eventsHead(v, page), list: eventsTable(v, page) } };
  },
};

/** What the page's URL asks for. Anything that makes no sense counts as not said. */
function eventQuery(v: Viewing): EventQuery {
  const text = (name: string) => v.query.get(name)?.slice(0, 500) || undefined;
  const severity = text("severity");
  const range = ranges[text("range") as keyof typeof ranges];
  const interval = parseInterval(text("range"));
  const cursor = text("cursor");
  return {
    ...v.scope,
    kind: text("kind"),
    name: text("name"),
    node: text("node"),
    severity: severity === "critical" || severity === "warning" || severity === "info" ? severity : undefined,
    q: text("q"),
    ...(text("open") ? { open: true } : {}),
    ...(range ? { fromMs: v.now - range } : interval),
    cursor: cursor && /^[0-9a-z]{1,13}$/.test(cursor) ? cursor : undefined,
    limit: 100,
  };
}
