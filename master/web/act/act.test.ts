import { expect, test } from "bun:test";
import { rowOf } from "../../../views/testing/viewing.ts";
import { commandTypeNames } from "../../../wire/command-names.ts";
import type { Deployment } from "../../../wire/deployment.ts";
import type { Pod } from "../../../wire/pod.ts";
import type { ManagedControl } from "../../control/create.ts";
import { addCluster } from "../../database/clusters.ts";
import { openDatabase } from "../../database/database.ts";
import { sampleCluster } from "../testing/sample.ts";
import { startWeb } from "../testing/server.ts";
import { openStream } from "../testing/stream.ts";

/** A master with a Deployment of three pods and one pod that nobody makes again. */
async function start(given: Parameters<typeof startWeb>[0] = {}) {
  const database = openDatabase(":memory:");
  const { id } = await addCluster(database, "production");
  const web = await startWeb({ ...given, database });
  const { datasource } = web.deps;
  const control = { commands: [...commandTypeNames], protectedNamespaces: ["kube-system"], exec: true };
  datasource.clusterViews = [
    sampleCluster(id, "production", { status: { control, startedAt_ms: 1 } as never }),
  ];
  const pod = (name: string, owner?: string) =>
    rowOf<Pod>(
      {
        summary: {
          name,
          namespace: "shop",
          ready: "1/1",
          ...(owner ? { controlledBy: { kind: "ReplicaSet", name: owner } } : {}),
        },
      },
      { key: `shop/${name}`, cluster: id },
    );
  const deployment: Deployment = {
    summary: { name: "web", namespace: "shop", replicas: 3, ready: 3 },
    spec: { replicas: 3 },
  };
  datasource.rows = {
    pod: [pod("web-1", "web-abc"), pod("web-2", "web-abc"), pod("lone")],
    deployment: [rowOf(deployment, { key: "shop/web", cluster: id })],
    node: [rowOf({ summary: { name: "pi-4" } }, { key: "pi-4", cluster: id })],
  };
  const on = (kind: string, name: string) => `${id}/${kind}/${kind === "node" ? "" : "shop"}/${name}`;
  const get = async (path: string, script = true) => {
    const response = await fetch(web.url + path, {
      headers: script ? { "hx-request": "true" } : { accept: "text/html" },
    });
    return { status: response.status, text: await response.text() };
  };
  const post = async (path: string, fields: [string, string][], script = true) => {
    const response = await fetch(web.url + path, {
      method: "POST",
      redirect: "manual",
      headers: script ? { "hx-request": "true" } : { accept: "text/html" },
      body: new URLSearchParams([["_csrf", "csrf-of-ada"], ...fields]),
    });
    return {
      status: response.status,
      to: response.headers.get("x-act-to") ?? response.headers.get("location"),
      text: await response.text(),
    };
  };
  const commands = () => web.deps.control.list(web.deps.access.user, {}).items;
  const queue = (web.deps.control as ManagedControl).queue;
  return { web, id, on, get, post, commands, queue, [Symbol.asyncDispose]: () => web[Symbol.asyncDispose]() };
}
const idem = "0123456789abcdef";
const config = {
  publicUrl: "",
  agentImage: "",
  exec: true,
  eventRetentionMs: 1,
  eventMaxBytes: 1,
  historyMaxBytes: 1,
  sessionIdleMs: 1,
  sessionMaxMs: 1,
};

test("a row's menu is fetched when it is opened, and has its reasons", async () => {
  await using m = await start();
  const { text } = await m.get(`/actions?on=${m.on("pod", "lone")}`);
  expect(text).toContain("Actions for lone");
  expect(text).toContain("it has no controller that would make it again");
  expect((await m.get(`/actions?on=${m.on("pod", "gone")}`)).status).toBe(404);
  expect((await m.get("/actions/nothing?on=x")).status).toBe(404);
});

