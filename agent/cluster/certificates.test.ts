import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kinds } from "../../simkube/kinds.ts";
import { startSimKube } from "../../simkube/server.ts";
import { agentConfig } from "../config.ts";
import { tokenAccess } from "../kube/access.ts";
import { startAgent } from "../start.ts";
import { startWireMaster, until } from "../testing/wire-master.ts";
import { lifetimeOf } from "./certificates.ts";

const folder = mkdtempSync(join(tmpdir(), "certificates-"));
const day = 86_400_000;
const made: Record<number, { crt: string; key: string }> = {};

/** A certificate that OpenSSL makes, for so many days. */
async function make(days: number): Promise<void> {
  const [key, crt] = [join(folder, `${days}.key`), join(folder, `${days}.crt`)];
  const request = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ${key} -out ${crt} -days ${days} -subj /CN=secret-name.test`;
  expect(await Bun.spawn(request.split(" "), { stderr: "ignore" }).exited).toBe(0);
  made[days] = { crt: await Bun.file(crt).text(), key: await Bun.file(key).text() };
}
beforeAll(() => Promise.all([10, 90].map(make)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("of a chain the certificate that expires first counts; what cannot be read is none", () => {
  const [short, long] = [made[10]!.crt, made[90]!.crt];
  const soon = lifetimeOf(short)!;
  expect(Math.abs(soon.notAfter_ms - Date.now() - 10 * day)).toBeLessThan(60_000);
  expect(soon.notAfter_ms - soon.notBefore_ms).toBe(10 * day);
  expect(lifetimeOf(`${long}\n${short}`)).toEqual(soon);
  expect(lifetimeOf(`${short}${long}`)).toEqual(soon);
  for (const bad of ["", "x", long.slice(0, 200), long.replace(/[A-Z]{4}/, "AAAA"), made[10]!.key])
    expect(lifetimeOf(bad)?.notAfter_ms ?? 0).not.toBe(soon.notAfter_ms);
});

const secret = (name: string, type: string, data: Record<string, string>) => ({
  metadata: { name },
  type,
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)])),
});

test("an agent that is to tells when certificates expire, and nothing else of any Secret", async () => {
  await using kube = await startSimKube();
  const tls = (name: string, days: number) =>
    secret(name, "kubernetes.io/tls", { "tls.crt": made[days]!.crt, "tls.key": made[days]!.key });
  for (const one of [
    tls("web", 90),
    tls("api", 10),
    secret("broken", "kubernetes.io/tls", { "tls.crt": "none", "tls.key": "hunter2" }),
    secret("other", "Opaque", { "tls.crt": made[10]!.crt }),
  ])
    kube.rest.create(kinds.secrets, "default", one);
  const lines: string[] = [];
  await using master = startWireMaster();
  const run = (certificates: boolean) =>
    startAgent(agentConfig({ masterUrl: master.url, token: "atlc_test", statusEveryMs: 100, certificates }), {
      kube: tokenAccess(kube.url, kube.token, "lab"),
      log: (...line) => lines.push(JSON.stringify(line)),
    });
  const agent = await run(true);
  await until("certificates", () => master.status?.certificates?.length === 2);
  expect(master.status!.certificates!.map((one) => [one.namespace, one.name])).toEqual([
    ["default", "api"],
    ["default", "web"],
  ]);
  expect(Object.keys(master.status!.certificates![0]!).sort()).toEqual([
    "name",
    "namespace",
    "notAfter_ms",
    "notBefore_ms",
  ]);
  kube.rest.delete(kinds.secrets, "default", "api", {});
  await until("one less", () => master.status?.certificates?.length === 1);
  await agent.stop();
  const sent = JSON.stringify(master.received) + lines.join();
  for (const text of [
    "BEGIN",
    "hunter2",
    "secret-name.test",
    made[90]!.crt.slice(100, 140),
    btoa(made[90]!.key).slice(60, 100),
  ])
    expect(sent).not.toContain(text);

  // One that is not to does not even ask.
  const other = await run(false);
  await until("synced", () => master.status?.run === other.status().run && master.status?.synced);
  expect(master.status!.certificates).toBeUndefined();
  await other.stop();
});
