import { expect, test } from "bun:test";
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
import { testDatasource } from "./testing.ts";

const lists = [
  podList,
  nodeList,
  serviceList,
  ingressList,
  namespaceList,
  configMapList,
  claimList,
  deploymentList,
  statefulSetList,
  daemonSetList,
  replicaSetList,
  jobList,
  cronJobList,
  autoscalerList,
];

test.each(lists.map((list) => [list.kind, list] as const))(
  "every column of the page of %s sorts",
  (kind, list) => {
    const sorts = testDatasource().datasource.sorts(kind);
    const missing = (list.columns as readonly { key: string; sort?: false }[])
      .filter((column) => column.sort !== false && !sorts.includes(column.key))
      .map((column) => column.key);
    expect(missing).toEqual([]);
  },
);
