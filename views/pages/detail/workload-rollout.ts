import { type Html, html } from "../../html.ts";
import { parseTime } from "../../../wire/values.ts";
import { badge } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { absent, meter, section } from "./blocks.ts";
import type { AnyWorkload, WorkloadKey } from "./workload.ts";

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** How far it is: phase and reason, then each count against what is wanted. */
export function rolloutPart(v: Viewing, kind: WorkloadKey, item: AnyWorkload): Html {
  const t = v.t.detail;
  const { summary } = item;
  const wanted =
    kind === "job"
      ? (numberOf(summary.completions) ?? 1)
      : kind === "daemonset"
        ? numberOf(summary.desired)
        : (numberOf(item.spec?.replicas) ?? numberOf(summary.replicas));
  const counts: [string, number | undefined][] =
    kind === "job"
      ? [[t.succeeded, numberOf(summary.succeeded) ?? 0]]
      : kind === "cronjob"
        ? []
        : [
            [v.t.column.upToDate, numberOf(summary.updated)],
            [v.t.column.ready, numberOf(summary.ready) ?? 0],
            [v.t.column.available, numberOf(summary.available) ?? 0],
          ];
  const phase = item.rollout?.phase ?? (typeof summary.state === "string" ? summary.state : undefined);
  const message =
    item.rollout?.message ?? (typeof summary.message === "string" ? summary.message : undefined);
  if (!phase && counts.length === 0) return absent("rollout");
  return section(
    "rollout",
    kind === "job" ? t.progress : t.rollout,
    html`${phase && html`<p><strong data-glow>${t.phases[phase] ?? phase}</strong>${message && html` <span class="soft">${v.t.told(message)}</span>`}</p>`}${
      wanted !== undefined &&
      html`<dl class="progress">${counts
        .filter(([, value]) => value !== undefined)
        .map(([label, value]) => {
          const share = wanted === 0 ? 1 : value! / wanted;
          return html`<div><dt>${label}</dt><dd>${meter(share, share < 1 ? "warning" : "")}<span class="num" data-glow>${t.of(value!, wanted)}</span></dd></div>`;
        })}</dl>`
    }`,
  );
}

/** A Deployment's ReplicaSets, the newest revision first. */
export function revisionsPart(v: Viewing, item: AnyWorkload): Html {
  const t = v.t.detail;
  const all = [...(item.replicaSets ?? [])].sort((a, b) => Number(b.revision ?? 0) - Number(a.revision ?? 0));
  if (all.length === 0) return absent("revisions");
  return section(
    "revisions",
    t.revisions,
    html`<table class="small-table stack"><thead><tr><th scope="col" class="right">${t.revision}</th><th scope="col">ReplicaSet</th><th scope="col">${v.t.column.images}</th><th scope="col" class="right">${v.t.column.ready}</th><th scope="col" class="right">${v.t.column.age}</th></tr></thead><tbody>${all.map(
      (one, at) =>
        html`<tr${(one.replicas ?? 0) === 0 && html` class="soft"`}><td class="right">${one.revision}${at === 0 && html` ${badge(t.current)}`}</td><td class="mono wrap">${one.name}</td><td class="wrap">${(one.images ?? []).map((image) => html`<code class="block">${image}</code>`)}</td><td class="right"><span data-glow>${t.of(one.ready ?? 0, one.replicas ?? 0)}</span></td><td class="right">${age(v, parseTime(one.createdAt))}</td></tr>`,
    )}</tbody></table>`,
  );
}
