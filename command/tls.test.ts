import { expect, test } from "bun:test";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { agentConfig } from "../agent/config.ts";
import { startAgent } from "../agent/start.ts";
import { ConfigError } from "../kit/env.ts";
import { startTestMaster, type TestMaster } from "../master/harness.ts";
import { pairAtStart, watchPair } from "../master/tls.ts";

const folder = mkdtempSync(join(tmpdir(), "atlhyper-tls-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

async function openssl(...args: string[]): Promise<void> {
  const child = Bun.spawn(["openssl", ...args], { cwd: folder, stdout: "ignore", stderr: "pipe" });
  if ((await child.exited) !== 0) throw new Error(await new Response(child.stderr).text());
}

/** An authority and two certificates of it, for the same name: the one in use and the one that renews it. */
const made = (async () => {
  await openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-days",
    "3",
    "-subj",
    "/CN=authority",
  );
  for (const name of ["one", "two"]) {
    await openssl(
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      `/CN=${name}`,
    );
    writeFileSync(at("san"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
    await openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.crt",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-out",
      `${name}.crt`,
      "-days",
      "2",
      "-extfile",
      "san",
    );
  }
})();

function use(name: string): void {
  copyFileSync(at(`${name}.crt`), at("tls.crt"));
  copyFileSync(at(`${name}.key`), at("tls.key"));
}

const ca = () => readFileSync(at("ca.crt"), "utf8");
const files = { tlsCert: at("tls.crt"), tlsKey: at("tls.key") };

/** The name in the certificate that a new connection is shown. */
function shown(master: TestMaster): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(master.url).port), ca: ca() }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.end();
    });
    socket.on("error", reject);
  });
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; n < 200; n++) {
    if (await what()) return;
    await Bun.sleep(20);
  }
  throw new Error("did not come true");
}

test("with a certificate the master speaks https, tells browsers to stay with it, and binds cookies to its host", async () => {
  await made;
  use("one");
  await using master = await startTestMaster(files);
  expect(master.url).toStartWith("https://127.0.0.1:");
  expect(master.setupLink).toStartWith(master.url);
  const opened = await fetch(master.setupLink!, { tls: { ca: ca() }, redirect: "manual" });
  expect(opened.headers.get("set-cookie")).toMatch(/^__Host-atlhyper_session=.*; Secure$/);
  expect(opened.headers.get("strict-transport-security")).toBe("max-age=31536000");
  await expect(fetch(`${master.url}/livez`)).rejects.toThrow();
});

test("an agent that is given the authority pushes over TLS, one that is not does not", async () => {
  await made;
  use("one");
  await using master = await startTestMaster(files);
  const { id, token } = await master.addCluster("home");
  const log = () => {};
  const stranger = await startAgent(agentConfig({ masterUrl: master.url, token, clusterId: "uid" }), { log });
  await Bun.sleep(200);
  expect(master.datasource.cluster(id)?.connection).toBe("waiting");
  await stranger.stop();
  const agent = await startAgent(
    agentConfig({ masterUrl: master.url, token, clusterId: "uid", masterCa: at("ca.crt") }),
    { log },
  );
  await until(() => master.datasource.cluster(id)?.connection === "connected");
  await agent.stop();
});