test("a dialog works without a script: a page with a form, and from there to the command", async () => {
  await using m = await start();
  const page = await m.get(`/actions/scale?on=${encodeURIComponent(m.on("deployment", "web"))}`, false);
  expect(page.text).toContain("<nav");
  expect(page.text).toContain('action="/actions/scale"');
  const answer = await m.post(
    "/actions/scale",
    [
      ["on", m.on("deployment", "web")],
      ["replicas", "5"],
    ],
    false,
  );
  expect(answer.status).toBe(303);
  const [command] = m.commands();
  expect(answer.to).toBe(`/commands/${command!.id}`);
  expect(command).toMatchObject({ type: "ScaleWorkload", args: { replicas: 5 }, state: "queued" });
  const shown = await m.get(answer.to!, false);
  expect(shown.text).toContain("Scale to 5");
  expect(shown.text).toContain("Waits for the cluster");
});

test("what was entered wrongly is told in the dialog, with 422 and what was entered", async () => {
  await using m = await start();
  const { status, text } = await m.post("/actions/scale", [
    ["on", m.on("deployment", "web")],
    ["replicas", "many"],
    ["idem", idem],
  ]);
  expect(status).toBe(422);
  expect(text).toContain('value="many"');
  expect(text).toContain("A whole number from 0 to 10,000.");
  expect(text).toContain(`name="idem" value="${idem}"`);
  expect(m.commands()).toEqual([]);
});

test("the same dialog sent twice is one command, and with other content it is refused", async () => {
  await using m = await start();
  const fields = (replicas: string): [string, string][] => [
    ["on", m.on("deployment", "web")],
    ["replicas", replicas],
    ["idem", idem],
  ];
  const [first, second] = await Promise.all([
    m.post("/actions/scale", fields("5")),
    m.post("/actions/scale", fields("5")),
  ]);
  expect(first.status).toBe(204);
  expect(second.to).toBe(first.to);
  expect(m.commands().length).toBe(1);
  const other = await m.post("/actions/scale", fields("6"));
  expect(other.status).toBe(422);
  expect(other.text).toContain('role="alert"');
});

test("several objects become one command each, those that cannot be are left out", async () => {
  await using m = await start();
  const fields: [string, string][] = ["web-1", "web-2", "lone"].map((name) => ["on", m.on("pod", name)]);
  const query = new URLSearchParams(fields);
  const { text } = await m.get(`/actions/restart?${query}`);
  expect(text).toContain("Restart 2 pods");
  expect(text).toContain("1 cannot be, and is left out:");
  const answer = await m.post("/actions/restart", [...fields, ["idem", idem]]);
  expect(answer.to).toBe(`/commands?group=${idem}`);
  expect(m.commands().map((one) => one.target.pod)).toEqual(expect.arrayContaining(["web-1", "web-2"]));
  expect(m.commands().length).toBe(2);
  expect((await m.get(answer.to!, false)).text).toContain("web-2");
});

test("a form from another session asks for nothing", async () => {
  await using m = await start();
  const { status } = await m.post("/actions/scale", [
    ["_csrf", "foreign"],
    ["on", m.on("deployment", "web")],
  ]);
  expect(status).toBe(422);
  const response = await fetch(`${m.web.url}/actions/cordon`, {
    method: "POST",
    body: new URLSearchParams({ on: m.on("node", "pi-4") }),
  });
  expect(response.status).toBe(403);
  expect(m.commands()).toEqual([]);
});

test("a viewer sees why it cannot be, and is refused all the same", async () => {
  await using m = await start();
  m.web.deps.access.user.role = "viewer";
  const { text } = await m.get(`/actions/cordon?on=${m.on("node", "pi-4")}`);
  expect(text).toContain("your role does not allow it here");
  expect(text).not.toContain("act-go");
  expect((await m.post("/actions/cordon", [["on", m.on("node", "pi-4")]])).status).toBe(422);
  expect(m.commands()).toEqual([]);
});

