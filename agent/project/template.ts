import type { Template } from "../../wire/deployment.ts";
import { annotationsOf, filled } from "./common.ts";
import { containersOf } from "./container.ts";
import type { TemplateSpec } from "./kube.ts";
import { volumesOf } from "./volume.ts";

export function templateOf(template: TemplateSpec | undefined): Template | undefined {
  if (template === undefined) return undefined;
  return {
    labels: filled(template.metadata?.labels),
    annotations: annotationsOf(template.metadata?.annotations),
    containers: containersOf(template.spec),
    volumes: volumesOf(template.spec?.volumes),
    serviceAccountName: template.spec?.serviceAccountName,
    nodeSelector: filled(template.spec?.nodeSelector),
  };
}

/** `container=image` of a template, by which revisions are told apart. */
export function imagesOf(template: TemplateSpec | undefined): string[] {
  const { initContainers = [], containers = [] } = template?.spec ?? {};
  return [...initContainers, ...containers].map((one) => `${one.name}=${one.image ?? ""}`);
}
