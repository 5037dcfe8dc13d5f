import { afterAll, test } from "bun:test";
import { conformance } from "./conformance/conformance.ts";
import type { Call } from "./conformance/kit.ts";
import { startSimKube } from "./server.ts";

const simkube = await startSimKube({ bookmarkMs: 200 });
simkube.store.compact();
afterAll(() => simkube.stop());

async function call(method: string, path: string, { body, contentType, query, token }: Call = {}) {
  const url = new URL(simkube.url + path);
  for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, String(value));
  return fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token ?? simkube.token}`,
      ...(body === undefined ? {} : { "content-type": contentType ?? "application/json" }),
    },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  });
}

let count = 0;
for (const one of conformance) {
  // Concurrent, as those that watch take a second each.
  test.concurrent(`the simulated API ${one.name}`, async () => {
    const namespace = `conformance-${++count}`;
    await call("POST", "/api/v1/namespaces", { body: { metadata: { name: namespace } } });
    await one.run({ namespace, call });
  });
}
