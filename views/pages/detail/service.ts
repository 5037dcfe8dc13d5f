import type { Ingress } from "../../../wire/ingress.ts";
import type { ItemOf } from "../../../wire/kinds.ts";
import type { Service } from "../../../wire/service.ts";
import { type Html, html, nothing } from "../../html.ts";
import type { ProblemView, Row } from "../../model.ts";
import type { StoredEvent } from "../../event-model.ts";
import { formatCount } from "../../parts/format.ts";
import { mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { facts, labelSections, objectLink, section, words } from "./blocks.ts";
import { table } from "./containers.ts";
import { currentTab, detailHead, problemsPart } from "./head.ts";
import { podsPart } from "./pods.ts";
import { timelinePart } from "./timeline.ts";

export interface ServiceData {
  row: Row<Service>;
  pods: Row<ItemOf["pod"]>[];
  /** Ingresses that route to it. */
  ingresses: Row<Ingress>[];
  events: StoredEvent[];
  moreEvents: boolean;
  problems: ProblemView[];
}

const serviceTabs = ["overview", "pods", "events"] as const;
/** A Service of thousands of endpoints shows as many as can be read. */
const mostEndpoints = 200;

export function servicePage(v: Viewing, data: ServiceData): Record<string, Html> {
  const { row } = data;
  const { name, namespace } = row.item.summary;
  const head = detailHead(v, {
    kind: "service",
    row,
    tabs: serviceTabs,
    commands: [{ label: "kubectl port-forward", text: forward(row.item) }],
  });
  const problems = problemsPart(v, data.problems, { kind: "Service", name, state: row.state });
  const events = () =>
    timelinePart(v, data.events, { cluster: row.cluster, kind: "Service", namespace, name }, data.moreEvents);
  switch (currentTab(v, serviceTabs)) {
    case "pods":
      return { head, problems, pods: podsPart(v, data.pods, { node: true, lines: true }) };
    case "events":
      return { head, problems, timeline: events() };
    default:
      return {
        head,
        problems,
        ports: ports(v, row.item),
        endpoints: endpoints(v, row),
        timeline: events(),
        side: side(v, data),
      };
  }
}

function forward(service: Service): string {
  const { name, namespace } = service.summary;
  const port = service.ports?.[0]?.port ?? 80;
  return `kubectl -n ${namespace} port-forward service/${name} ${port < 1024 ? port + 8000 : port}:${port}`;
}

function ports(v: Viewing, service: Service): Html {
  const t = v.t.detail;
  const rows = (service.ports ?? []).map((one) => [
    one.name ?? "",
    html`<code>${one.port}/${one.protocol ?? "TCP"}</code>`,
    html`<code>${one.targetPort ?? one.port}</code>`,
    one.nodePort ? html`<code>${one.nodePort}</code>` : "",
    one.appProtocol ?? "",
  ]);
  return section(
    "ports",
    v.t.column.ports,
    rows.length > 0
      ? table([v.t.column.name, t.port, t.targetPort, t.nodePort, t.appProtocol], rows)
      : html`<p class="soft">${t.none}</p>`,
  );
}

/** Each address behind it with its readiness and its pod; those that get no traffic first. */
function endpoints(v: Viewing, row: Row<Service>): Html {
  const t = v.t.detail;
  const { backends } = row.item;
  const all = [...(backends?.endpoints ?? [])].sort(
    (a, b) => Number(a.ready ?? false) - Number(b.ready ?? false),
  );
  const total = backends?.summary?.total ?? all.length;
  const body = all
    .slice(0, mostEndpoints)
    .map((one) => [
      html`${mark(v, one.ready ? "ok" : "warning")} ${one.ready ? t.readyWord : t.notReady}`,
      html`<code>${one.address}</code>`,
      objectLink(v, row.cluster, { namespace: row.item.summary.namespace, ...one.targetRef }),
      objectLink(v, row.cluster, { kind: "Node", name: one.nodeName }),
      one.zone ?? "",
    ]);
  const none =
    row.item.summary.type === "ExternalName"
      ? t.external(row.item.summary.externalName ?? "")
      : t.noEndpoints;
  return section(
    "endpoints",
    v.t.column.endpoints,
    html`${body.length > 0 ? table([v.t.column.state, v.t.column.address, t.target, v.t.column.node, t.zone], body) : html`<p class="soft">${none}</p>`}${
      total > body.length && body.length > 0
        ? html`<p class="soft small">${t.shownOf(body.length, total)}</p>`
        : nothing
    }`,
    all.length > 0
      ? t.readyCount(backends?.summary?.ready ?? all.filter((one) => one.ready).length, total)
      : formatCount(0),
  );
}

function side(v: Viewing, { row, ingresses }: ServiceData): Html {
  const t = v.t.detail;
  const { summary, spec, network, selector } = row.item;
  const external = [
    ...(network?.externalIPs ?? []),
    ...(network?.loadBalancerIngress ?? []).map((one) => words(one)),
  ];
  return html`<aside id="side">${section(
    "related",
    t.related,
    facts([
      [
        v.t.kind.ingress,
        ingresses.map(
          (one) =>
            html`<span class="item">${mark(v, one.health)} ${objectLink(v, one.cluster, { kind: "Ingress", namespace: summary.namespace, name: one.item.summary.name })}</span>`,
        ),
      ],
      [v.t.column.namespace, objectLink(v, row.cluster, { kind: "Namespace", name: summary.namespace })],
    ]),
  )}${section(
    "facts",
    t.about,
    facts([
      [v.t.column.type, summary.type ?? spec?.type],
      [
        v.t.column.clusterIP,
        [...new Set([summary.clusterIP, ...(network?.clusterIPs ?? [])])].filter(Boolean).join(", "),
      ],
      [t.externalAddress, external.map((one) => html`<span class="item mono">${one}</span>`)],
      [t.externalName, summary.externalName],
      [t.affinitySession, spec?.sessionAffinity],
      [t.externalPolicy, spec?.externalTrafficPolicy],
      [t.internalPolicy, spec?.internalTrafficPolicy],
      [
        t.selector,
        Object.entries(selector ?? {}).map(
          ([key, value]) => html`<code class="block">${key}=${value}</code>`,
        ),
      ],
      [t.created, age(v, row.createdMs)],
    ]),
  )}${labelSections(v, row.item.labels)}</aside>`;
}