test("what somebody may not see has neither menu nor dialog, and is not found by the palette", async () => {
  await using m = await start();
  const { access } = m.web.deps;
  const may = access.may;
  access.may = (principal, role, where) => where?.namespace !== "shop" && may(principal, role, where);
  const on = m.on("pod", "web-1");
  expect((await m.get(`/actions?on=${on}`)).status).toBe(404);
  expect((await m.get(`/actions/restart?on=${on}`)).status).toBe(404);
  expect((await m.post("/actions/restart", [["on", on]])).status).toBe(404);
  expect((await m.get("/palette?q=restart+web")).text).not.toContain("web-1");
  expect((await m.get("/palette?q=web-1")).text).not.toContain("Pod");
  expect(m.commands()).toEqual([]);
});

test("what was asked for stands on every page of who asked, and is brought up to date by the stream", async () => {
  await using m = await start();
  await using stream = await openStream(`${m.web.url}/live?page=/nodes`);
  expect((await stream.next()).data).toContain('id="nav"');
  await m.post("/actions/cordon", [["on", m.on("node", "pi-4")]]);
  expect((await stream.next()).data).toContain("Cordon · waits for the agent");
  const [command] = m.commands();
  await m.queue.ack(m.id, [
    { commandID: command!.id, status: "success", message: "Node pi-4 was cordoned: no new pods come to it." },
  ]);
  expect((await stream.next()).data).toMatch(/Cordoned[\s\S]*no new pods come to it/);
  const page = await m.get("/pods", false);
  expect(page.text).toContain(`href="/commands/${command!.id}">Cordoned`);
});

test("an object's page tells its newest command with the way back, which asks first", async () => {
  await using m = await start();
  await m.post("/actions/scale", [
    ["on", m.on("deployment", "web")],
    ["replicas", "5"],
  ]);
  const [command] = m.commands();
  const undo = {
    type: "ScaleWorkload",
    target: command!.target,
    args: { replicas: 3, expect: { replicas: 5 } },
  };
  await m.queue.ack(m.id, [{ commandID: command!.id, status: "success", message: "done", undo }]);
  const page = await m.get(`/deployments/${m.id}/shop/web`, false);
  expect(page.text).toMatch(/id="acted"[\s\S]*Scaled to 5[\s\S]*\/actions\/undo\?command=/);
  expect(page.text).toMatch(/class="timeline"[\s\S]*Scaled to 5/);
  expect((await m.get(`/deployments/${m.id}/shop/web?tab=commands`, false)).text).toContain('id="history"');
  const dialog = await m.get(`/actions/undo?command=${command!.id}`);
  expect(dialog.text).toContain("Scale to 3");
  const first = await m.post("/actions/undo", [["command", command!.id]]);
  expect(first.status).toBe(204);
  // Sent twice: where the first has led.
  expect((await m.post("/actions/undo", [["command", command!.id]])).to).toBe(first.to);
  expect(m.commands().length).toBe(2);
  expect(m.commands()[0]).toMatchObject({ args: { replicas: 3 }, undoOf: command!.id });
});

test("what failed half way and has a way back offers it, and what is read only has none", async () => {
  await using m = await start();
  const { to } = await m.post("/actions/cordon", [["on", m.on("node", "pi-4")]]);
  const [command] = m.commands();
  const undo = { type: "NodeUncordon", target: { node: "pi-4" } };
  await m.queue.ack(m.id, [
    { commandID: command!.id, status: "failed", errorCode: "Blocked", message: "a budget blocks it", undo },
  ]);
  const { text } = await m.get(to!, false);
  expect(text).toContain("A PodDisruptionBudget blocks it");
  expect(text).toContain(`href="/actions/undo?command=${command!.id}"`);
  m.web.deps.access.user.role = "viewer";
  expect((await m.get(to!, false)).text).not.toContain("/actions/undo");
});

