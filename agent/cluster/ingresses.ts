import type { Ingress } from "../../wire/ingress.ts";
import type { Change } from "../kube/informer.ts";
import { resources } from "../kube/resource.ts";
import { projectIngress } from "../project/ingress.ts";
import type { IngressClassObject } from "../project/kube.ts";
import { type TextItem, type TrackedList, trackSimple } from "./simple.ts";
import type { Diagnosis, Tracker } from "./tracker.ts";

/** Ingresses with the controller that serves them, which their class names. */
export function trackIngresses(
  diagnosis: Diagnosis,
  onChange: ((change: Change<TextItem>) => void) | undefined,
): { ingresses: TrackedList; classes: Tracker<string> } {
  const classes: Tracker<string> = {
    resource: resources.ingressclasses,
    items: new Map(),
    project: (object) => (object as unknown as IngressClassObject).spec?.controller,
    change() {
      for (const key of ingresses.items.keys()) ingresses.list.touch(key);
    },
  };
  const ingresses = trackSimple({
    kind: "ingress",
    resource: resources.ingresses,
    diagnosis,
    project: projectIngress,
    complete(text) {
      const ingress = JSON.parse(text) as Ingress;
      const controller = classes.items.get(ingress.summary.class ?? "");
      if (controller === undefined) return text;
      return JSON.stringify({ ...ingress, summary: { ...ingress.summary, controller } });
    },
    onChange,
  });
  return { ingresses, classes };
}