test("agents in the same process have a way of their own, on this machine alone", async () => {
  await made;
  use("one");
  await using master = await startTestMaster(files);
  const { id, token } = await master.addCluster("home");
  expect(master.localUrl()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(master.localUrl()).toBe(master.localUrl());
  const agent = await startAgent(agentConfig({ masterUrl: master.localUrl(), token, clusterId: "uid" }), {
    log: () => {},
  });
  await until(() => master.datasource.cluster(id)?.connection === "connected");
  await agent.stop();
  await using plain = await startTestMaster();
  expect(plain.localUrl()).toBe(plain.url);
});

test("a renewed certificate is taken while streams go on; a broken one is told and the one before stays", async () => {
  await made;
  use("one");
  await using master = await startTestMaster(files, { certificateEveryMs: 30 });
  const tls = { ca: ca() };
  expect(await shown(master)).toBe("one");
  const opened = await fetch(master.setupLink!, { tls, redirect: "manual" });
  const cookie = opened.headers.get("set-cookie")!.split(";")[0]!;
  const form = await (await fetch(`${master.url}/setup/password`, { tls, headers: { cookie } })).text();
  const done = await fetch(`${master.url}/setup/password`, {
    method: "POST",
    tls,
    headers: { cookie },
    body: new URLSearchParams({
      _csrf: /name="_csrf" value="([^"]+)"/.exec(form)![1]!,
      name: "ada",
      password: "long enough 1",
      repeat: "long enough 1",
    }),
    redirect: "manual",
  });
  const session = done.headers.get("set-cookie")!.split(";")[0]!;
  const stream = await fetch(`${master.url}/live?page=%2Fclusters`, { tls, headers: { cookie: session } });
  const reader = stream.body!.getReader();
  let streamed = "";
  void (async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      streamed += new TextDecoder().decode(value);
    }
  })().catch(() => {});

  writeFileSync(files.tlsKey, "half written");
  await until(() => master.lines.some((line) => line.message.startsWith("the new certificate cannot")));
  expect(JSON.stringify(master.lines)).toContain(`${files.tlsKey} is no private key in PEM`);
  expect(await shown(master)).toBe("one");
  copyFileSync(at("two.key"), files.tlsKey);
  await until(() => JSON.stringify(master.lines).includes("is not the key of the certificate"));
  expect(await shown(master)).toBe("one");

  use("two");
  // A connection that is made in the very moment of the change may have to be made again.
  await until(async () => (await shown(master).catch(() => "")) === "two");
  for (let n = 0; n < 20; n++) expect(await shown(master)).toBe("two");
  expect(master.lines.some((line) => line.message === "the new certificate is in use")).toBe(true);
  streamed = "";
  await master.addCluster("on the old connection");
  await until(() => streamed.includes("on the old connection"));
  expect((await fetch(`${master.url}/livez`, { tls })).status).toBe(200);
  await reader.cancel();
});

test("a port that another process has is refused, also with TLS", async () => {
  await made;
  use("one");
  await using master = await startTestMaster(files);
  await expect(startTestMaster({ ...files, port: Number(new URL(master.url).port) })).rejects.toThrow();
});

test("what is wrong with the files at the start is a fault of the configuration, in words and without their content", async () => {
  await made;
  use("one");
  expect(pairAtStart({ tlsCert: "", tlsKey: "" })).toBeUndefined();
  const cases: [Partial<typeof files>, string][] = [
    [{ tlsKey: "" }, "ATLHYPER_TLS_KEY is not set"],
    [{ tlsCert: "" }, "ATLHYPER_TLS_CERT is not set"],
    [{ tlsCert: at("none") }, "none cannot be read"],
    [{ tlsCert: at("one.key") }, "one.key is no certificate in PEM"],
    [{ tlsKey: at("one.crt") }, "one.crt is no private key in PEM"],
    [{ tlsKey: at("two.key") }, "two.key is not the key of the certificate"],
  ];
  for (const [given, said] of cases) {
    expect(() => pairAtStart({ ...files, ...given })).toThrow(ConfigError);
    expect(() => pairAtStart({ ...files, ...given })).toThrow(said);
  }
});

test("a key that is written a moment after its certificate is no trouble", async () => {
  await made;
  use("one");
  const told: string[] = [];
  const watch = watchPair(files, pairAtStart(files)!, 40, {
    changed: () => told.push("changed"),
    refused: (why) => told.push(why),
  });
  copyFileSync(at("two.crt"), files.tlsCert);
  await Bun.sleep(50);
  copyFileSync(at("two.key"), files.tlsKey);
  await until(() => told.length > 0);
  watch.stop();
  expect(told).toEqual(["changed"]);
});
