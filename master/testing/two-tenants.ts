import { kindKeys, kindNames, routeOf, sourceOf } from "../../wire/kind-names.ts";
import type { Grant } from "../access/principal.ts";
import { addTenant, moveCluster } from "../database/tenants.ts";
import { createToken } from "../database/tokens.ts";
import { startTestMaster, type TestCluster } from "../harness.ts";
import { marker, namespaces } from "./places.ts";
import { startTenantAlerts } from "./tenant-alerts.ts";

export const password = "a long enough password";
export interface Who {
  name: string;
  grant: Grant;
  token: string;
  readOnly: string;
  headers: Record<string, string>;
  csrf: string;
  /** Whether a place's marker may come to them. */
  sees(cluster: string, namespace: string): boolean;
}

const restarted = (name: string) => ({
  name,
  status: { restartCount: 1, lastTerminatedAt: new Date().toISOString(), lastTerminatedReason: "Error" },
});

/**
 * A master with two tenants that own a cluster each, all of whose objects, events and commands carry the name of their
 * place, and people with a role in some of these places; for tests.
 */
export async function startTwoTenants() {
  const clusters: Record<string, TestCluster> = {};
  const tenants: Record<string, string> = {};
  const commands: Record<string, string> = {};
  const people: Who[] = [];
  const master = await startTestMaster();
  const { database, parts } = master;
  for (const name of ["red", "blue"]) {
    const cluster = await master.addCluster(`${name}zqcluster`);
    clusters[name] = cluster;
    tenants[name] = await addTenant(database, `zqtenant${name}`);
    await moveCluster(database, cluster.id, tenants[name]!);
    await parts.refreshClusters();
    const named = (kind: string, namespace: string) => ({
      summary: {
        name: `${kind}-${marker(name, namespace)}`,
        namespace,
        node: `node-${name}`,
        uid: `uid-${kind}-${marker(name, namespace)}`,
        ...(kind === "pod" ? { restarts: 1 } : {}),
      },
      ...(kind === "pod" ? { containers: [restarted(marker(name, namespace))] } : {}),
    });
    for (const [route, source, field, kind] of [
      ["/ingest/podlist", "pod_list_snapshot", "pods", "pod"],
      ["/ingest/deploymentlist", "deployment_list_snapshot", "deployments", "dep"],
      ["/ingest/servicelist", "service_list_snapshot", "services", "svc"],
      ["/ingest/configmaplist", "configmap_list_snapshot", "configmaps", "cm"],
    ] as const) {
      const items = namespaces.map((one) => named(kind, one));
      const sent = await cluster.push(route, source, { [field]: items });
      if (sent.status >= 300) throw new Error(`${route} was answered with ${sent.status}`);
    }
    await cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", {
      snapshots: [
        {
          nodeName: `node-${name}`,
          timestamp: new Date().toISOString(),
          cpu: { usage: 0.5, cores: 4 },
          system: { bootID: marker(name, ""), uptimeSeconds: 60 },
          disk: [{ mountPoint: `/${marker(name, "")}`, total: 2 ** 40, used: 2 ** 30 }],
          containers: namespaces.map((one) => ({
            id: `id-${one}`,
            podUID: `uid-pod-${marker(name, one)}`,
            cpuCores: 0.25,
            memoryWorkingSet: 2 ** 20,
          })),
        },
      ],
    });
    await cluster.push("/ingest/nodelist", "node_list_snapshot", {
      // A pod tells the name of its node; nothing else of a node is seen by who sees some namespaces.
      nodes: [{ summary: { name: `node-${name}` }, labels: { mark: marker(name, "") } }],
    });
    await cluster.push("/ingest/namespacelist", "namespace_list_snapshot", {
      namespaces: namespaces.map((one) => ({ summary: { name: one }, labels: { mark: marker(name, one) } })),
    });
    // Of lists that have not come nobody knows yet what there is; what begins alerts comes last.
    const told = new Set<string>(["pod", "deployment", "service", "configmap", "node", "namespace", "job"]);
    for (const kind of kindKeys)
      if (!told.has(kind)) await cluster.push(routeOf(kind), sourceOf(kind), { [kindNames[kind].field]: [] });
    await cluster.push("/ingest/events/v1/eventlog", "events", {
      events: [...namespaces, ""].map((namespace) => ({
        id: `e-${name}-${namespace}`,
        ts_ms: Date.now(),
        kind: "Pod",
        name: `ev-${marker(name, namespace)}`,
        ...(namespace ? { namespace } : {}),
        reason: "Broken",
        message: `about ${marker(name, namespace)}`,
        severity: "critical",
        origin: "diagnosis",
      })),
    });
    const by = await parts.access.authenticateToken(await master.apiToken("admin"));
    for (const namespace of [...namespaces, ""]) {
      const target: Record<string, string> = namespace
        ? { ns: namespace, pod: `cmd-${marker(name, namespace)}` }
        : { node: `cmd-${marker(name, "")}` };
      const { id } = await parts.control.enqueue(
        by!,
        { address: "127.0.0.1", secure: false },
        {
          cluster: cluster.id,
          type: namespace ? "PodRestart" : "NodeCordon",
          target,
        },
      );
      commands[`${name}${namespace}`] = id;
    }
  }
  const alerting = await startTenantAlerts(master, clusters, tenants);
  const grants: [string, Grant, Who["sees"]][] = [
    ["admin of red", { role: "admin", tenant: tenants.red! }, (cluster) => cluster === "red"],
    [
      "admin of a cluster of red",
      { role: "admin", tenant: tenants.red!, clusters: [clusters.red!.id] },
      (cluster) => cluster === "red",
    ],
    [
      "operator of a namespace of red",
      { role: "operator", tenant: tenants.red!, namespaces: ["shop"] },
      (cluster, namespace) => cluster === "red" && namespace === "shop",
    ],
    [
      "viewer of a cluster that red does not own",
      { role: "viewer", tenant: tenants.red!, clusters: [clusters.blue!.id] },
      () => false,
    ],
    [
      "admin of a namespace everywhere",
      { role: "admin", namespaces: ["bank"] },
      (_cluster, namespace) => namespace === "bank",
    ],
  ];
  for (const [at, [name, grant, sees]] of grants.entries()) {
    const { access } = parts;
    await access.users.add(`user${at}`, grant, password);
    const origin = { address: "127.0.0.1", secure: false };
    const { cookie, principal } = await access.signIn(new Request(master.url), origin, `user${at}`, password);
    people.push({
      name,
      grant,
      token: await createToken(database, { ...grant, name: "t", owner: principal.userID }),
      readOnly: await createToken(database, { ...grant, name: "r", readOnly: true }),
      headers: { cookie: cookie.split(";")[0]! },
      csrf: principal.csrf,
      sees,
    });
  }

  /** Every marker in a text that is not the reader's to see. */
  function foreign(who: Who, text: string): string[] {
    const found = new Set<string>();
    for (const [mark, cluster, namespace] of text.matchAll(/zq(red|blue)(shop|bank|)/g))
      if (!who.sees(cluster!, namespace!)) found.add(mark);
    // Names of tenants and clusters, where nothing of them can be seen.
    for (const [mark, cluster] of text.matchAll(/(red|blue)zqcluster/g))
      if (![...namespaces, ""].some((namespace) => who.sees(cluster!, namespace))) found.add(mark);
    for (const [mark, tenant] of text.matchAll(/zqtenant(red|blue)/g))
      if (who.grant.tenant !== tenants[tenant!]) found.add(mark);
    return [...found];
  }

  async function textOf(
    address: string,
    headers: Record<string, string>,
    enough: (text: string) => boolean = () => true,
  ) {
    const response = await fetch(master.url + address, { headers, redirect: "manual" });
    if (!response.headers.get("content-type")?.includes("event-stream"))
      return { status: response.status, text: await response.text() };
    // What a page's stream sends at once, and for a moment after `enough` of it.
    const reader = response.body!.getReader();
    let text = "";
    let until = Date.now() + 600;
    let next = reader.read();
    for (const end = Date.now() + 10_000; Date.now() < until && Date.now() < end; ) {
      if (!enough(text)) until = Date.now() + 600;
      const more = await Promise.race([next, Bun.sleep(Math.max(1, until - Date.now()))]);
      if (!more) continue;
      if (more.done) break;
      text += new TextDecoder().decode(more.value);
      next = reader.read();
    }
    await reader.cancel();
    return { status: response.status, text };
  }

  return { master, clusters, tenants, commands, alerting, people, foreign, textOf };
}
