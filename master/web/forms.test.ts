import { expect, test } from "bun:test";
import { listClusters } from "../database/clusters.ts";
import { listTokens } from "../database/tokens.ts";
import { startWeb, type TestWeb } from "./testing/server.ts";

const csrf = "csrf-of-ada";

function post(
  web: TestWeb,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) {
  return fetch(web.url + path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
    redirect: "manual",
  });
}

test("who is not signed in is led to sign in, and back to the page asked for", async () => {
  await using web = await startWeb();
  web.deps.access.signedIn = false;
  const response = await fetch(`${web.url}/pods?q=web&cluster=c1`, { redirect: "manual" });
  expect(response.status).toBe(303);
  expect(response.headers.get("location")).toBe("/sign-in?back=%2Fpods%3Fq%3Dweb%26cluster%3Dc1");
  const form = await (await fetch(`${web.url}/sign-in?back=%2Fpods%3Fq%3Dweb`)).text();
  expect(form).toContain('name="back" value="/pods?q=web"');
  const signedIn = await post(web, "/sign-in", {
    name: "ada",
    password: "right password",
    back: "/pods?q=web",
  });
  expect(signedIn.status).toBe(303);
  expect(signedIn.headers.get("location")).toBe("/pods?q=web");
  expect(signedIn.headers.get("set-cookie")).toContain("atlhyper_session=");
});

test("htmx is led to sign in by the whole page, back to the page in the address bar", async () => {
  await using web = await startWeb();
  web.deps.access.signedIn = false;
  const response = await fetch(`${web.url}/pods?q=x`, {
    headers: { "hx-request": "true", "hx-current-url": `${web.url}/pods?q=w` },
  });
  expect(response.status).toBe(401);
  expect(response.headers.get("hx-redirect")).toBe("/sign-in?back=%2Fpods%3Fq%3Dw");
});

test("signing in never leads to another site", async () => {
  await using web = await startWeb();
  for (const back of ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"]) {
    web.deps.access.signedIn = false;
    const response = await post(web, "/sign-in", { name: "ada", password: "right password", back });
    expect(response.headers.get("location")).toBe("/");
  }
});

test("a wrong password gives the form again with 422, the name kept and the password not", async () => {
  await using web = await startWeb();
  web.deps.access.signedIn = false;
  const response = await post(web, "/sign-in", { name: "<ada>", password: "hunter2hunter2", back: "/pods" });
  const text = await response.text();
  expect(response.status).toBe(422);
  expect(text).toContain('value="&lt;ada&gt;"');
  expect(text).toContain("Name or password is wrong.");
  expect(text).toContain('aria-describedby="field-password-fault"');
  expect(text).not.toContain("hunter2");
});

test("the link from the terminal signs in, and leads to setting name and password before anything else", async () => {
  await using web = await startWeb();
  web.deps.access.signedIn = false;
  const opened = await fetch(`${web.url}/setup?token=one-time`, { redirect: "manual" });
  expect(opened.status).toBe(303);
  expect(opened.headers.get("location")).toBe("/setup/password");
  expect((await fetch(`${web.url}/pods`, { redirect: "manual" })).headers.get("location")).toBe(
    "/setup/password",
  );
  expect((await post(web, "/clusters", { _csrf: csrf, do: "add", name: "x" })).headers.get("location")).toBe(
    "/setup/password",
  );
  const differs = await post(web, "/setup/password", {
    _csrf: csrf,
    name: "ada",
    password: "long enough 1",
    repeat: "long enough 2",
  });
  expect(differs.status).toBe(422);
  expect(await differs.text()).toContain("The two passwords differ.");
  const short = await post(web, "/setup/password", {
    _csrf: csrf,
    name: "ada",
    password: "short",
    repeat: "short",
  });
  expect(short.status).toBe(422);
  expect(await short.text()).toContain('id="field-password-fault"');
  const done = await post(web, "/setup/password", {
    _csrf: csrf,
    name: "ada",
    password: "long enough 1",
    repeat: "long enough 1",
  });
  expect(done.headers.get("location")).toBe("/");
  expect((await fetch(`${web.url}/setup/password`, { redirect: "manual" })).headers.get("location")).toBe(
    "/",
  );
});

