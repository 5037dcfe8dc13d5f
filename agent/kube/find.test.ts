import { afterAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimKube } from "../../simkube/server.ts";
import { KubeClient } from "./client.ts";
import { KubeError } from "./error.ts";
import { findKubernetes } from "./find.ts";

const folder = await mkdtemp(join(tmpdir(), "kube-find-"));
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
/** Writes a kubeconfig and resolves with its path. */
async function kubeconfig(text: string): Promise<string> {
  const path = join(folder, `config-${++count}`);
  await Bun.write(path, text);
  return path;
}

const simple = (server: string, user: string) => `
apiVersion: v1
kind: Config
current-context: home
clusters: [{name: c, cluster: {server: "${server}"}}]
users: [{name: u, user: ${user}}]
contexts: [{name: home, context: {cluster: c, user: u, namespace: shop}}, {name: 1234, context: {cluster: c, user: u}}]
`;

async function found(path: string, context?: string, environment: Record<string, string> = {}) {
  const access = await findKubernetes({
    environment: { KUBECONFIG: path, ...environment },
    context,
    home: folder,
  });
  if (!access.found) throw new Error(access.looked.join("; "));
  return access;
}

const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => "nothing was thrown",
    (error: Error) => error.message,
  );

test("finding no Kubernetes is an answer that says where it looked", async () => {
  const access = await findKubernetes({ environment: {}, home: join(folder, "nobody") });
  expect(access).toEqual({
    found: false,
    looked: [
      "KUBECONFIG is not set",
      `${join(folder, "nobody", ".kube", "config")} does not exist`,
      "this is no pod of a cluster",
    ],
  });
});

test("a kubeconfig in the home folder is found, and an empty one counts as none", async () => {
  const home = join(folder, "home");
  await Bun.write(join(home, ".kube", "config"), simple("https://10.0.0.1:6443/", "{token: abc}"));
  const access = await findKubernetes({ environment: {}, home });
  expect(access).toMatchObject({
    found: true,
    from: "kubeconfig",
    context: "home",
    server: "https://10.0.0.1:6443",
  });
  await Bun.write(
    join(home, ".kube", "config"),
    "apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\n",
  );
  expect((await findKubernetes({ environment: {}, home })).found).toBe(false);
});

test("of several files the first counts for each name, and paths are relative to their file", async () => {
  await Bun.write(join(folder, "pki", "ca.crt"), "the CA");
  await Bun.write(join(folder, "pki", "token"), "first\n");
  const one = await kubeconfig(`
current-context: a
clusters: [{name: c, cluster: {server: https://one, certificate-authority: pki/ca.crt, tls-server-name: kube, proxy-url: "http://proxy:3128"}}]
contexts: [{name: a, context: {cluster: c, user: u}}]
`);
  const two = await kubeconfig(`
current-context: b
clusters: [{name: c, cluster: {server: https://two}}]
users: [{name: u, user: {tokenFile: pki/token, as: ops@example.org}}]
contexts: [{name: b, context: {cluster: c, user: u}}]
`);
  const both = `${one}:${join(folder, "not-there")}:${two}`;
  const access = await found(both);
  expect(access).toMatchObject({ context: "a", server: "https://one", proxy: "http://proxy:3128" });
  expect(await access.credentials()).toEqual({
    headers: { authorization: "Bearer first", "impersonate-user": "ops@example.org" },
    tls: { ca: "the CA", serverName: "kube" },
  });
  expect((await found(both, "b")).server).toBe("https://one");
});

test("certificates come from base64 data or files, and the check of the server's can be switched off", async () => {
  const data = (text: string) => Buffer.from(text).toString("base64");
  await Bun.write(join(folder, "key.pem"), "a key");
  const path = await kubeconfig(`
clusters: [{name: c, cluster: {server: https://one, insecure-skip-tls-verify: true}}]
users: [{name: u, user: {client-certificate-data: ${data("a cert")}, client-key: key.pem}}]
contexts: [{name: only, context: {cluster: c, user: u}}]
`);
  const access = await found(path);
  expect(access.context).toBe("only");
  expect(await access.credentials()).toEqual({
    headers: {},
    tls: { cert: "a cert", key: "a key", rejectUnauthorized: false },
  });
});

test("what is wrong with a kubeconfig is said in words", async () => {
  const good = await kubeconfig(simple("https://one", "{token: abc}"));
  expect((await found(good, "1234")).context).toBe("1234");
  expect(await refused(found(good, "work"))).toBe("the kubeconfig has no context work (it has home, 1234)");
  expect(await refused(found(join(folder, "none")))).toBe(
    `KUBECONFIG: ${join(folder, "none")} does not exist`,
  );
  const broken = await kubeconfig("clusters: [");
  expect(await refused(found(broken))).toStartWith(`${broken} is no valid YAML: `);
  const shapeless = await kubeconfig("contexts: 3");
  expect(await refused(found(shapeless))).toBe(`${shapeless}: contexts is not a list`);
  const dangling = await kubeconfig("contexts: [{name: a, context: {cluster: gone, user: u}}]");
  expect(await refused(found(dangling))).toBe("context a names the cluster gone, which the kubeconfig lacks");
  const nowhere = await kubeconfig(simple("kube.example.org", "{token: abc}"));
  expect(await refused(found(nowhere))).toContain(
    "cluster c has no server address that begins with https://",
  );
  expect(
    await refused(findKubernetes({ environment: {}, context: "work", home: join(folder, "nobody") })),
  ).toStartWith("there is no kubeconfig to take the context work from");
});

