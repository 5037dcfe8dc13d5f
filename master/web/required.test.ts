import { expect, test } from "bun:test";
import { Secret, TOTP } from "otpauth";
import type { UserPrincipal } from "../access/principal.ts";
import { startTestMaster, type TestMaster } from "../harness.ts";
import { policy } from "../policy.ts";
import { type Visit, Visitor } from "./testing/visitor.ts";

const password = "a long enough password";

const terminalOf = (cluster: string) => `/streams?type=PodExec&cluster=${cluster}&ns=shop&pod=web-1`;

/** Whether a WebSocket opens there. */
async function opens(master: TestMaster, path: string, cookie: string): Promise<boolean> {
  const headers = { cookie, origin: master.url };
  const socket = new WebSocket(master.url.replace(/^http/, "ws") + path, { headers } as never);
  try {
    return await new Promise((resolve) => {
      socket.addEventListener("open", () => resolve(true));
      for (const end of ["error", "close"]) socket.addEventListener(end, () => resolve(false));
    });
  } finally {
    socket.close();
  }
}

const secretIn = (text: string) => /<code class="mono">([A-Z2-7 ]+)</.exec(text)![1]!.replaceAll(" ", "");
const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

/** Sets a second factor up on the page that asks for it. */
async function setUp(visitor: Visitor): Promise<Visit> {
  const page = await visitor.go("/setup/second-factor");
  return visitor.post("/setup/second-factor", { code: codeOf(secretIn(page.text)) });
}

test("who has to have a second factor and has none gets nowhere: no page, form, API or stream", async () => {
  await using master = await startTestMaster({ requireTotp: "everybody" });
  await master.parts.access.users.add("ada", "admin", password);
  const home = await master.addCluster("the-cluster-at-home");
  const ada = new Visitor(master);
  expect(await ada.signIn("ada", password)).toMatchObject({ status: 303, to: "/" });
  const { csrf } = (await master.parts.access.authenticate(
    new Request(master.url, { headers: { cookie: ada.cookie } }),
  )) as UserPrincipal;
  for (const [route, need] of policy) {
    const [method, path] = route.split(" ") as [string, string];
    // Where they may end the session, and where what they owe is done, comes below.
    if (route === "POST /sign-out" || path === "/setup/second-factor") continue;
    const address = path.replace(":cluster", home.id).replace(/:\w+/g, "x");
    const form = { _csrf: csrf, do: "user-add", name: "x", role: "viewer", password };
    const got = await ada.send(method, address, form);
    expect(got.text, route).not.toContain("the-cluster-at-home");
    if (need === "public") continue;
    const led = got.status === 303 && got.to === "/setup/second-factor";
    expect(led || got.status === 401 || got.status === 403, `${route}: ${got.status} ${got.to}`).toBe(true);
  }
  expect((await master.parts.access.users.list()).map((one) => one.name)).toEqual(["ada"]);
  expect((await ada.go("/live?page=%2Fpods")).text).toContain("session-end");
  expect(await opens(master, terminalOf(home.id), ada.cookie)).toBe(false);
  const { token } = await master.parts.access.invitations.add("ada", "admin", "", 60_000);
  await ada.go(`/invite?token=${token}`);
  const joined = await ada.post("/invite/accept", { _csrf: csrf, as: "me" });
  expect(joined).toMatchObject({ status: 303, to: "/setup/second-factor" });

  const out = await ada.post("/sign-out", { _csrf: csrf });
  expect(out).toMatchObject({ status: 303, to: "/sign-in" });
  expect((await ada.go("/setup/second-factor")).to).toBe("/sign-in");
});

