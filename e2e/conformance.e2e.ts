/**
 * The suite that the simulated API passes, against a real Kubernetes, so that the two cannot
 * drift apart. It makes and removes namespaces called conformance-….
 */
import { afterAll, expect, test } from "bun:test";
import type { TlsOptions } from "../agent/kube/access.ts";
import { KubeClient } from "../agent/kube/client.ts";
import { KubeError } from "../agent/kube/error.ts";
import { findKubernetes } from "../agent/kube/find.ts";
import { conformance } from "../simkube/conformance/conformance.ts";
import type { Call } from "../simkube/conformance/kit.ts";
import { kubelabMissing, startKubelab } from "./lib/kubelab.ts";

const missing = kubelabMissing();
const lab = missing === undefined ? await startKubelab({ port: 29443 }) : undefined;
const access = lab ? await findKubernetes({ environment: { KUBECONFIG: lab.kubeconfig } }) : undefined;
afterAll(() => lab?.[Symbol.asyncDispose]());

if (!access?.found) {
  console.log(`skipped: the conformance suite on a real Kubernetes: ${missing}`);
  test.skip(`the real API passes the conformance suite (${missing})`, () => {});
} else {
  const { headers, tls } = await access.credentials();
  const call = async (method: string, path: string, { body, contentType, query, token }: Call = {}) => {
    const url = new URL(access.server + path);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, String(value));
    return fetch(url, {
      method,
      headers: {
        ...headers,
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "content-type": contentType ?? "application/json" }),
      },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
      // A client certificate would be believed before a wrong token is looked at.
      tls: token ? { ca: tls.ca } : tls,
    });
  };
  const run = Date.now().toString(36);
  conformance.forEach((one, index) => {
    test.concurrent(`the real API ${one.name}`, async () => {
      const namespace = `conformance-${run}-${index}`;
      const made = await call("POST", "/api/v1/namespaces", { body: { metadata: { name: namespace } } });
      expect(made.status).toBe(201);
      try {
        await one.run({ namespace, call });
      } finally {
        await call("DELETE", `/api/v1/namespaces/${namespace}`);
      }
    });
  });

  test("a missing object is a KubeError with the server's words", async () => {
    const client = new KubeClient(access);
    const error = await client.json("GET", "/api/v1/namespaces/none-such").catch((thrown) => thrown);
    expect(error).toBeInstanceOf(KubeError);
    expect(error).toMatchObject({
      status: 404,
      reason: "NotFound",
      message: 'namespaces "none-such" not found',
    });
  });

  test("a server whose certificate is for another name, or of an unknown authority, gets no request", async () => {
    const talk = (tls: TlsOptions) =>
      new KubeClient({ ...access, credentials: async () => ({ headers, tls }) })
        .json("GET", "/version")
        .catch((thrown: KubeError) => thrown.message);
    expect(await talk({ ...(await access.credentials()).tls, serverName: "other.example.org" })).toContain(
      "another name",
    );
    expect(await talk({ ...(await access.credentials()).tls, ca: undefined })).toContain(
      "not signed by an authority",
    );
    expect(
      await talk({ ...(await access.credentials()).tls, ca: undefined, rejectUnauthorized: false }),
    ).toHaveProperty("gitVersion");
  });
}
