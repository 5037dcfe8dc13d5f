import type { ReplicaSetOfDeployment } from "../../wire/deployment.ts";
import { deploymentFindings, replicaSetFindings } from "../diagnose/rules/workload.ts";
import { resources } from "../kube/resource.ts";
import { membersOf } from "../lists/text.ts";
import { WireList } from "../lists/wire-list.ts";
import { controllerOf } from "../project/common.ts";
import { joinRevisions, projectDeployment, projectRevision } from "../project/deployment.ts";
import type { ReplicaSetObject } from "../project/kube.ts";
import { projectReplicaSet } from "../project/replicaset.ts";
import { countChange, type NamespaceCounts } from "./namespaces.ts";
import type { Owners } from "./owners.ts";
import { type TextItem, type TrackedList, subjectOf, trackSimple } from "./simple.ts";
import { type Diagnosis, namespaceOf, type Tracker } from "./tracker.ts";

/** A ReplicaSet: `text` is the revision in its Deployment, or, where it has none, an item of its own list. */
type ReplicaSetItem = TextItem & { owner: { kind: string; name: string } | undefined };
export type ReplicaSetTracker = Tracker<ReplicaSetItem> & { readonly list: WireList };

/** Deployments joined with their ReplicaSets, and the ReplicaSets that no Deployment owns. */
export function trackDeployments(
  diagnosis: Diagnosis,
  owners: Owners,
  counts: NamespaceCounts,
): { deployments: TrackedList; replicaSets: ReplicaSetTracker } {
  /** Deployment → the keys of its ReplicaSets. */
  const revisions = new Map<string, Set<string>>();

  const replicaSets: ReplicaSetTracker = {
    resource: resources.replicasets,
    items: new Map(),
    list: new WireList("replicaset", {
      keys: () => [...replicaSets.items].filter(([, item]) => !isRevision(item)).map(([key]) => key),
      size(key) {
        const item = replicaSets.items.get(key);
        return item === undefined || isRevision(item) ? 0 : item.text.length;
      },
      write(key, out) {
        const item = replicaSets.items.get(key);
        if (item === undefined || isRevision(item)) return false;
        out.add(item.text);
        return true;
      },
    }),
    project(object) {
      const replicaSet = object as unknown as ReplicaSetObject;
      const owner = controllerOf(replicaSet.metadata.ownerReferences);
      const item = {
        uid: object.metadata.uid ?? object.metadata.name,
        owner: owner as ReplicaSetItem["owner"],
      };
      if (isRevision(item))
        return { ...item, text: JSON.stringify(projectRevision(replicaSet)), findings: [] };
      const findings = replicaSetFindings(replicaSet);
      return { ...item, text: JSON.stringify(projectReplicaSet(replicaSet)), findings };
    },
    same: (a, b) => a.text === b.text && a.uid === b.uid && a.owner?.name === b.owner?.name,
    change(change) {
      const { key, previous } = change;
      const item = change.type === "upsert" ? change.item : undefined;
      if (previous && previous.uid !== item?.uid) diagnosis.forget(previous.uid);
      if (previous && isRevision(previous)) link(key, previous, false);
      if (item === undefined) {
        owners.delete("ReplicaSet", key);
        if (previous && !isRevision(previous)) replicaSets.list.touch(key);
        return;
      }
      owners.set("ReplicaSet", key, item.owner);
      if (isRevision(item)) link(key, item, true);
      else {
        replicaSets.list.touch(key);
        diagnosis.observe(subjectOf(resources.replicasets, key, item.uid), item.findings);
      }
    },
  };

  function link(key: string, item: ReplicaSetItem, on: boolean): void {
    const deployment = `${namespaceOf(key)}/${item.owner?.name}`;
    const keys = revisions.get(deployment) ?? new Set();
    if (on) keys.add(key);
    else keys.delete(key);
    if (keys.size === 0) revisions.delete(deployment);
    else revisions.set(deployment, keys);
    if (deployments.items.has(deployment)) deployments.list.touch(deployment);
  }

  const deployments = trackSimple({
    kind: "deployment",
    resource: resources.deployments,
    diagnosis,
    project: projectDeployment,
    findings: deploymentFindings,
    join(key) {
      const texts = [...(revisions.get(key) ?? [])].flatMap((one) => replicaSets.items.get(one)?.text ?? []);
      return membersOf(joinRevisions(texts.map((text) => JSON.parse(text) as ReplicaSetOfDeployment)));
    },
    onChange: (change) => countChange(counts, "deployments", change),
  });
  return { deployments, replicaSets };
}

const isRevision = (item: { owner: ReplicaSetItem["owner"] }): boolean => item.owner?.kind === "Deployment";
