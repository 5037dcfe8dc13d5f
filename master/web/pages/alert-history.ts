import { historyPage, historyRanges, usualRange } from "../../../views/pages/alerts/history.ts";
import { alertsPerPage } from "../../../views/pages/alerts/list.ts";
import type { Page } from "../page.ts";

export const alertHistory: Page = {
  path: "/alerts/history",
  nav: "alerts",
  topics: ["alerts"],
  async load({ v, deps }) {
    const text = (name: string) => v.query.get(name)?.slice(0, 100) || undefined;
    const cursor = text("cursor");
    const asked = text("range") ?? usualRange;
    const range = Object.hasOwn(historyRanges, asked) ? (asked as keyof typeof historyRanges) : usualRange;
    const found = await deps.alerts.past({
      ...v.scope,
      fromMs: v.now - historyRanges[range],
      severity: text("severity"),
      rule: text("rule"),
      q: text("q"),
      cursor: cursor && /^\d{1,15}-\d{1,15}$/.test(cursor) ? cursor : undefined,
      limit: alertsPerPage,
    });
    return { title: v.t.alerts.tabs.history, fragments: historyPage(v, found) };
  },
};