test("a command that waits can be cancelled on its page, and what has ended says so", async () => {
  await using m = await start();
  const { to } = await m.post("/actions/cordon", [["on", m.on("node", "pi-4")]]);
  expect((await m.get(to!, false)).text).toContain('value="cancel"');
  expect((await m.post(to!, [["do", "cancel"]], false)).status).toBe(303);
  expect(m.commands()[0]!.state).toBe("cancelled");
  const again = await m.post(to!, [["do", "cancel"]], false);
  expect(again.status).toBe(422);
  expect(again.text).toContain('role="alert"');
  expect((await m.get("/commands/nothing", false)).status).toBe(404);
});

test("what takes two waits for somebody else, who finds it counted and approves it on its page", async () => {
  await using m = await start({ config: { ...config, approve: ["danger"] } });
  const fields: [string, string][] = [["on", m.on("deployment", "web")]];
  expect((await m.get(`/actions/restart?${new URLSearchParams(fields)}`)).text).toContain(
    "has to approve it",
  );
  const { to } = await m.post("/actions/restart", fields);
  const own = await m.get(to!, false);
  expect(own.text).toContain("Waits for somebody else to approve it");
  expect(own.text).not.toContain('value="approve"');
  expect((await m.post(to!, [["do", "approve"]], false)).text).toContain("it takes two");
  m.web.deps.access.user.userID = "u2";
  expect((await m.get("/nodes", false)).text).toMatch(
    /href="\/commands"[\s\S]{0,400}<span class="count"[^>]*>1</,
  );
  expect((await m.get(to!, false)).text).toContain('value="approve"');
  expect((await m.post(to!, [["do", "approve"]], false)).status).toBe(303);
  expect(m.commands()[0]).toMatchObject({ state: "queued", approvedBy: "ada" });
});

test("objects of any kind are deleted by what names them, and it is said what goes with them", async () => {
  await using m = await start();
  const fields: [string, string][] = [["on", m.on("deployment", "web")]];
  const { text } = await m.get(`/actions/delete?${new URLSearchParams(fields)}`);
  expect(text).toContain("Its 3 pods are deleted with it.");
  expect(text).toMatch(/id="act-go">Delete Deployment</);
  await m.post("/actions/delete", fields);
  expect(m.commands()[0]).toMatchObject({
    type: "ResourceDelete",
    target: { apiVersion: "apps/v1", kind: "Deployment", ns: "shop", name: "web" },
  });
});

test("the palette finds actions by their words in both languages, objects, kinds and pages", async () => {
  await using m = await start();
  const labels = async (q: string, more = "") => {
    const { text } = await m.get(`/palette?q=${encodeURIComponent(q)}${more}`);
    return [...text.matchAll(/<a role="option"[^>]*>([\s\S]*?)<\/a>/g)].map(([, one]) =>
      one!
        .replace(/<svg[\s\S]*?<\/svg>/g, "")
        .replace(/<[^>]+>/g, " ")
        .replace(/\s+/g, " ")
        .trim(),
    );
  };
  expect((await labels("restart web"))[0]).toMatch(/^OK Restart Deployment web/);
  expect((await labels("重启 web"))[0]).toMatch(/Restart Deployment web/);
  expect((await labels("重启web"))[0]).toMatch(/Restart Deployment web/);
  expect((await labels("cordon pi-4"))[0]).toMatch(/Cordon Node pi-4/);
  expect((await labels("restart pod web"))[0]).toMatch(/Restart Pod web-1/);
  expect((await labels("web-2"))[0]).toMatch(/Pod web-2/);
  expect((await labels("web-2")).join("\n")).toContain("Restart Pod web-2");
  expect(await labels("comm")).toContain("Commands");
  expect(await labels("zzzz")).toEqual([]);
  const recent = `&recent=${encodeURIComponent(`/pods/${m.id}/shop/web-1`)}&recent=${encodeURIComponent(`/pods/${m.id}/shop/gone`)}`;
  const start_ = await labels("", recent);
  expect(start_[0]).toMatch(/Pod web-1/);
  expect(start_.join("\n")).not.toContain("gone");
  expect(start_).toContain("Settings");
});
