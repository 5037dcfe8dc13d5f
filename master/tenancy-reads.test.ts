import { afterAll, expect, test } from "bun:test";
import { policy } from "./policy.ts";
import { startTwoTenants } from "./testing/two-tenants.ts";
import { marker, namespaces } from "./testing/places.ts";

const { master, clusters, commands, alerting, people, foreign, textOf } = await startTwoTenants();
afterAll(() => master.stop());

/** All addresses of a route: with the ids of every place in its path. */
function* addresses(path: string): Generator<string> {
  if (path === "/prometheus/api/v1/label/:name/values") {
    for (const name of ["__name__", "cluster", "node", "pod", "mount"]) yield path.replace(":name", name);
    return;
  }
  for (const name of ["red", "blue"])
    for (const namespace of [...namespaces, ""]) {
      const mark = marker(name, namespace);
      const kind = path
        .split("/")
        .find((one) => !one.startsWith(":") && /^(pods|deployments|services|configmaps|nodes)$/.test(one));
      const short = { pods: "pod", deployments: "dep", services: "svc", configmaps: "cm", nodes: "node" }[
        kind ?? "pods"
      ];
      const values: Record<string, string> = {
        cluster: clusters[name]!.id,
        namespace: namespace || "-",
        name: path.includes("namespaces")
          ? namespace
          : short === "node"
            ? `node-${name}`
            : `${short}-${mark}`,
        pod: `pod-${mark}`,
        node: `node-${name}`,
        kind: path.startsWith("/logs") ? "pod" : "Pod",
        api: "v1",
        id: path.includes("events") ? `e-${name}-${namespace}` : commands[`${name}${namespace}`]!,
        fingerprint: alerting[name]!.alerts[namespaces.indexOf(namespace as "shop")] ?? "none",
        action: "restart",
        file: "none.yaml",
        hash: "h",
      };
      yield path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(values[key] ?? "x"));
      if (!path.includes(":")) return;
    }
}

/** Where selectors are read. */
const selecting = /\/(query|query_range|series|labels|values)$/;

/** Whatever a query of Prometheus' language may ask for. */
function promQueries(): string[] {
  const selectors = ['{__name__!=""}', 'atlhyper_node_cpu_usage_ratio or {pod!=""}'];
  for (const name of ["red", "blue"]) {
    const of = [`cluster_id="${clusters[name]!.id}"`, `cluster="${name}zqcluster"`, `node="node-${name}"`];
    for (const namespace of namespaces) of.push(`pod=~".*${marker(name, namespace)}"`);
    selectors.push(...of.map((one) => `{${one}}`));
  }
  const now = Math.floor(Date.now() / 1000) + 5;
  const over = `start=${now - 600}&end=${now}&step=60`;
  return [
    "",
    ...selectors.map(encodeURIComponent).map((one) => `?query=${one}&match[]=${one}&${over}&time=${now}`),
  ];
}

/** What may be put behind an address to get at another place. */
function queries(path: string): string[] {
  if (path.startsWith("/prometheus/")) return selecting.test(path) ? promQueries() : [""];
  if (path.includes(":")) return [""];
  const all = ["", "?q=zq", "?status=critical", "?limit=1000", "?sort=name"];
  const byName = path.startsWith("/api/");
  for (const name of ["red", "blue"]) {
    const { id, clusterID } = clusters[name]!;
    all.push(`?cluster=${id}`, `?cluster=${id}&namespace=bank`);
    // Pages name a cluster by its id alone.
    if (byName) all.push(`?cluster=${name}zqcluster`, `?cluster=${clusterID}`);
    for (const namespace of path === "/palette" ? namespaces : [])
      all.push(`?on=${encodeURIComponent(`${id}/pod/${namespace}/pod-${marker(name, namespace)}`)}`);
  }
  for (const namespace of namespaces) all.push(`?namespace=${namespace}`);
  if (path === "/top" || path === "/api/v1/top") {
    all.push("?of=workloads", "?of=namespaces", "?of=nodes&by=disk", "?of=nodes&by=network");
    for (const name of ["red", "blue"]) all.push(`?cluster=${clusters[name]!.id}&of=nodes`);
  }
  if (/query_range|series$/.test(path))
    for (const name of ["red", "blue"]) {
      const of = `?cluster=${clusters[name]!.id}&kind=`;
      all.push(`${of}Cluster`, `${of}Node&name=node-${name}`, `${of}Node&name=node-${name}&namespace=shop`);
      for (const namespace of namespaces)
        all.push(`${of}Pod&namespace=${namespace}&name=pod-${marker(name, namespace)}`);
    }
  return all;
}

