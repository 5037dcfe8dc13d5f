import type { Finding } from "../diagnose/finding.ts";
import { podFindings } from "../diagnose/rules/pod.ts";
import type { KubeObject } from "../kube/object.ts";
import { resources } from "../kube/resource.ts";
import { createInterner } from "../lists/intern.ts";
import { type PackedPod, packPod, uidOfPod, writePod } from "../lists/text.ts";
import { WireList } from "../lists/wire-list.ts";
import type { PodObject } from "../project/kube.ts";
import { projectPod } from "../project/pod.ts";
import type { NamespaceCounts } from "./namespaces.ts";
import type { Owners } from "./owners.ts";
import { type Diagnosis, nameOf, namespaceOf, type Tracker } from "./tracker.ts";

/** All that is kept of a pod. There may be many thousands: no field without need. */
export interface PodItem {
  packed: PackedPod;
  /** `Kind/name`, one string for all pods of an owner. */
  owner: string | undefined;
  phase: string;
  /** For the node of its occurrences, where it has any. */
  node: string | undefined;
  /** Undefined where nothing is wrong, and once they are told. */
  findings: readonly Finding[] | undefined;
}

export type PodTracker = Tracker<PodItem> & { readonly list: WireList };

export function trackPods(diagnosis: Diagnosis, owners: Owners, counts: NamespaceCounts): PodTracker {
  const intern = createInterner();
  const tracker: PodTracker = {
    resource: resources.pods,
    items: new Map(),
    list: new WireList("pod", {
      keys: () => tracker.items.keys(),
      size(key) {
        const packed = tracker.items.get(key)?.packed;
        return packed ? packed.own.length + packed.shared.length + 128 : 0;
      },
      write(key, out) {
        const item = tracker.items.get(key);
        if (item === undefined) return false;
        writePod(item.packed, owners.chain(key, namespaceOf(key), item.owner), out);
        return true;
      },
    }),
    project(object: KubeObject) {
      const pod = object as unknown as PodObject;
      const projected = projectPod(pod);
      const controller = projected.summary.controlledBy;
      const findings = podFindings(pod);
      return {
        packed: packPod(projected, intern),
        owner: controller ? intern(`${controller.kind}/${controller.name}`) : undefined,
        phase: intern(pod.status?.phase ?? ""),
        node: pod.spec?.nodeName && intern(pod.spec.nodeName),
        findings: findings.length > 0 ? findings : undefined,
      };
    },
    same: (a, b) => a.packed.own === b.packed.own && a.packed.shared === b.packed.shared,
    change(change) {
      const { key, previous } = change;
      const item = change.type === "upsert" ? change.item : undefined;
      tracker.list.touch(key);
      counts.pod(namespaceOf(key), previous?.phase, item?.phase);
      const uid = item && uidOfPod(item.packed);
      const before = previous && uidOfPod(previous.packed);
      if (before !== undefined && before !== uid) diagnosis.forget(before);
      if (item === undefined || uid === undefined) return;
      const subject = {
        kind: "Pod",
        namespace: namespaceOf(key),
        name: nameOf(key),
        uid,
        node: item.node,
      };
      diagnosis.observe(subject, item.findings ?? []);
      item.findings = undefined;
    },
  };
  owners.onKnown = (pod) => tracker.list.touch(pod);
  return tracker;
}