test("a link that was used or never was is refused", async () => {
  await using web = await startWeb();
  web.deps.access.signedIn = false;
  for (const path of ["/setup", "/setup?token=x"])
    expect((await fetch(web.url + path, { redirect: "manual" })).status).toBe(403);
});

test("no form is taken without its session's token", async () => {
  await using web = await startWeb();
  const forms: [string, Record<string, string>][] = [
    ["/clusters", { do: "add", name: "x" }],
    ["/settings", { do: "token-create", name: "x", role: "admin" }],
    ["/sign-out", {}],
    ["/preferences", { theme: "dark" }],
    ["/demo/start", {}],
  ];
  for (const [path, fields] of forms)
    for (const token of [undefined, "", "csrf-of-another"]) {
      const response = await post(web, path, {
        any: "1",
        ...fields,
        ...(token === undefined ? {} : { _csrf: token }),
      });
      expect(response.status, path).toBe(403);
    }
  expect(await listClusters(web.deps.database)).toEqual([]);
  expect(web.deps.access.signedIn).toBe(true);
});

test("every form of every page carries the session's token", async () => {
  await using web = await startWeb();
  for (const path of ["/pods", "/clusters", "/settings", "/events"]) {
    const text = await (await fetch(web.url + path)).text();
    const forms = text.match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? [];
    expect(forms.length).toBeGreaterThan(0);
    for (const one of forms) expect(one).toContain(`name="_csrf" value="${csrf}"`);
  }
});

test("signing out ends the session and shows the sign-in page", async () => {
  await using web = await startWeb();
  const response = await post(web, "/sign-out", { _csrf: csrf });
  expect(response.headers.get("location")).toBe("/sign-in");
  expect(response.headers.get("set-cookie")).toContain("Max-Age=0");
  expect((await fetch(`${web.url}/pods`, { redirect: "manual" })).status).toBe(303);
});

test("preferences become cookies, and only those that there are", async () => {
  await using web = await startWeb();
  const response = await post(web, "/preferences", {
    _csrf: csrf,
    theme: "dark",
    lang: "zh",
    back: "/pods?q=x",
  });
  expect(response.headers.get("location")).toBe("/pods?q=x");
  expect(response.headers.getSetCookie().map((one) => one.split(";")[0])).toEqual([
    "atlhyper_lang=zh",
    "atlhyper_theme=dark",
  ]);
  const odd = await post(web, "/preferences", { _csrf: csrf, theme: "a;b", lang: "<x>" });
  expect(odd.headers.getSetCookie().map((one) => one.split(";")[0])).toEqual(["atlhyper_theme=system"]);
});

test("adding a cluster shows the command with its token once", async () => {
  await using web = await startWeb();
  const response = await post(web, "/clusters", { _csrf: csrf, do: "add", name: "edge <1>" });
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(text).toMatch(
    /ATLHYPER_MASTER_URL=http:\/\/127\.0\.0\.1:\d+ ATLHYPER_TOKEN=\S+ npx bun main\.ts agent/,
  );
  expect(text).toContain("edge &lt;1&gt; was added");
  const token = /ATLHYPER_TOKEN=(\S+)/.exec(text)![1]!;
  expect(await (await fetch(`${web.url}/clusters`)).text()).not.toContain(token);
  expect((await listClusters(web.deps.database)).map((one) => one.name)).toEqual(["edge <1>"]);
});

test("a cluster's name that is taken or empty comes back with the message beside the field", async () => {
  await using web = await startWeb();
  await post(web, "/clusters", { _csrf: csrf, do: "add", name: "edge" });
  const taken = await post(web, "/clusters", { _csrf: csrf, do: "add", name: "edge" });
  expect(taken.status).toBe(422);
  const text = await taken.text();
  expect(text).toContain('value="edge"');
  expect(text).toContain("there is a cluster named edge already");
  expect((await post(web, "/clusters", { _csrf: csrf, do: "add", name: "" })).status).toBe(422);
});

