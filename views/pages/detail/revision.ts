import type { Deployment, ReplicaSetOfDeployment } from "../../../wire/deployment.ts";
import type { ItemOf } from "../../../wire/kinds.ts";
import { type Html, html } from "../../html.ts";
import type { Row } from "../../model.ts";
import type { StoredEvent } from "../../event-model.ts";
import { parseTime } from "../../../wire/values.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { facts, objectLink, section } from "./blocks.ts";
import { podsPart } from "./pods.ts";
import { timelinePart } from "./timeline.ts";

export interface RevisionData {
  deployment: Row<Deployment>;
  set: ReplicaSetOfDeployment;
  pods: Row<ItemOf["pod"]>[];
  events: StoredEvent[];
  moreEvents: boolean;
}

/** A ReplicaSet that a Deployment owns: what the Deployment tells of it, its pods and its events. */
export function revisionPage(v: Viewing, data: RevisionData): Record<string, Html> {
  const t = v.t.detail;
  const { deployment, set } = data;
  const { name, namespace } = deployment.item.summary;
  const owner = objectLink(v, deployment.cluster, { kind: "Deployment", namespace, name });
  return {
    head: html`<header id="head" class="head object"><nav class="crumbs" aria-label="${t.path}"><ol><li>${namespace}</li><li>Deployment ${owner}</li></ol></nav><div class="title"><h1><span class="sr">ReplicaSet </span>${set.name}</h1></div><p class="why">${t.revisionOf(owner)}</p></header>`,
    facts: section(
      "facts",
      t.about,
      facts([
        [t.revision, set.revision],
        [v.t.column.ready, t.of(set.ready ?? 0, set.replicas ?? 0)],
        [v.t.column.images, (set.images ?? []).map((one) => html`<code class="block">${one}</code>`)],
        [t.created, age(v, parseTime(set.createdAt))],
      ]),
    ),
    pods: podsPart(v, data.pods, { node: true, lines: true }),
    timeline: timelinePart(
      v,
      data.events,
      { cluster: deployment.cluster, kind: "ReplicaSet", namespace, name: set.name },
      data.moreEvents,
    ),
  };
}
