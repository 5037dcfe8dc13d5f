import type { Content } from "../../views/html.ts";
import { claimList, configMapList } from "../../views/pages/config.ts";
import { namespaceList } from "../../views/pages/namespaces.ts";
import { ingressList, serviceList } from "../../views/pages/network.ts";
import { nodeList } from "../../views/pages/nodes.ts";
import { podList } from "../../views/pages/pods.ts";
import {
  autoscalerList,
  cronJobList,
  daemonSetList,
  deploymentList,
  jobList,
  replicaSetList,
  statefulSetList,
} from "../../views/pages/workloads.ts";
import type { NavKey } from "../../views/layout.ts";
import { folders, pageHref } from "../../views/parts/links.ts";
import { type Tab, tabs } from "../../views/parts/tabs.ts";
import { clusterResources } from "../../views/pages/resources/address.ts";
import { formatCount } from "../../views/parts/format.ts";
import type { Viewing } from "../../views/viewing.ts";
import type { KindKey } from "../../wire/kinds.ts";
import { listPage } from "./list-page.ts";
import type { Page, PageContext } from "./page.ts";
import { escalations } from "./pages/escalations.ts";
import { maintenance } from "./pages/maintenance.ts";
import { alertHistory } from "./pages/alert-history.ts";
import { alertDetail, alertRules, alerts, channels, ruleImport, silences } from "./pages/alerts.ts";
import { apiPage } from "./pages/api.ts";
import { auditPage } from "./pages/audit.ts";
import { capacity } from "./pages/capacity.ts";
import { commandDetail, commandsPage } from "./pages/commands.ts";
import { clustersPage } from "./pages/clusters.ts";
import { ingressDetail, serviceDetail } from "./pages/detail/network.ts";
import { nodeDetail } from "./pages/detail/node.ts";
import { autoscalerDetail, claimDetail, configMapDetail, namespaceDetail } from "./pages/detail/others.ts";
import { podDetail } from "./pages/detail/pod.ts";
import { workloadDetails } from "./pages/detail/workload.ts";
import { eventsPage } from "./pages/events.ts";
import { overview } from "./pages/overview.ts";
import { searchPage } from "./pages/search.ts";
import { resourcePages } from "./resources/pages.ts";
import { logs, terminal } from "./pages/streams.ts";
import { topLists } from "./pages/top.ts";
import { settingsPage } from "./pages/settings.ts";

/** Kinds that share an entry of the side bar, as tabs with their counts. */
function kindTabs(nav: NavKey, kinds: readonly KindKey[], more: (v: Viewing) => Tab[] = () => []) {
  return (v: Viewing, { deps }: PageContext): Content =>
    tabs(v.t.nav[nav] as string, [
      ...kinds.map((kind) => ({
        label: v.t.kind[kind],
        href: pageHref(v, `/${folders[kind]}`),
        current: v.path === `/${folders[kind]}`,
        count: formatCount(deps.datasource.list(kind, { ...v.scope, limit: 1 }).total),
      })),
      ...more(v),
    ]);
}

/** Beside the kinds that have lists of their own: every other, of the cluster that is looked at. */
function allResources(v: Viewing): Tab[] {
  const known = v.clusters.filter((one) => one.flavour !== "host");
  const cluster = known.find((one) => one.id === v.scope.cluster) ?? known[0];
  if (!cluster) return [];
  return [{ label: v.t.resources.title, href: clusterResources(v, cluster.id), current: false }];
}

const workloadKinds = [
  "deployment",
  "statefulset",
  "daemonset",
  "replicaset",
  "job",
  "cronjob",
  "horizontalpodautoscaler",
] as const;
const workloads = {
  topics: ["metrics", ...workloadKinds] as const,
  tabs: kindTabs("workloads", workloadKinds),
};
const networkKinds = ["service", "ingress"] as const;
const network = { topics: networkKinds, tabs: kindTabs("network", networkKinds) };
const configKinds = ["configmap", "persistentvolumeclaim"] as const;
const config = { topics: configKinds, tabs: kindTabs("config", configKinds, allResources) };

/** Every page; the first whose path matches is taken. */
export const pages: readonly Page[] = [
  overview,
  listPage(nodeList, "nodes", { topics: ["metrics"] }),
  listPage(podList, "pods", { topics: ["metrics"] }),
  listPage(deploymentList, "workloads", workloads),
  listPage(statefulSetList, "workloads", workloads),
  listPage(daemonSetList, "workloads", workloads),
  listPage(replicaSetList, "workloads", workloads),
  listPage(jobList, "workloads", workloads),
  listPage(cronJobList, "workloads", workloads),
  listPage(autoscalerList, "workloads", workloads),
  listPage(serviceList, "network", network),
  listPage(ingressList, "network", network),
  listPage(configMapList, "config", config),
  listPage(claimList, "config", config),
  listPage(namespaceList, "namespaces"),
  eventsPage,
  alerts,
  alertRules,
  ruleImport,
  alertHistory,
  silences,
  maintenance,
  escalations,
  channels,
  // Behind the others, whose names are no fingerprints.
  alertDetail,
  topLists,
  capacity,
  searchPage,
  commandsPage,
  commandDetail,
  clustersPage,
  settingsPage,
  auditPage,
  apiPage,
  nodeDetail,
  podDetail,
  ...workloadDetails,
  serviceDetail,
  ingressDetail,
  configMapDetail,
  claimDetail,
  namespaceDetail,
  autoscalerDetail,
  ...resourcePages,
  logs,
  terminal,
];
