import { expect, test } from "bun:test";
import { startTestMaster } from "../harness.ts";
import { Visitor } from "./testing/visitor.ts";

const password = "a long enough password";

test("somebody who is signed in accepts an invitation as themselves", async () => {
  await using master = await startTestMaster();
  const { users, invitations } = master.parts.access;
  await users.add("ada", "admin", password);
  const id = await users.add("bo", { role: "viewer", tenant: "default" }, password);
  const { token } = await invitations.add("ada", { role: "operator", tenant: "default" }, "for Bo", 60_000);
  const bo = new Visitor(master);
  await bo.go(`/invite?token=${token}`);
  // Who has not signed in is offered to, and led back.
  expect((await bo.go("/invite/accept")).text).toContain('href="/sign-in?back=%2Finvite%2Faccept"');
  const back = await bo.post("/sign-in", { name: "bo", password, back: "/invite/accept" });
  expect(back).toMatchObject({ status: 303, to: "/invite/accept" });
  const page = await bo.go("/invite/accept");
  expect(page.text).toContain("Accept as bo");
  expect(page.text).toContain("ada invites you as Operator.");
  expect(page.text).not.toContain("Choose a name");
  expect((await bo.post("/invite/accept", { _csrf: "", as: "me" })).status).toBe(403);
  expect(await bo.post("/invite/accept", { as: "me" })).toMatchObject({ status: 303, to: "/" });
  const grants = (await users.list()).find((one) => one.id === id)!.grants.map((one) => one.role);
  expect(grants.sort()).toEqual(["operator", "viewer"]);
  await bo.go(`/invite?token=${token}`);
  expect((await bo.post("/invite/accept", { as: "me" })).status).toBe(403);
});
