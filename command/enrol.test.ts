import { expect, test } from "bun:test";
import { enrol, EnrolmentRefused, tokenSecret } from "../agent/enrol.ts";
import { tokenAccess } from "../agent/kube/access.ts";
import { KubeClient } from "../agent/kube/client.ts";
import { beginEnrolment } from "../master/access/enrolment.ts";
import { listTokens } from "../master/database/tokens.ts";
import { startTestMaster } from "../master/harness.ts";
import { kinds } from "../simkube/kinds.ts";
import { startSimKube, type SimKubeOptions } from "../simkube/server.ts";

const namespace = "atlhyper";

async function prepared(sim: SimKubeOptions = {}) {
  const master = await startTestMaster({ agentImage: "x" });
  const { id } = await master.addCluster("home");
  const kube = await startSimKube(sim);
  const client = new KubeClient(tokenAccess(kube.url, kube.token));
  const create = (path: string, body: unknown) => client.json("POST", path, { body });
  await create("/api/v1/namespaces", { metadata: { name: namespace } });
  const emptySecret = () =>
    create(`/api/v1/namespaces/${namespace}/secrets`, { metadata: { name: tokenSecret }, type: "Opaque" });
  const troubles: string[] = [];
  const stopping = new AbortController();
  return {
    master,
    kube,
    id,
    emptySecret,
    troubles,
    stopping,
    begin: () => beginEnrolment(master.database, id, "read"),
    start: (token: string) =>
      enrol({
        client,
        namespace,
        master: { url: master.url, token },
        clusterId: "uid-home",
        events: { enrolled: () => {}, enrolmentTrouble: (message) => troubles.push(message) },
        signal: stopping.signal,
        backoffMs: 10,
      }),
    stored: () => {
      const secret = kube.rest.get(kinds.secrets, namespace, tokenSecret) as unknown as {
        data?: Record<string, string>;
      };
      return secret.data?.token && Buffer.from(secret.data.token, "base64").toString();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await kube.stop();
      await master.stop();
    },
  };
}

async function speaks(master: { url: string }, token: string): Promise<number> {
  const body = JSON.stringify({ version: "v1", cluster_id: "uid-home", source: "x", ts_ms: 1, payload: {} });
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${master.url}/ingest/events/open`, { method: "POST", headers, body })).status;
}

test("an agent exchanges its enrolment, keeps the token, and finds it there when it starts again", async () => {
  await using one = await prepared();
  await one.emptySecret();
  const enrolment = await one.begin();
  const token = (await one.start(enrolment))!;
  expect(one.stored()).toBe(token);
  expect(await speaks(one.master, token)).toBe(200);
  expect(await one.start(enrolment)).toBe(token);
  expect(await one.start("")).toBe(token);
  expect(
    (await listTokens(one.master.database, { cluster: one.id })).filter((t) => t.name === "enrolled agent")
      .length,
  ).toBe(1);
});

test("where the Secret is not there it is made", async () => {
  await using one = await prepared();
  const token = await one.start(await one.begin());
  expect(one.stored()).toBe(token!);
});

test("a token that could not be kept is exchanged anew, until one is kept", async () => {
  let refusals = 3;
  await using one = await prepared({
    denies: (verb, kind) => kind.plural === "secrets" && verb === "update" && refusals-- > 0,
  });
  await one.emptySecret();
  const token = (await one.start(await one.begin()))!;
  expect(one.stored()).toBe(token);
  expect(one.troubles.length).toBe(3);
  expect(await speaks(one.master, token)).toBe(200);
});

test("an answer that was lost on the way is asked for again", async () => {
  await using one = await prepared();
  await one.emptySecret();
  const enrolment = await one.begin();
  await fetch(`${one.master.url}/enrol`, {
    method: "POST",
    headers: { authorization: `Bearer ${enrolment}` },
    body: JSON.stringify({ clusterID: "uid-home" }),
  });
  expect(await speaks(one.master, (await one.start(enrolment))!)).toBe(200);
});

test("an enrolment that was used or never was ends with what to do, unless a token is kept", async () => {
  await using one = await prepared();
  await one.emptySecret();
  await expect(one.start(`atle_${"x".repeat(43)}`)).rejects.toThrow(EnrolmentRefused);
  await expect(one.start("")).rejects.toThrow("enrol this cluster on the master's page Clusters");
  const first = (await one.start(await one.begin()))!;
  expect(await one.start(`atle_${"y".repeat(43)}`)).toBe(first);
});

test("a newer enrolment replaces the token that is kept", async () => {
  await using one = await prepared();
  await one.emptySecret();
  const first = (await one.start(await one.begin()))!;
  const second = (await one.start(await one.begin()))!;
  expect(second).not.toBe(first);
  expect(one.stored()).toBe(second);
  expect(await speaks(one.master, second)).toBe(200);
});

test("a master that is away is waited for, and a stop ends the waiting", async () => {
  await using one = await prepared();
  await one.emptySecret();
  const enrolment = await one.begin();
  await one.master.stop();
  const waiting = one.start(enrolment);
  while (one.troubles.length < 2) await Bun.sleep(10);
  one.stopping.abort();
  expect(await waiting).toBeUndefined();
});
