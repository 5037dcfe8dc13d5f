import { serviceFindings } from "../diagnose/rules/service.ts";
import type { Change } from "../kube/informer.ts";
import { resources } from "../kube/resource.ts";
import type { EndpointSliceObject } from "../project/kube.ts";
import {
  countEndpoints,
  joinSlices,
  projectService,
  projectSlice,
  type SliceView,
} from "../project/service.ts";
import { countChange, type NamespaceCounts } from "./namespaces.ts";
import { subjectOf, type TextItem, type TrackedList, trackSimple } from "./simple.ts";
import type { Diagnosis, Tracker } from "./tracker.ts";

/** Which Service an EndpointSlice belongs to. */
const serviceLabel = "kubernetes.io/service-name";

type SliceItem = SliceView & { service: string };
/** The part of a Service's JSON that its rule needs. */
type ServiceHead = { summary: { type: string }; selector?: Record<string, string> };

/** Services joined with their EndpointSlices. */
export function trackServices(
  diagnosis: Diagnosis,
  counts: NamespaceCounts,
): { services: TrackedList; slices: Tracker<SliceItem>; setSlicesKnown(): void } {
  /** Service → the keys of its slices. */
  const ofService = new Map<string, Set<string>>();
  let slicesKnown = false;

  const slicesOf = (service: string): SliceItem[] =>
    [...(ofService.get(service) ?? [])].sort().flatMap((key) => slices.items.get(key) ?? []);

  /** Without all slices nothing can be said of a Service: they may be still to come, or not to be read. */
  function diagnose(key: string, item: TextItem): void {
    if (!slicesKnown) return;
    const { summary, selector } = JSON.parse(item.text) as ServiceHead;
    const findings = serviceFindings({ type: summary.type, selector, ...countEndpoints(slicesOf(key)) });
    diagnosis.observe(subjectOf(resources.services, key, item.uid), findings);
  }

  const services = trackSimple({
    kind: "service",
    resource: resources.services,
    diagnosis: { observe: () => {}, forget: (uid) => diagnosis.forget(uid) },
    project: projectService,
    join: (key) => (slicesKnown ? joinSlices(slicesOf(key)) : ""),
    onChange(change) {
      countChange(counts, "services", change);
      if (change.type === "upsert") diagnose(change.key, change.item);
    },
  });

  const slices: Tracker<SliceItem> = {
    resource: resources.endpointslices,
    items: new Map(),
    project(object) {
      const name = object.metadata.labels?.[serviceLabel];
      if (name === undefined) return undefined;
      return {
        ...projectSlice(object as unknown as EndpointSliceObject),
        service: `${object.metadata.namespace}/${name}`,
      };
    },
    same: (a, b) =>
      a.service === b.service && a.endpoints === b.endpoints && a.ports.join() === b.ports.join(),
    change(change: Change<SliceItem>) {
      const { key, previous } = change;
      const service = change.type === "upsert" ? change.item.service : undefined;
      if (previous && previous.service !== service) {
        ofService.get(previous.service)?.delete(key);
        if (ofService.get(previous.service)?.size === 0) ofService.delete(previous.service);
        touch(previous.service);
      }
      if (service === undefined) return;
      const keys = ofService.get(service) ?? new Set();
      ofService.set(service, keys.add(key));
      touch(service);
    },
  };

  function touch(service: string): void {
    const item = services.items.get(service);
    if (item === undefined) return;
    services.list.touch(service);
    diagnose(service, item);
  }

  return {
    services,
    slices,
    setSlicesKnown() {
      if (slicesKnown) return;
      slicesKnown = true;
      for (const [key, item] of services.items) {
        services.list.touch(key);
        diagnose(key, item);
      }
    },
  };
}