/** Routes that wait for an agent that there is not. */
const waits = /^GET \/(resources|drain|logs\/.*\/text|actions\/rollback)/;
const sockets = /^GET (\/streams|\/control\/stream)/;

test("no page, list, search or export gives a byte of another tenant, cluster or namespace", async () => {
  const faults: string[] = [];
  let asked = 0;
  let seen = 0;
  for (const [route, need] of policy) {
    const [method, path] = route.split(" ") as [string, string];
    if (method !== "GET" || waits.test(route) || sockets.test(route) || path === "/live") continue;
    // What everybody is told is the same for all.
    for (const address of addresses(path))
      for (const query of need === "public" ? [""] : queries(path))
        for (const who of people) {
          const headers =
            path.startsWith("/api/") || path === "/metrics"
              ? { authorization: `Bearer ${asked % 2 ? who.token : who.readOnly}` }
              : who.headers;
          const { status, text } = await textOf(address + query, headers);
          asked++;
          if (status >= 500) faults.push(`${address}${query} as ${who.name}: ${status}`);
          // What was asked for stands in the answer's own links and fields.
          const own = decodeURIComponent(address + query);
          for (const mark of foreign(who, text))
            if (!own.includes(mark)) faults.push(`${address}${query} tells ${who.name} of ${mark}`);
          if (need !== "public" && /zq(red|blue)(shop|bank)/.test(text)) seen++;
        }
  }
  expect([...new Set(faults)].slice(0, 20)).toEqual([]);
  // The same routes do show what may be seen.
  expect(seen).toBeGreaterThan(200);
  expect(asked).toBeGreaterThan(2000);
}, 120_000);

test("the object itself is not found where it cannot be seen, whoever asks for it", async () => {
  for (const who of people)
    for (const name of ["red", "blue"])
      for (const namespace of namespaces) {
        const mark = marker(name, namespace);
        const { id } = clusters[name]!;
        const status = who.sees(name, namespace) ? 200 : 404;
        const bearer = { authorization: `Bearer ${who.token}` };
        for (const [address, headers] of [
          [`/api/v1/pods/${id}/${namespace}/pod-${mark}`, bearer],
          [`/pods/${id}/${namespace}/pod-${mark}`, who.headers],
          [`/deployments/${id}/${namespace}/dep-${mark}`, who.headers],
          [`/logs/${id}/Pod/${namespace}/pod-${mark}`, who.headers],
          [`/api/v1/events/${id}/e-${name}-${namespace}`, bearer],
          [`/api/v1/commands/${commands[name + namespace]}`, bearer],
          [`/commands/${commands[name + namespace]}`, who.headers],
        ] as const)
          expect((await textOf(address, headers)).status, `${address} as ${who.name}`).toBe(status);
      }
});

test("metrics over time are found where their place can be seen: of pods by namespace, of nodes by cluster", async () => {
  master.parts.metrics.takeCluster(clusters.red!.id, [
    { group: "cpu", name: "used", unit: "cores", value: 1 },
  ]);
  for (const who of people)
    for (const name of ["red", "blue"]) {
      const ask = async (what: string) => {
        const query = `cluster=${clusters[name]!.id}&${what}`;
        const bearer = { authorization: `Bearer ${who.token}` };
        const { status, text } = await textOf(`/api/v1/query_range?${query}&format=csv&step=0`, bearer);
        return { status, values: text.split("\r\n")[1] ?? "" };
      };
      // Who sees nothing of a cluster is told that there is none of that name.
      const known = ["shop", "bank"].some((one) => who.sees(name, one));
      const missing = known ? 404 : 422;
      for (const namespace of namespaces) {
        const found = await ask(`kind=Pod&namespace=${namespace}&name=pod-${marker(name, namespace)}`);
        expect(found.status).toBe(who.sees(name, namespace) ? 200 : missing);
        if (found.status === 200) expect(found.values).toEndWith(",0.25,1048576");
      }
      const whole = who.sees(name, "");
      expect((await ask(`kind=Node&name=node-${name}`)).status).toBe(whole ? 200 : missing);
      // What is in a namespace and called so is an operator's, and no node.
      expect((await ask(`kind=Node&name=node-${name}&namespace=shop`)).status).toBe(missing);
      if (name === "red") expect((await ask("kind=Cluster")).status).toBe(whole ? 200 : missing);
    }
});