test("with the factor set up all is open, and it stays on", async () => {
  await using master = await startTestMaster({ requireTotp: "everybody" });
  const { users, secondFactors } = master.parts.access;
  const id = await users.add("ada", "admin", password);
  const home = await master.addCluster("home");
  const ada = new Visitor(master);
  await ada.signIn("ada", password);
  const page = await ada.go("/setup/second-factor");
  expect(page.text).toContain("A second factor is required");
  const secret = secretIn(page.text);
  // Asked again, it is the same: a second tab does not spoil the first.
  expect(secretIn((await ada.go("/setup/second-factor")).text)).toBe(secret);
  const wrong = await ada.post("/setup/second-factor", { code: "000000" });
  expect(wrong.status).toBe(422);
  expect(secretIn(wrong.text)).toBe(secret);
  expect((await ada.post("/setup/second-factor", { _csrf: "x", code: codeOf(secret) })).status).toBe(403);
  expect((await ada.go("/settings")).to).toBe("/setup/second-factor");
  const done = await ada.post("/setup/second-factor", { code: codeOf(secret) });
  expect(done.status).toBe(200);
  const codes = /<pre[^>]*><code>([^<]+)</.exec(done.text)![1]!.split("\n");
  expect(codes).toHaveLength(10);
  expect((await ada.go("/setup/second-factor")).to).toBe("/");
  expect((await ada.go("/api/v1/pods")).status).toBe(200);
  expect(await opens(master, terminalOf(home.id), ada.cookie)).toBe(true);
  const settings = await ada.go("/settings");
  expect(settings.status).toBe(200);
  expect(settings.text).not.toContain("totp-off");
  const off = await ada.post("/settings", { do: "totp-off", password, code: codeOf(secret) });
  expect(off.status).toBe(422);
  expect(off.text).toContain("It is required here, and stays on.");
  // Nor as one resets somebody else's, which takes neither password nor code.
  const reset = await ada.post("/settings", { do: "user-totp-reset", id });
  expect(reset.status).toBe(422);
  expect(reset.text).toContain("with your password and a code of it");
  expect(await secondFactors.state(id)).toMatchObject({ on: true });
  // The next time it is asked for.
  expect((await new Visitor(master).signIn("ada", password)).to).toBe("/sign-in/code");
});

test("who had it reset has to set it up anew, in a session that goes on, too", async () => {
  await using master = await startTestMaster({ requireTotp: "everybody" });
  const { users } = master.parts.access;
  await users.add("ada", "admin", password);
  const id = await users.add("bo", "viewer", password);
  const [ada, bo] = [new Visitor(master), new Visitor(master)];
  for (const [visitor, name] of [
    [ada, "ada"],
    [bo, "bo"],
  ] as const) {
    await visitor.signIn(name, password);
    await setUp(visitor);
  }
  expect((await bo.go("/pods")).status).toBe(200);
  await ada.go("/settings");
  expect((await ada.post("/settings", { do: "user-totp-reset", id })).status).toBe(303);
  expect((await bo.go("/pods")).to).toBe("/setup/second-factor");
});

test("the first administrator sets up password and second factor, one after the other", async () => {
  await using master = await startTestMaster({ requireTotp: "admins" });
  const first = new Visitor(master);
  await first.go(`/setup?token=${await master.parts.access.createSetupToken()}`);
  expect((await first.go("/setup/second-factor")).to).toBe("/");
  expect((await first.go("/")).to).toBe("/setup/password");
  await first.go("/setup/password");
  const set = { name: "root", password, repeat: password };
  expect((await first.post("/setup/password", set)).to).toBe("/");
  expect((await first.go("/")).to).toBe("/setup/second-factor");
  expect((await setUp(first)).status).toBe(200);
  expect((await first.go("/")).status).toBe(200);
});

test("where administrators alone have to, others do not; and one who becomes one does at once", async () => {
  await using master = await startTestMaster({ requireTotp: "admins" });
  const { users } = master.parts.access;
  await users.add("ada", "admin", password);
  const id = await users.add("bo", { role: "viewer", tenant: "default" }, password);
  const bo = new Visitor(master);
  await bo.signIn("bo", password);
  expect((await bo.go("/pods")).status).toBe(200);
  await users.grant(id, { role: "admin", tenant: "default", namespaces: ["shop"] });
  expect((await bo.go("/pods")).to).toBe("/setup/second-factor");
  const api = await bo.go("/api/v1/pods");
  expect(api.status).toBe(403);
  expect(api.text).toContain("set a second factor up first");
});

test("nobody gets around their own password and code by what is for other people's accounts", async () => {
  await using master = await startTestMaster();
  const { users, secondFactors } = master.parts.access;
  const id = await users.add("ada", "admin", password);
  const ada = new Visitor(master, "zh");
  await ada.signIn("ada", password);
  const { secret } = await secondFactors.begin(id, "ada");
  await secondFactors.confirm(id, codeOf(secret.replaceAll(" ", "")));
  await ada.go("/settings");
  for (const [action, why] of [
    ["user-totp-reset", "停用您自己的双重验证需要密码和验证码。"],
    ["user-password", "更改您自己的密码需要当前密码。"],
  ] as const) {
    const got = await ada.post("/settings", { do: action, id, password: "another long password" });
    expect(got.status).toBe(422);
    expect(got.text).toContain(why);
  }
  expect((await secondFactors.state(id)).on).toBe(true);
  expect((await new Visitor(master).signIn("ada", password)).to).toBe("/sign-in/code");
});
