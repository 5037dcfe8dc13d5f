import { expect, test } from "bun:test";
import { createToken } from "../database/tokens.ts";
import { startTestMaster, type TestMaster } from "../harness.ts";

const password = "a long enough password";

/** A browser that has signed in, as far as WebSockets see one. */
async function signIn(master: TestMaster, name: string, role: "viewer" | "operator" | "admin") {
  const { access } = master.parts;
  await access.users.add(name, role, password);
  const { cookie } = await access.signIn(
    new Request(master.url),
    { address: "127.0.0.1", secure: false },
    name,
    password,
  );
  return { cookie: cookie.split(";")[0]! };
}

interface Opened {
  socket: WebSocket;
  messages: string[];
  closed: Promise<void>;
}

async function open(url: string, headers: Record<string, string>): Promise<Opened | undefined> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), { headers } as never);
  const messages: string[] = [];
  const closed = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<boolean>();
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => opened.resolve(true));
  socket.addEventListener("message", ({ data }) => {
    messages.push(typeof data === "string" ? data : `bytes:${new TextDecoder().decode(data as ArrayBuffer)}`);
  });
  socket.addEventListener("error", () => opened.resolve(false));
  socket.addEventListener("close", () => {
    opened.resolve(false);
    closed.resolve();
  });
  return (await opened.promise) ? { socket, messages, closed: closed.promise } : undefined;
}

async function start(config: Parameters<typeof startTestMaster>[0] = {}) {
  const master = await startTestMaster(config);
  const cluster = await master.addCluster("home");
  const post = (route: string, body: object) =>
    fetch(master.url + route, {
      method: "POST",
      headers: { authorization: `Bearer ${cluster.token}` },
      body: JSON.stringify({ clusterID: cluster.clusterID, ...body }),
    });
  /** What its agent is asked for. */
  const commands = async () => {
    const response = await post("/control/watch", { rv: 0, waitSeconds: 1 });
    if (response.status === 304) return [];
    return ((await response.json()) as { commands: { id: string; type: string; op: string }[] }).commands;
  };
  await post("/control/watch", { rv: 0, waitSeconds: 0 });
  const address = (more = "") =>
    `${master.url}/streams?type=PodExec&cluster=${cluster.id}&ns=shop&pod=web-1${more}`;
  return { master, cluster, commands, post, address, [Symbol.asyncDispose]: () => master.stop() };
}

const until = async (what: string, condition: () => boolean) => {
  for (let n = 0; n < 300; n++) {
    if (condition()) return;
    await Bun.sleep(10);
  }
  throw new Error(`not in time: ${what}`);
};

test("what is typed reaches the agent, and what the program writes the browser", async () => {
  await using l = await start();
  const { cookie } = await signIn(l.master, "ana", "operator");
  const browser = (await open(l.address("&cols=80&rows=24"), { cookie, origin: l.master.url }))!;
  browser.socket.send(new TextEncoder().encode("early"));
  const [command] = await l.commands();
  expect(command).toMatchObject({ type: "PodExec" });
  const authorization = `Bearer ${l.cluster.token}`;
  const agent = (await open(`${l.master.url}/control/stream/${command!.id}`, { authorization }))!;
  await until("what was typed early", () => agent.messages.includes("bytes:early"));
  agent.socket.send(new TextEncoder().encode("output"));
  agent.socket.send('{"end":{"code":0,"message":"ended"}}');
  await until("the output", () => browser.messages.includes("bytes:output"));
  expect(browser.messages[0]).toBe('{"open":true}');
  agent.socket.close();
  await browser.closed;
  expect(browser.messages).toContain('{"end":{"code":0,"message":"ended"}}');
  expect(browser.messages.at(-1)).toBe('{"gone":"agentLeft"}');
  // A stream is good for one agent, once.
  expect(await open(`${l.master.url}/control/stream/${command!.id}`, { authorization })).toBeUndefined();
});

test("nobody gets a stream who has no session, no right, or comes from another site", async () => {
  await using l = await start();
  const viewer = await signIn(l.master, "vera", "viewer");
  const operator = await signIn(l.master, "otto", "operator");
  const token = await createToken(l.master.database, { name: "t", role: "admin" });
  const origin = l.master.url;
  const refused: Record<string, string>[] = [
    { origin },
    { origin, cookie: viewer.cookie },
    { origin, authorization: `Bearer ${token}` },
    { origin, authorization: `Bearer ${l.cluster.token}` },
    { origin: "https://evil.example", cookie: operator.cookie },
    { cookie: operator.cookie },
  ];
  for (const headers of refused) expect(await open(l.address(), headers)).toBeUndefined();
  expect(await l.commands()).toEqual([]);
});

test("an agent gets its own cluster's streams, and no other", async () => {
  await using l = await start();
  const other = await l.master.addCluster("other");
  const { cookie } = await signIn(l.master, "ana", "operator");
  await open(l.address(), { cookie, origin: l.master.url });
  const [command] = await l.commands();
  const address = `${l.master.url}/control/stream/${command!.id}`;
  expect(await open(address, { authorization: `Bearer ${other.token}` })).toBeUndefined();
  expect(
    await open(address, { authorization: `Bearer ${await l.master.apiToken("admin")}` }),
  ).toBeUndefined();
  expect(await open(address, { cookie })).toBeUndefined();
  expect(await open(address, { authorization: `Bearer ${l.cluster.token}` })).toBeDefined();
});

test("when who looks has left before an agent came, the command is taken back", async () => {
  await using l = await start();
  const { cookie } = await signIn(l.master, "ana", "operator");
  const browser = (await open(l.address(), { cookie, origin: l.master.url }))!;
  browser.socket.close();
  await browser.closed;
  await Bun.sleep(50);
  expect((await l.commands()).filter((one) => one.op === "add")).toEqual([]);
});

test("terminals that are switched off are opened for nobody", async () => {
  await using l = await start({ exec: false });
  const { cookie } = await signIn(l.master, "ana", "admin");
  expect(await open(l.address(), { cookie, origin: l.master.url })).toBeUndefined();
});

test("what says too much for a slow browser is ended, and memory with it", async () => {
  await using l = await start();
  const { cookie } = await signIn(l.master, "ana", "operator");
  const browser = (await open(l.address(), { cookie, origin: l.master.url }))!;
  const [command] = await l.commands();
  const authorization = `Bearer ${l.cluster.token}`;
  const agent = (await open(`${l.master.url}/control/stream/${command!.id}`, { authorization }))!;
  // More than a message may be: no agent of ours sends so much at once.
  agent.socket.send(new Uint8Array(2 * 2 ** 20));
  await agent.closed;
  await browser.closed;
  expect(browser.messages.at(-1)).toBe('{"gone":"agentLeft"}');
});
