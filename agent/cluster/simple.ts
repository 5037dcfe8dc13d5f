import type { KindKey } from "../../wire/kind-names.ts";
import type { Finding } from "../diagnose/finding.ts";
import type { Change } from "../kube/informer.ts";
import type { Resource } from "../kube/resource.ts";
import { WireList } from "../lists/wire-list.ts";
import { type Diagnosis, nameOf, namespaceOf, type Tracker } from "./tracker.ts";

/** An item of most kinds: its JSON, and what is wrong with it until that is told. */
export interface TextItem {
  text: string;
  uid: string;
  findings: readonly Finding[];
}

const none: readonly Finding[] = [];

/** `K` is what an object of the resource looks like. */
export interface SimpleOptions<K> {
  kind: KindKey;
  resource: Resource;
  project(object: K): object | undefined;
  findings?(object: K): Finding[];
  diagnosis: Diagnosis;
  /** Further members of the item's JSON, from other objects. */
  join?(key: string): string;
  /** The item's JSON as it is sent, where other objects tell of what is inside it. */
  complete?(text: string): string;
  onChange?(change: Change<TextItem>): void;
}

export type TrackedList = Tracker<TextItem> & { readonly list: WireList };

/** A kind whose items are projected each for itself. */
export function trackSimple<K>(options: SimpleOptions<K>): TrackedList {
  const { resource, diagnosis } = options;
  const tracker: TrackedList = {
    resource,
    items: new Map(),
    list: new WireList(options.kind, {
      keys: () => tracker.items.keys(),
      size: (key) => tracker.items.get(key)?.text.length ?? 0,
      write(key, out) {
        const item = tracker.items.get(key);
        if (item === undefined) return false;
        const members = options.join?.(key) ?? "";
        const text = options.complete?.(item.text) ?? item.text;
        out.add(members === "" ? text : `${text.slice(0, -1)},${members}}`);
        return true;
      },
    }),
    project(object) {
      // A resource's API gives objects of its one kind.
      const own = object as unknown as K;
      const value = options.project(own);
      if (value === undefined) return undefined;
      const findings = options.findings?.(own) ?? none;
      return {
        text: JSON.stringify(value),
        uid: object.metadata.uid ?? object.metadata.name,
        findings: findings.length > 0 ? findings : none,
      };
    },
    same: (a, b) => a.text === b.text && a.uid === b.uid && sameFindings(a.findings, b.findings),
    change(change) {
      const { key, previous } = change;
      tracker.list.touch(key);
      if (previous && (change.type === "delete" || change.item.uid !== previous.uid))
        diagnosis.forget(previous.uid);
      if (change.type === "upsert")
        diagnosis.observe(subjectOf(resource, key, change.item.uid), change.item.findings);
      options.onChange?.(change);
    },
  };
  return tracker;
}

export function subjectOf(resource: Resource, key: string, uid: string) {
  const name = nameOf(key);
  if (!resource.namespaced) return { kind: resource.kind, name, uid, node: name };
  return { kind: resource.kind, namespace: namespaceOf(key), name, uid };
}

function sameFindings(a: readonly Finding[], b: readonly Finding[]): boolean {
  return (a.length === 0 && b.length === 0) || JSON.stringify(a) === JSON.stringify(b);
}
