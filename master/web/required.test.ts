import { expect, test } from "bun:test";
import { Secret, TOTP } from "otpauth";
import { startTestMaster, type TestMaster } from "../harness.ts";
import { policy } from "../policy.ts";

const password = "a long enough password";

/** A browser without redirects that keeps the session's cookie. */
function browser(master: TestMaster) {
  let cookie = "";
  const go = async (path: string, fields?: Record<string, string>) => {
    const response = await fetch(master.url + path, {
      redirect: "manual",
      headers: { cookie },
      ...(fields ? { method: "POST", body: new URLSearchParams(fields) } : {}),
    });
    for (const one of response.headers.getSetCookie())
      if (/^(__Host-)?atlhyper_session=/.test(one)) cookie = one.split(";")[0]!;
    return { status: response.status, to: response.headers.get("location"), text: await response.text() };
  };
  return { go, cookie: () => cookie, signIn: (name: string) => go("/sign-in", { name, password }) };
}
const csrfIn = (text: string) => /name="_csrf" value="([^"]+)"/.exec(text)![1]!;

test("who has to have a second factor gets nowhere before it is set up, and everywhere after", async () => {
  await using master = await startTestMaster({ requireTotp: "everybody" });
  const id = await master.parts.access.users.add("ada", "admin", password);
  const ada = browser(master);
  expect((await ada.signIn("ada")).status).toBe(303);
  for (const [route] of policy) {
    const [method, path] = route.split(" ") as [string, string];
    if (
      /^\/(setup|sign-|invite|assets|enrol|livez|readyz|healthz|preferences|api\/(docs|openapi)|overview|workloads|network|config$)/.test(
        path,
      )
    )
      continue;
    if (path.includes("stream") || path === "/live") continue;
    const address = path.replace(/:\w+/g, "x");
    const got = await ada.go(address, method === "POST" ? { do: "add", name: "x" } : undefined);
    const led = got.to === "/setup/second-factor" || got.to?.startsWith("/sign-in");
    expect(
      [401, 403].includes(got.status) || (got.status === 303 && led),
      `${route}: ${got.status} ${got.to}`,
    ).toBe(true);
  }
  const live = await ada.go("/live?page=%2Fpods");
  expect(live.text).toContain("session-end");
  const page = await ada.go("/setup/second-factor");
  expect(page.text).toContain("A second factor is required");
  const secret = /<code class="mono">([A-Z2-7 ]+)</.exec(page.text)![1]!.replaceAll(" ", "");
  const csrf = csrfIn(page.text);
  // Asked again, it is the same: a second tab does not spoil the first.
  expect((await ada.go("/setup/second-factor")).text).toContain(secret.slice(0, 4));
  const wrong = await ada.go("/setup/second-factor", { _csrf: csrf, code: "000000" });
  expect(wrong.status).toBe(422);
  expect((await ada.go("/setup/second-factor", { code: "1" })).status).toBe(403);
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const done = await ada.go("/setup/second-factor", { _csrf: csrf, code });
  expect(done.status).toBe(200);
  expect(done.text.match(/[a-z2-7]{5}-?[a-z2-7]{5}/g)!.length).toBeGreaterThanOrEqual(10);
  const settings = await ada.go("/settings");
  expect(settings.status).toBe(200);
  expect(settings.text).not.toContain("totp-off");
  const off = await ada.go("/settings", { _csrf: csrfIn(settings.text), do: "totp-off", password, code });
  expect(off.status).toBe(422);
  expect(off.text).toContain("It is required here, and stays on.");
  expect((await master.parts.access.secondFactors.state(id)).on).toBe(true);
});

test("where administrators alone have to, others do not; and one who becomes one does at once", async () => {
  await using master = await startTestMaster({ requireTotp: "admins" });
  const { users } = master.parts.access;
  await users.add("ada", "admin", password);
  const id = await users.add("bo", { role: "viewer", tenant: "default" }, password);
  const bo = browser(master);
  await bo.signIn("bo");
  expect((await bo.go("/pods")).status).toBe(200);
  await users.grant(id, { role: "admin", tenant: "default", namespaces: ["shop"] });
  expect((await bo.go("/pods")).to).toBe("/setup/second-factor");
  const api = await bo.go("/api/v1/pods");
  expect(api.status).toBe(403);
  expect(api.text).toContain("set a second factor up first");
});

test("new passwords are as long as is asked for, and none that got out, nor the name", async () => {
  const file = `${process.env.TMPDIR ?? "/tmp"}/atlhyper-breached-${process.pid}`;
  await Bun.write(file, "correct horse battery staple\n");
  await using master = await startTestMaster({ passwordLength: 14, passwordBreached: file });
  const { users } = master.parts.access;
  const refused = async (name: string, secret: string) => {
    try {
      await users.add(name, "admin", secret);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(await refused("ada", "thirteen char")).toContain("at least 14 characters");
  expect(await refused("ada", "Correct Horse Battery Staple")).toContain("got out somewhere");
  expect(await refused("ada", "aaaaaaaaaaaaaaaaaa")).toContain("one character over and over");
  expect(await refused("Ada Countess of L", "ada countess of l")).toContain("is the user's name");
  expect(await refused("ada", password)).toBeUndefined();
  const ada = browser(master);
  await ada.signIn("ada");
  expect((await ada.go("/settings")).text).toContain("At least 14 characters.");
  await Bun.file(file).delete();
  expect(startTestMaster({ passwordBreached: `${file}-gone` })).rejects.toThrow("cannot be read");
});

test("somebody who is signed in accepts an invitation as themselves", async () => {
  await using master = await startTestMaster();
  const { users, invitations } = master.parts.access;
  await users.add("ada", "admin", password);
  const bo = await users.add("bo", { role: "viewer", tenant: "default" }, password);
  const { token } = await invitations.add("ada", { role: "operator", tenant: "default" }, "for Bo", 60_000);
  const opened = await fetch(`${master.url}/invite?token=${token}`, { redirect: "manual" });
  const invite = opened.headers.getSetCookie()[0]!.split(";")[0]!;
  const session = browser(master);
  await session.signIn("bo");
  const headers = { cookie: `${session.cookie()}; ${invite}` };
  const page = await (await fetch(`${master.url}/invite/accept`, { headers })).text();
  expect(page).toContain("Accept as bo");
  const post = (fields: Record<string, string>) =>
    fetch(`${master.url}/invite/accept`, {
      method: "POST",
      redirect: "manual",
      headers,
      body: new URLSearchParams({ as: "me", ...fields }),
    });
  expect((await post({})).status).toBe(403);
  const done = await post({ _csrf: csrfIn(page) });
  expect(done.headers.get("location")).toBe("/");
  const grants = (await users.list()).find((one) => one.id === bo)!.grants.map((one) => one.role);
  expect(grants.sort()).toEqual(["operator", "viewer"]);
  expect((await post({ _csrf: csrfIn(page) })).status).toBe(403);
});
