import { capacityPage, rateTimes } from "../../../views/pages/capacity.ts";
import type { Page } from "../page.ts";

/** When disks and memory will be full, and what pods ask for of what there is. */
export const capacity: Page = {
  path: "/capacity",
  nav: "usage",
  topics: ["metrics", "node", "pod"],
  async load({ v, deps }) {
    const time = rateTimes.find((one) => one === v.query.get("over")) ?? "7d";
    const { cluster } = v.scope;
    const fillings = await deps.metrics.fleet(time, cluster);
    const shown = v.clusters.filter((one) => cluster === undefined || one.id === cluster);
    const clusters = shown.flatMap((one) => deps.datasource.capacity(one.id) ?? []);
    return {
      title: v.t.capacity.title,
      // Of clusters that are gone, what was measured is still there.
      fragments: capacityPage(v, {
        time,
        clusters,
        fillings: fillings.filter((one) => shown.some(({ id }) => id === one.cluster)),
      }),
    };
  },
};