test("an API token is shown once and can be revoked", async () => {
  await using web = await startWeb();
  const text = await (
    await post(web, "/settings", {
      _csrf: csrf,
      do: "token-create",
      whose: "nobody",
      name: "ci",
      role: "viewer",
      days: "30",
    })
  ).text();
  const [token] = await listTokens(web.deps.database, { kind: "api" });
  expect(token).toMatchObject({ name: "ci", role: "viewer" });
  expect(token!.expiresMs).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  expect(text).toContain("It is shown only now:");
  expect((await post(web, "/settings", { _csrf: csrf, do: "token-revoke", id: token!.id })).status).toBe(303);
  expect(await listTokens(web.deps.database, { kind: "api" })).toEqual([]);
});

test("what needs an administrator is refused to a viewer, and not offered", async () => {
  await using web = await startWeb();
  web.deps.access.user.role = "viewer";
  const forms: Record<string, string>[] = [
    { do: "add", name: "x" },
    { do: "remove", id: "x" },
  ];
  for (const fields of forms)
    expect((await post(web, "/clusters", { _csrf: csrf, ...fields })).status).toBe(403);
  expect(
    (await post(web, "/settings", { _csrf: csrf, do: "token-create", name: "x", role: "admin" })).status,
  ).toBe(403);
  expect(
    (
      await post(web, "/settings", {
        _csrf: csrf,
        do: "token-create",
        whose: "nobody",
        name: "x",
        role: "viewer",
      })
    ).status,
  ).toBe(403);
  expect(await (await fetch(`${web.url}/clusters`)).text()).not.toContain('value="add"');
  expect(await (await fetch(`${web.url}/settings`)).text()).not.toContain("user-add");
});

test("a wrong current password is told beside its field", async () => {
  await using web = await startWeb();
  const wrong = await post(web, "/settings", {
    _csrf: csrf,
    do: "password",
    current: "nope",
    password: "long enough 1",
  });
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toContain('id="field-current-fault"');
  const right = await post(web, "/settings", {
    _csrf: csrf,
    do: "password",
    current: "right password",
    password: "long enough 1",
  });
  expect(right.headers.get("location")).toBe("/settings?changed=password");
});

test("the demo cluster is offered where there is no Kubernetes, and is started by one click", async () => {
  let running = false;
  const demo = {
    running: () => running,
    start: async () => {
      running = true;
    },
    stop: async () => {
      running = false;
    },
  };
  await using web = await startWeb({ demo });
  const { sampleCluster } = await import("./testing/sample.ts");
  web.deps.datasource.clusterViews = [sampleCluster("h", "laptop", { flavour: "host" })];
  const before = await (await fetch(`${web.url}/nodes`)).text();
  expect(before).toContain("No Kubernetes was found");
  expect(before).toContain('action="/demo/start"');
  expect((await post(web, "/demo/start", { _csrf: csrf })).headers.get("location")).toBe("/");
  expect(running).toBe(true);
  const during = await (await fetch(`${web.url}/settings`)).text();
  expect(during).toContain('<span class="badge demo"');
  expect(during).toContain('action="/demo/stop"');
  await post(web, "/demo/stop", { _csrf: csrf });
  expect(running).toBe(false);
});

test("forms of another type or size are refused", async () => {
  await using web = await startWeb();
  const json = await fetch(`${web.url}/sign-in`, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
  });
  expect(json.status).toBe(415);
  const large = await post(web, "/clusters", { _csrf: csrf, do: "add", name: "x".repeat(70_000) });
  expect(large.status).toBe(413);
});

test("what is not there, or not allowed, is told in words with the request's number and a way on", async () => {
  await using web = await startWeb();
  const response = await fetch(`${web.url}/nosuch`);
  expect(response.status).toBe(404);
  expect(await response.text()).toMatch(/Nothing here[\s\S]*<code>[\w-]+<\/code>[\s\S]*href="\/"/);
});
