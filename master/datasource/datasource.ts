import type { Datasource } from "../../views/model.ts";
import type { Hub } from "../hub/hub.ts";

export function createDatasource(_hub: Hub): Datasource {
  return {
    revision: 0,
    clusters: () => [],
    cluster: () => undefined,
    list: () => ({ items: [], total: 0, attention: 0 }),
    get: () => undefined,
    namespaces: () => [],
    podsOf: () => [],
    problems: () => [],
    latestMetrics: () => undefined,
    allLatestMetrics: () => [],
    recentMetrics: () => undefined,
    subscribe: () => () => undefined,
  };
}
