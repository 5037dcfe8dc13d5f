import { expect, test } from "bun:test";
import { startReceiver } from "../alert/testing.ts";
import { trustedProxies } from "../trusted-proxies.ts";
import { createPost } from "./post.ts";
import { resolveTarget } from "./target.ts";

const none = trustedProxies([]);
const all = trustedProxies(["0.0.0.0/0", "::/0"]);
const at =
  (...addresses: string[]) =>
  async () =>
    addresses;

test("metadata services, link-local addresses and what is no host are never sent to, whatever is allowed", async () => {
  for (const address of [
    "169.254.169.254",
    "169.254.1.1",
    "0.0.0.0",
    "100.100.100.200",
    "168.63.129.16",
    "224.0.0.1",
    "255.255.255.255",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "::",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "0:0:0:0:0:ffff:a9fe:a9fe",
    "::a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "ff02::1",
  ]) {
    await expect(resolveTarget(address, all, at()), address).rejects.toThrow("never");
    await expect(resolveTarget("name.example", all, at(address)), address).rejects.toThrow("never");
  }
});

test("private addresses are sent to only where they are allowed", async () => {
  for (const address of [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fd12::1",
  ]) {
    await expect(resolveTarget(address, none, at()), address).rejects.toThrow("ATLHYPER_NOTIFY_PRIVATE");
    expect(await resolveTarget("x.example", all, at(address)), address).toBe(address);
  }
  const some = trustedProxies(["10.1.0.0/16"]);
  expect(await resolveTarget("x", some, at("10.1.9.9"))).toBe("10.1.9.9");
  await expect(resolveTarget("x", some, at("10.2.0.1"))).rejects.toThrow();
});

test("a name that stands for a good and a bad address is refused, and it is looked up once", async () => {
  await expect(resolveTarget("x.example", none, at("93.184.216.34", "10.0.0.1"))).rejects.toThrow();
  let looked = 0;
  const rebinding = async () => (++looked === 1 ? ["127.0.0.1"] : ["10.0.0.1"]);
  const receiver = startReceiver();
  const post = createPost(trustedProxies(["127.0.0.1"]), rebinding);
  const { port } = new URL(receiver.url);
  const answer = await post(`http://hook.example:${port}/x`, { body: "{}" });
  expect(answer.ok).toBe(true);
  expect(looked).toBe(1);
  expect(receiver.received[0]!.headers.host).toBe(`hook.example:${port}`);
  receiver.stop();
});

test("only http and https, no redirect followed, and no address in what is said about a fault", async () => {
  const elsewhere = startReceiver();
  const receiver = startReceiver(
    () => new Response(null, { status: 307, headers: { location: elsewhere.url } }),
  );
  const post = createPost(trustedProxies(["127.0.0.1"]), at("127.0.0.1"));
  expect((await post("ftp://x/", { body: "" })).text).toContain("http");
  expect((await post("file:///etc/passwd", { body: "" })).ok).toBe(false);
  const answer = await post(`${receiver.url}/secret-path`, { body: "{}" });
  expect(answer.ok).toBe(false);
  expect(answer.text).toContain("not followed");
  expect(elsewhere.received).toEqual([]);
  receiver.stop();
  const dead = await post(`${receiver.url}/secret-path`, { body: "{}" });
  expect(dead.ok).toBe(false);
  expect(dead.text).not.toContain("secret-path");
  elsewhere.stop();
});

test("a receiver's answer is shown without the secrets that it says back, whole or cut off", async () => {
  let body = "";
  using receiver = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => new Response(body || `Cannot POST ${new URL(request.url).pathname}`, { status: 404 }),
  });
  const url = `http://127.0.0.1:${receiver.port}/services/T0/hook-that-nobody-knows?key=of-the-address`;
  const post = createPost(trustedProxies(["127.0.0.1"]), at("127.0.0.1"), {
    secrets: [url, 'token/with"signs'],
  });
  const said = async (text: string) => {
    body = text;
    return (await post(url, { body: "{}" })).text;
  };
  expect(await said("")).toBe("404 Not Found: Cannot POST •••");
  expect(await said(`no ${url}`)).toBe("404 Not Found: no •••");
  expect(await said("no hook hook-that-nobody-knows")).toBe("404 Not Found: no hook •••");
  expect(await said('{"token":"token/with\\"signs"}')).not.toContain("signs");
  expect(await said(encodeURIComponent('token/with"signs'))).not.toContain("signs");
  // What is shown ends in the middle of it.
  expect(await said(`${"x".repeat(270)}${url}`)).not.toContain("127.0.0.1");
});
