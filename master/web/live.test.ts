import { expect, test } from "bun:test";
import type { Pod } from "../../wire/pod.ts";
import { sample } from "./testing/sample.ts";
import { startTestMaster } from "../harness.ts";
import { trustedProxies } from "../trusted-proxies.ts";
import { startWeb, type TestWeb } from "./testing/server.ts";
import { openStream } from "./testing/stream.ts";

/** The stream that a page opens once it is loaded. */
async function streamOf(web: TestWeb, path: string): Promise<string> {
  const page = await (await fetch(web.url + path)).text();
  return web.url + /hx-sse:connect="([^"]+)"/.exec(page)![1]!.replaceAll("&amp;", "&");
}

test("a page that has just been loaded is sent nothing until something changes", async () => {
  await using web = await startWeb();
  sample(web.deps.datasource, 10);
  await using stream = await openStream(await streamOf(web, "/pods"));
  expect(stream.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(await stream.silent(250)).toBe(true);
});

/** The object as the next message tells it: a new one, as from the datasource. */
const restarted = (pod: Pod, restarts: number): Pod => ({ ...pod, summary: { ...pod.summary, restarts } });

test("a change of one pod sends that pod's row", async () => {
  await using web = await startWeb();
  const { datasource } = web.deps;
  sample(datasource, 10);
  await using stream = await openStream(await streamOf(web, "/pods"));
  const pod = datasource.rows.pod![4]!;
  const change = (restarts: number) => {
    pod.item = restarted(pod.item, restarts);
    datasource.changed("c1", "pod");
  };
  // The first difference after loading sends the whole fragment: only then are its rows known here.
  change(1);
  expect((await stream.next()).data).toContain('hx-target="#list"');
  change(7);
  const { data } = await stream.next();
  expect(data.match(/<hx-partial/g)?.length).toBe(1);
  expect(data).toMatch(/^<hx-partial hx-target="#r\w+" hx-swap="outerMorph"><tr id="r\w+"/);
  expect(data).toContain(pod.item.summary.name);
});

test("changes in quick succession are sent together", async () => {
  await using web = await startWeb();
  const { datasource } = web.deps;
  sample(datasource, 10);
  await using stream = await openStream(await streamOf(web, "/pods"));
  for (let at = 1; at <= 20; at++) {
    const pod = datasource.rows.pod![0]!;
    pod.item = restarted(pod.item, at);
    datasource.changed("c1", "pod");
  }
  expect((await stream.next()).data).toContain(">20</span>");
  expect(await stream.silent(300)).toBe(true);
});

test("measured values alone are sent once a second, and what else changes does not wait for them", async () => {
  await using web = await startWeb();
  const { datasource } = web.deps;
  sample(datasource, 10);
  // When it was made, since it may be read later.
  const made: number[] = [];
  let waited = false;
  let late = false;
  const list = datasource.list;
  datasource.list = ((...args: Parameters<typeof list>) => {
    made.push(performance.now());
    late = waited;
    return list(...args);
  }) as typeof list;
  await using stream = await openStream(await streamOf(web, "/pods"));
  const pod = datasource.rows.pod![0]!;
  const measure = (cores: number) => {
    pod.usage!.cpuCores = cores;
    datasource.changed("c1", "metrics");
  };
  // The page, and what the stream compares with.
  while (made.length < 2) await Bun.sleep(5);
  measure(0.111);
  expect((await stream.next()).data).toContain(">111m<");
  expect(made.at(-1)! - made.at(-2)!).toBeGreaterThan(990);
  measure(0.222);
  pod.state = "Failed";
  datasource.changed("c1", "pod");
  // Timers keep their order, also in a process that has to wait itself.
  setTimeout(() => (waited = true), 700);
  const { data } = await stream.next();
  expect(late).toBe(false);
  expect(data).toContain("Failed");
  expect(data).toContain(">222m<");
});

test("what a page does not show renders nothing", async () => {
  await using web = await startWeb();
  const { datasource } = web.deps;
  sample(datasource, 5);
  sample(datasource, 5, "c2");
  await using stream = await openStream(await streamOf(web, "/pods?cluster=c1"));
  expect(await stream.silent(200)).toBe(true);
  let lists = 0;
  const list = datasource.list;
  datasource.list = ((...args: Parameters<typeof list>) => {
    lists++;
    return list(...args);
  }) as typeof list;
  datasource.changed("c2", "pod");
  datasource.changed("c1", "ingress");
  expect(await stream.silent(300)).toBe(true);
  expect(lists).toBe(0);
  datasource.rows.pod![0]!.state = "Failed";
  datasource.changed("c1", "pod");
  expect((await stream.next()).data).toContain("Failed");
});

test("a browser that comes back is sent what differs from what it had, and only that", async () => {
  await using web = await startWeb();
  const { datasource } = web.deps;
  sample(datasource, 10);
  const address = await streamOf(web, "/pods");
  let last: string;
  {
    await using stream = await openStream(address);
    datasource.rows.pod![0]!.state = "Failed";
    datasource.changed("c1", "pod");
    last = (await stream.next()).id;
  }
  {
    await using stream = await openStream(address, { "last-event-id": last });
    expect(await stream.silent(250)).toBe(true);
  }
  datasource.rows.pod![0]!.state = "Succeeded";
  await using stream = await openStream(address, { "last-event-id": last });
  const { data } = await stream.next();
  expect(data).toContain("Succeeded");
  expect(data).not.toContain('hx-target="#nav"');
});

test("when the session ends the stream says so, leads to the sign-in page and back, and closes", async () => {
  await using web = await startWeb();
  const { datasource, access } = web.deps;
  sample(datasource, 3);
  const address = await streamOf(web, "/pods?q=web");
  await using stream = await openStream(address);
  access.signedIn = false;
  datasource.rows.pod![0]!.state = "Failed";
  datasource.changed("c1", "pod");
  const told = await stream.next();
  expect(told.data).toContain('href="/sign-in?back=%2Fpods%3Fq%3Dweb"');
  expect(told.data).not.toContain("Failed");
  expect((await stream.next()).event).toBe("session-end");
  expect(stream.next()).rejects.toThrow("ended");
  // Who comes back without a session is told the same at once, rather than refused and left to retry.
  await using again = await openStream(address);
  expect((await again.next()).data).toContain("/sign-in");
  expect((await again.next()).event).toBe("session-end");
});

test("a browser with an older script is asked to load the page again", async () => {
  await using web = await startWeb();
  sample(web.deps.datasource, 3);
  const address = (await streamOf(web, "/pods")).replace(/&v=[^&]*/, "&v=older");
  await using stream = await openStream(address);
  expect((await stream.next()).data).toContain("AtlHyper was updated.");
});

test("a page that cannot be rendered stays as it is, and goes on with the next change", async () => {
  await using web = await startWeb();
  const { datasource } = web.deps;
  sample(datasource, 3);
  await using stream = await openStream(await streamOf(web, "/pods"));
  const list = datasource.list;
  datasource.list = () => {
    throw new Error("secret detail");
  };
  datasource.changed("c1", "pod");
  const { data } = await stream.next();
  expect(data).toContain('hx-target="#banner"');
  expect(data).not.toContain("secret detail");
  datasource.list = list;
  datasource.changed("c1", "pod");
  expect((await stream.next()).data).toContain('<section id="banner" aria-label="Notices"></section>');
});

test("a browser that does not read is not queued for without end", async () => {
  await using web = await startWeb();
  const { datasource } = web.deps;
  sample(datasource, 100);
  const url = new URL(await streamOf(web, "/pods"));
  const socket = await Bun.connect({
    hostname: url.hostname,
    port: Number(url.port),
    socket: { data() {}, open: (one) => void one.pause() },
  });
  socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`);
  let rendered = 0;
  const list = datasource.list;
  datasource.list = ((...args: Parameters<typeof list>) => {
    rendered++;
    // 4 MB more with each change: far more than sockets hold.
    datasource.rows.pod![0]!.why = "x".repeat(4_000_000) + rendered;
    return list(...args);
  }) as typeof list;
  for (let at = 0; at < 7; at++) {
    datasource.changed("c1", "pod");
    await Bun.sleep(160);
  }
  socket.terminate();
  expect(rendered).toBeGreaterThan(0);
  expect(rendered).toBeLessThan(4);
});

test("a stream of a page that there is not is not found", async () => {
  await using web = await startWeb();
  expect((await fetch(`${web.url}/live?page=/nosuch`)).status).toBe(404);
});

test("the stream is compressed where the browser takes it, and each message reaches it at once", async () => {
  await using web = await startWeb();
  const { datasource } = web.deps;
  sample(datasource, 100);
  const address = await streamOf(web, "/pods");
  const sent = async (encoding: string) => {
    const abort = new AbortController();
    const response = await fetch(address, {
      headers: { "accept-encoding": encoding },
      signal: abort.signal,
      decompress: false,
    });
    const reader = response.body!.getReader();
    let bytes = (await reader.read()).value!.length;
    datasource.rows.pod![0]!.state = `Changed for ${encoding}`;
    datasource.changed("c1", "pod");
    bytes += (await reader.read()).value!.length;
    abort.abort();
    return { encoding: response.headers.get("content-encoding"), bytes };
  };
  const plain = await sent("identity");
  const compressed = await sent("br, gzip");
  expect(plain.encoding).toBeNull();
  expect(compressed.encoding).toBe("gzip");
  expect(plain.bytes).toBeGreaterThan(10_000);
  expect(compressed.bytes).toBeLessThan(plain.bytes / 4);
});

test("a page stays live behind a proxy with TLS, where the session's cookie is bound to the host", async () => {
  await using master = await startTestMaster({ trustedProxies: trustedProxies(["127.0.0.1"]) });
  const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9" };
  const token = new URL(master.setupLink!).searchParams.get("token");
  const opened = await fetch(`${master.url}/setup?token=${token}`, { headers, redirect: "manual" });
  const cookie = opened.headers.get("set-cookie")!.split(";")[0]!;
  const form = await (
    await fetch(`${master.url}/setup/password`, { headers: { ...headers, cookie } })
  ).text();
  const done = await fetch(`${master.url}/setup/password`, {
    method: "POST",
    headers: { ...headers, cookie },
    body: new URLSearchParams({
      _csrf: /name="_csrf" value="([^"]+)"/.exec(form)![1]!,
      name: "ada",
      password: "long enough 1",
      repeat: "long enough 1",
    }),
    redirect: "manual",
  });
  const session = done.headers.get("set-cookie")!.split(";")[0]!;
  expect(session).toStartWith("__Host-");
  const stream = await fetch(`${master.url}/live?page=%2Fpods`, { headers: { ...headers, cookie: session } });
  const reader = stream.body!.getReader();
  let text = "";
  while (!text.includes("id: ") && !text.includes("session-end"))
    text += new TextDecoder().decode((await reader.read()).value);
  expect(text).not.toContain("session-end");
  await reader.cancel();
});