test("a missing credential file is a KubeError about credentials", async () => {
  const path = await kubeconfig(simple("https://one", "{tokenFile: /no/such/token}"));
  const error = await (await found(path)).credentials().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(KubeError);
  expect(error.reason).toBe("Credentials");
  expect(error.message).toContain("the token cannot be read");
});

test("a token that was rotated is read again when the server refuses the old one", async () => {
  await using simkube = await startSimKube({ token: "second" });
  const tokenFile = join(folder, "rotating");
  await Bun.write(tokenFile, "first");
  const access = await found(await kubeconfig(simple(simkube.url, `{tokenFile: ${tokenFile}}`)));
  const client = new KubeClient(access);
  const error = await client.json("GET", "/api/v1/pods").catch((thrown) => thrown);
  expect(error).toMatchObject({ status: 401, reason: "Unauthorized" });
  await Bun.write(tokenFile, "second");
  expect(await client.json("GET", "/api/v1/pods")).toMatchObject({ kind: "PodList" });
});

test("inside a cluster the service account is used, and its token read again when it rotates", async () => {
  const account = join(folder, "serviceaccount");
  await Bun.write(join(account, "token"), "first");
  await Bun.write(join(account, "ca.crt"), "the CA");
  await Bun.write(join(account, "namespace"), "atlhyper\n");
  const environment = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
  const access = await findKubernetes({
    environment,
    home: join(folder, "nobody"),
    serviceAccountFolder: account,
  });
  if (!access.found) throw new Error("not found");
  expect(access).toMatchObject({
    from: "in-cluster",
    server: "https://[fd00::1]:443",
    namespace: "atlhyper",
  });
  expect(await access.credentials()).toEqual({
    headers: { authorization: "Bearer first" },
    tls: { ca: "the CA" },
  });
  await Bun.write(join(account, "token"), "second\n");
  expect((await access.credentials()).headers.authorization).toBe("Bearer first");
  access.forget();
  expect((await access.credentials()).headers.authorization).toBe("Bearer second");
  await rm(join(account, "token"));
  access.forget();
  expect((await access.credentials()).headers.authorization).toBe("Bearer second");
});

const plugin = (script: string, more = "") =>
  `{exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, ${JSON.stringify(script)}], interactiveMode: Never${more}}}`;

test("an exec plugin is run once for many requests, with what it needs to know", async () => {
  const runs = join(folder, "runs");
  const status = `{\\"status\\":{\\"token\\":\\"$TOKEN_NAME\\",\\"expirationTimestamp\\":\\"2099-01-01T00:00:00Z\\"}}`;
  const script = `echo "$KUBERNETES_EXEC_INFO" >> ${runs}; echo "${status}"`;
  const more = ", provideClusterInfo: true, env: [{name: TOKEN_NAME, value: from-plugin}]";
  const path = await kubeconfig(simple("https://one", plugin(script, more)));
  const access = await found(path, undefined, { PATH: process.env.PATH! });
  const all = await Promise.all(Array.from({ length: 5 }, () => access.credentials()));
  expect(all.map((one) => one.headers.authorization)).toEqual(Array(5).fill("Bearer from-plugin"));
  const told = (await Bun.file(runs).text()).trim().split("\n");
  expect(told).toHaveLength(1);
  expect(JSON.parse(told[0]!)).toMatchObject({
    kind: "ExecCredential",
    spec: { interactive: false, cluster: { server: "https://one" } },
  });
});

test("an exec plugin that fails, is missing or says nonsense is named with what it said", async () => {
  const ask = async (user: string) => {
    const access = await found(await kubeconfig(simple("https://one", user)), undefined, {
      PATH: process.env.PATH!,
    });
    return refused(access.credentials());
  };
  expect(await ask(plugin("echo your login has expired >&2; exit 3"))).toBe(
    "the exec plugin sh failed (3): your login has expired",
  );
  expect(await ask(plugin("echo hello"))).toBe("the exec plugin sh answered with something that is no JSON");
  expect(await ask(plugin("echo '{\\\"status\\\":{}}'".replaceAll("\\", "")))).toBe(
    "the exec plugin sh gave neither a token nor a client certificate",
  );
  expect(
    await ask('{exec: {command: no-such-plugin, installHint: "Install it from example.org"}}'),
  ).toContain("Install it from example.org");
});

test("an auth provider of the old kind gives its token through Kubernetes' own client", async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const idToken = `${part({ alg: "none" })}.${part({ exp: 4_000_000_000 })}.c2lnbmF0dXJl`;
  const config = `{client-id: me, client-secret: s, refresh-token: r, idp-issuer-url: "https://idp.example.org", id-token: ${idToken}}`;
  const access = await found(
    await kubeconfig(simple("https://one", `{auth-provider: {name: oidc, config: ${config}}}`)),
  );
  expect((await access.credentials()).headers).toEqual({ authorization: `Bearer ${idToken}` });

  const unknown = await found(await kubeconfig(simple("https://one", "{auth-provider: {name: something}}")));
  expect(await refused(unknown.credentials())).toBe("the auth provider something gave no token");
});