test("who used most is told of what can be seen", async () => {
  for (const who of people) {
    const bearer = { authorization: `Bearer ${who.token}` };
    const { text: pods } = await textOf("/api/v1/top", bearer);
    const { text: nodes } = await textOf("/api/v1/top?of=nodes", bearer);
    for (const name of ["red", "blue"]) {
      for (const namespace of namespaces)
        expect(pods.includes(`pod-${marker(name, namespace)}`), who.name).toBe(who.sees(name, namespace));
      expect(nodes.includes(`node-${name}`), who.name).toBe(who.sees(name, ""));
    }
  }
});

test("trying a rule out tells of what can be seen, and not how many clusters there are", async () => {
  for (const who of people)
    for (const condition of [
      { type: "problem" },
      { type: "events", by: "object", count: 1, windowMs: 3_600_000 },
      { type: "certificate", withinMs: 86_400_000, clearMs: 172_800_000 },
    ]) {
      const asked = {
        ...{ name: "x", enabled: true, severity: "info", forMs: 0, keepMs: 0, labels: {} },
        annotations: { summary: "{{ name }}", description: "" },
        scope: {},
        condition,
      };
      const response = await fetch(`${master.url}/api/v1/alert-rules/preview`, {
        method: "POST",
        body: JSON.stringify(asked),
        headers: { authorization: `Bearer ${who.token}` },
      });
      const text = await response.text();
      expect(response.status, text).toBe(200);
      expect(foreign(who, text)).toEqual([]);
      const seen = ["red", "blue"].filter((one) => namespaces.some((other) => who.sees(one, other)));
      const { there } = JSON.parse(text) as { there: number };
      expect(there, `${condition.type} as ${who.name}`).toBeLessThanOrEqual(seen.length);
    }
});

test("what charts mark is told where its place can be seen", async () => {
  for (const who of people)
    for (const name of ["red", "blue"]) {
      const bearer = { authorization: `Bearer ${who.token}` };
      const { text } = await textOf(`/api/v1/annotations?cluster=${clusters[name]!.id}`, bearer);
      for (const namespace of namespaces)
        expect(text.includes(`pod-${marker(name, namespace)}`), who.name).toBe(who.sees(name, namespace));
      expect(text.includes(`node-${name}: rebooted`), who.name).toBe(who.sees(name, ""));
    }
});

test("a page's stream sends nothing of another place, also when something changes there", async () => {
  const page = encodeURIComponent("/pods");
  const seen = (who: (typeof people)[number]) => namespaces.filter((one) => who.sees("red", one));
  const texts = people.map((who) =>
    textOf(`/live?page=${page}&have=`, who.headers, (text) =>
      seen(who).every((namespace) => text.includes(`new-${marker("red", namespace)}`)),
    ),
  );
  await Bun.sleep(20);
  for (const name of ["red", "blue"])
    await clusters[name]!.push("/ingest/podlist", "pod_list_snapshot", {
      pods: namespaces.map((namespace) => ({
        summary: { name: `new-${marker(name, namespace)}`, namespace, phase: "Failed" },
      })),
    });
  for (const [at, who] of people.entries()) {
    const { text } = await texts[at]!;
    expect(foreign(who, text)).toEqual([]);
    for (const namespace of seen(who)) expect(text).toContain(`new-${marker("red", namespace)}`);
  }
});

test("what was read for one is not given to another who may see the command", async () => {
  const { access, control } = master.parts;
  const origin = { address: "127.0.0.1", secure: false };
  const by = (await access.authenticateToken(people[0]!.token))!;
  const other = (await access.authenticateToken(people[1]!.token))!;
  const command = {
    cluster: clusters.red!.id,
    type: "PodGetLogs" as const,
    target: { ns: "shop", pod: "p1" },
  };
  const { id } = await control.enqueue(by, origin, command);
  const { clusterID, token } = clusters.red!;
  const agent = (path: string, body: unknown) =>
    fetch(master.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  await (await agent("/control/watch", { clusterID, rv: 0, waitSeconds: 0 })).text();
  const result = { commandID: id, status: "success", data: { text: "only for who asked" } };
  expect((await agent("/control/ack", { clusterID, results: [result] })).status).toBe(200);
  expect(control.get(by, id)?.data).toMatchObject({ text: "only for who asked" });
  expect(control.get(other, id)).toMatchObject({ state: "succeeded" });
  expect(control.get(other, id)?.data).toBeUndefined();
  expect(JSON.stringify(control.list(other, {}))).not.toContain("only for who asked");
});
