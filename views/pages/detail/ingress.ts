import type { Ingress, IngressBackend } from "../../../wire/ingress.ts";
import type { Service } from "../../../wire/service.ts";
import { type Content, type Html, html, nothing, safeHref } from "../../html.ts";
import type { ProblemView, Row } from "../../model.ts";
import type { StoredEvent } from "../../event-model.ts";
import { mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { absent, facts, labelSections, objectLink, section, words } from "./blocks.ts";
import { table } from "./containers.ts";
import { currentTab, detailHead, problemsPart } from "./head.ts";
import { timelinePart } from "./timeline.ts";

export interface IngressData {
  row: Row<Ingress>;
  /** The Services that it names, by their name; one that is missing does not exist. */
  services: ReadonlyMap<string, Row<Service>>;
  events: StoredEvent[];
  moreEvents: boolean;
  problems: ProblemView[];
}

const ingressTabs = ["overview", "events"] as const;

export function ingressPage(v: Viewing, data: IngressData): Record<string, Html> {
  const { row } = data;
  const { name, namespace } = row.item.summary;
  const head = detailHead(v, { kind: "ingress", row, tabs: ingressTabs });
  const problems = problemsPart(v, data.problems, { kind: "Ingress", name, state: row.state });
  const timeline = timelinePart(
    v,
    data.events,
    { cluster: row.cluster, kind: "Ingress", namespace, name },
    data.moreEvents,
  );
  if (currentTab(v, ingressTabs) === "events") return { head, problems, timeline };
  return { head, problems, rules: rules(v, data), tls: tls(v, row.item), timeline, side: side(v, row) };
}

/** Names of the Services that an Ingress routes to. */
export function servicesOf(ingress: Ingress): string[] {
  const names = [
    ingress.spec?.defaultBackend?.service?.name,
    ...(ingress.spec?.rules ?? []).flatMap((rule) =>
      (rule.paths ?? []).map((path) => path.backend?.service?.name),
    ),
  ];
  return [...new Set(names.filter((one) => one !== undefined))];
}

/** Host and path, and where they lead, with how that is. */
function rules(v: Viewing, data: IngressData): Html {
  const t = v.t.detail;
  const { spec } = data.row.item;
  const secure = new Set((spec?.tls ?? []).flatMap((one) => one.hosts ?? []));
  const rows: Content[][] = (spec?.rules ?? []).flatMap((rule) =>
    (rule.paths ?? []).map((path) => [
      host(rule.host, path.path, secure),
      html`<code>${path.path || "/"}</code>${path.pathType && html` <span class="soft">${path.pathType}</span>`}`,
      ...backend(v, data, path.backend),
    ]),
  );
  if (spec?.defaultBackend)
    rows.push([
      html`<span class="soft">${t.defaultBackend}</span>`,
      "",
      ...backend(v, data, spec.defaultBackend),
    ]);
  return section(
    "rules",
    t.rules,
    rows.length > 0
      ? table([v.t.column.hosts, t.pathWord, t.service, v.t.column.state], rows)
      : html`<p class="soft">${t.none}</p>`,
  );
}

function host(name: string | undefined, path: string | undefined, secure: ReadonlySet<string>): Content {
  if (!name) return "*";
  // A wildcard leads nowhere; anything that is no plain host name is not made a link.
  const plain = /^[a-z0-9.-]+$/i.test(name)
    ? safeHref(`${secure.has(name) ? "https" : "http"}://${name}${path?.startsWith("/") ? path : "/"}`)
    : undefined;
  return plain
    ? html`<a class="mono" href="${plain}" rel="noreferrer noopener" target="_blank">${name}</a>`
    : html`<code>${name}</code>`;
}

function backend(v: Viewing, data: IngressData, one: IngressBackend | null | undefined): Content[] {
  const t = v.t.detail;
  if (!one?.service) return [one?.resource ? words(one.resource) : "–", ""];
  const { name, portName, portNumber } = one.service;
  const found = data.services.get(name);
  const port = portName ?? portNumber;
  return [
    html`${objectLink(v, data.row.cluster, { kind: "Service", namespace: data.row.item.summary.namespace, name })}${port !== undefined && html`<code>:${port}</code>`}`,
    found
      ? html`${mark(v, found.health)} ${found.state}${found.why && html` <span class="soft">${found.why}</span>`}`
      : html`${mark(v, "warning")} ${t.noService}`,
  ];
}

function tls(v: Viewing, ingress: Ingress): Html {
  const t = v.t.detail;
  const rows = (ingress.spec?.tls ?? []).map((one) => [
    (one.hosts ?? []).join(", ") || "*",
    html`<code>${one.secretName ?? "–"}</code>`,
  ]);
  return rows.length > 0 ? section("tls", "TLS", table([v.t.column.hosts, t.secret], rows)) : absent("tls");
}

function side(v: Viewing, row: Row<Ingress>): Html {
  const t = v.t.detail;
  const { summary } = row.item;
  return html`<aside id="side">${section(
    "facts",
    t.about,
    facts([
      [v.t.column.class, summary.class ?? row.item.spec?.ingressClassName],
      [t.controller, summary.controller],
      [
        v.t.column.address,
        (summary.loadBalancer ?? []).map((one) => html`<span class="item mono">${one}</span>`),
      ],
      [v.t.column.namespace, objectLink(v, row.cluster, { kind: "Namespace", name: summary.namespace })],
      [t.created, age(v, row.createdMs)],
    ]),
  )}${labelSections(v, row.item.labels, row.item.annotations)}${nothing}</aside>`;
}
