import { expect, test } from "bun:test";
import { startSimKube } from "../../simkube/server.ts";
import { tokenAccess } from "./access.ts";
import { KubeClient } from "./client.ts";
import { KubeError } from "./error.ts";

const failure = (promise: Promise<unknown>): Promise<KubeError> =>
  promise.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error) => error,
  );

test("reads and writes JSON with query, body and content type", async () => {
  await using simkube = await startSimKube();
  const client = new KubeClient(tokenAccess(`${simkube.url}/`, simkube.token));
  const path = "/api/v1/namespaces/default/configmaps";
  await client.json("POST", path, { body: { metadata: { name: "a", labels: { x: "1" } } } });
  await client.json("PATCH", `${path}/a`, {
    body: { data: { k: "v" } },
    contentType: "application/merge-patch+json",
  });
  const list = await client.json<{ items: { data: unknown }[] }>("GET", path, {
    query: { labelSelector: "x=1", limit: 5, continue: undefined },
  });
  expect(list.items.map((item) => item.data)).toEqual([{ k: "v" }]);
  expect(await client.text("GET", "/livez")).toBe("ok");
});

test("throws the server's own reason and message", async () => {
  await using simkube = await startSimKube();
  const client = new KubeClient(tokenAccess(simkube.url, simkube.token));
  const error = await failure(client.json("GET", "/api/v1/nodes/gone"));
  expect(error).toBeInstanceOf(KubeError);
  expect(error).toMatchObject({ status: 404, reason: "NotFound", message: 'nodes "gone" not found' });
});

test("names what stood in between when the answer is no Status", async () => {
  await using simkube = await startSimKube({
    intercept: () =>
      new Response("<html>bad gateway</html>", { status: 502, headers: { "retry-after": "3" } }),
  });
  const client = new KubeClient(tokenAccess(simkube.url, simkube.token));
  const error = await failure(client.json("GET", "/api/v1/nodes"));
  expect(error).toMatchObject({ status: 502, message: "<html>bad gateway</html>", retryAfterMs: 3000 });
});

test("says where it could not get to, and what took too long", async () => {
  const away = await startSimKube();
  await away.stop();
  const client = new KubeClient(tokenAccess(away.url, "x"));
  const error = await failure(client.json("GET", "/api"));
  expect(error).toMatchObject({ status: 0, reason: "Unreachable" });
  expect(error.message).toBe(`${away.url}: connection refused`);

  await using slow = await startSimKube({ intercept: () => Bun.sleep(2_000).then(() => undefined) });
  const hurried = new KubeClient(tokenAccess(slow.url, slow.token), { timeoutMs: 50 });
  expect(await failure(hurried.json("GET", "/api"))).toMatchObject({ status: 0, reason: "TimedOut" });
  expect(await failure(hurried.stream("/api"))).toMatchObject({ status: 0, reason: "TimedOut" });
});

test("does not follow a redirect, which would take the token elsewhere", async () => {
  let reached = false;
  await using other = await startSimKube({
    intercept: () => {
      reached = true;
      return Response.json({});
    },
  });
  await using simkube = await startSimKube({ intercept: () => Response.redirect(other.url, 307) });
  const client = new KubeClient(tokenAccess(simkube.url, simkube.token));
  expect(await failure(client.json("GET", "/api"))).toMatchObject({ status: 307 });
  expect(reached).toBe(false);
});

test("passes on an abort as it is", async () => {
  await using simkube = await startSimKube({ intercept: () => Bun.sleep(2_000).then(() => undefined) });
  const client = new KubeClient(tokenAccess(simkube.url, simkube.token));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const error = await failure(client.json("GET", "/api", { signal: controller.signal }));
  expect(error.name).toBe("AbortError");
});
