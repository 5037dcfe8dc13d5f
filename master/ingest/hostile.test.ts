import { expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { startTestMaster, type TestCluster, type TestMaster } from "../harness.ts";

const route = "/ingest/podlist";
const head = '{"version":"v1","cluster_id":"uid-of-home","source":"pod_list_snapshot","ts_ms":1,"payload":';

async function status(
  master: TestMaster,
  cluster: TestCluster,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  headers = {},
) {
  const response = await fetch(master.url + route, {
    method: "POST",
    headers: { authorization: `Bearer ${cluster.token}`, ...headers },
    body,
  });
  await response.json();
  if (response.status !== 200) expect(response.headers.get("content-type")).toBe("application/problem+json");
  return response.status;
}

const zeros = (megabytes: number) => gzipSync(Buffer.alloc(megabytes * 2 ** 20), { level: 9 });

test("gzip bombs of every make are refused at the limit, in bounded memory, and the master lives on", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const bomb = zeros(200);
  const members = Buffer.concat(Array.from({ length: 16 }, () => zeros(1)));
  const nested = gzipSync(gzipSync(bomb));
  const before = process.memoryUsage.rss();
  for (let round = 0; round < 10; round++) {
    expect(await status(master, cluster, bomb)).toBe(413);
    expect(await status(master, cluster, members)).toBe(413);
    // Inflated once it is gzip again, and not JSON: nobody inflates twice.
    expect(await status(master, cluster, nested)).toBe(400);
    expect(await status(master, cluster, bomb, { "content-encoding": "identity" })).toBe(413);
  }
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(150);
  expect(await status(master, cluster, `${head}{"pods":[]}}`)).toBe(200);
}, 60_000);

test("a bomb from nobody is not even inflated", async () => {
  await using master = await startTestMaster();
  const body = zeros(200);
  const start = performance.now();
  const response = await fetch(master.url + route, { method: "POST", body });
  expect(response.status).toBe(401);
  expect(performance.now() - start).toBeLessThan(1000);
});

test("bodies over the limit as sent are refused, whether their length is told or not", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  for (const size of [4 * 2 ** 20 + 1, 12 * 2 ** 20])
    expect(await status(master, cluster, new Uint8Array(size).fill(0x20))).toBe(413);
  const stream = new ReadableStream({
    start(controller) {
      for (let part = 0; part < 5; part++) controller.enqueue(new Uint8Array(2 ** 20).fill(0x20));
      controller.close();
    },
  });
  expect(await status(master, cluster, stream).catch(() => 413)).toBe(413);
});

test("what is not whole, not JSON, not UTF-8, too deep or of the wrong shape gets its answer", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const whole = gzipSync(`${head}{"pods":[]}}`);
  const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  const cases: [string | Uint8Array<ArrayBuffer>, number][] = [
    [whole, 200],
    [whole.subarray(0, whole.length - 9), 400],
    [new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3]), 400],
    ["", 400],
    ["not JSON", 400],
    [new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 400],
    [deep(100_000), 400],
    [`${head}{"pods":${deep(100_000)}}}`, 400],
    [`${head}{"pods":[],"x":"${"\\u005b".repeat(1000)}${"[".repeat(100_000)}"}}`, 200],
    ["null", 422],
    ["[]", 422],
    ['"text"', 422],
    [`${head}null}`, 422],
    [`${head}{"pods":{"0":1}}}`, 422],
    [`${head}{"pods":[null]}}`, 422],
    [`${head}{"pods":[{"summary":{"name":"${"x".repeat(1_000_000)}","namespace":"y"}}]}}`, 422],
    [`${head}{"__proto__":{"pods":[]}}}`, 422],
  ];
  for (const [body, expected] of cases)
    expect([body.slice(0, 120).toString(), await status(master, cluster, body)]).toEqual([
      body.slice(0, 120).toString(),
      expected,
    ]);
});

test("encodings that are not taken are told", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  for (const encoding of ["br", "deflate", "zstd", "gzip, gzip"])
    expect(await status(master, cluster, "{}", { "content-encoding": encoding })).toBe(415);
});

test("random bytes never bring it down, nor get a 500", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  for (let round = 0; round < 200; round++) {
    const bytes = crypto.getRandomValues(new Uint8Array(1 + Math.floor(Math.random() * 300)));
    const body = round % 2 === 0 ? gzipSync(bytes) : bytes;
    expect(await status(master, cluster, body)).toBeOneOf([400, 422]);
  }
});

test("bodies that come too slowly are given up, and others are asked to wait meanwhile", async () => {
  await using master = await startTestMaster({ bodyTimeoutMs: 100 });
  const cluster = await master.addCluster("home");
  const { hostname, port } = new URL(master.url);
  const answers: Promise<string>[] = [];
  for (let at = 0; at < 20; at++) {
    const answered = Promise.withResolvers<string>();
    const socket = await Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        data: (socket, data) => {
          answered.resolve(data.toString().slice(9, 12));
          socket.end();
        },
        close: () => answered.resolve("closed"),
      },
    });
    socket.write(
      `POST ${route} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${cluster.token}\r\nContent-Length: 4000000\r\n\r\n{`,
    );
    answers.push(answered.promise);
  }
  const statuses = await Promise.all(answers);
  // 64 MiB may be on their way at once: 16 of 4 MB.
  expect(statuses.filter((one) => one === "408")).toHaveLength(16);
  expect(statuses.filter((one) => one === "503")).toHaveLength(4);
  expect(await status(master, cluster, `${head}{"pods":[]}}`)).toBe(200);
});
