import { afterAll, expect, test } from "bun:test";
import { kinds } from "../../simkube/kinds.ts";
import { startOperating } from "../testing/operate.ts";

const lab = await startOperating();
afterAll(() => lab[Symbol.asyncDispose]());

const configMap = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", ns: "shop", name });
const manifest = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop" },
  data,
});
const dataOf = (name: string) => lab.demo.rest.store.get(kinds.configmaps, "shop", name)?.data;

test("any object is read as YAML, without who owns its fields", async () => {
  const target = { apiVersion: "apps/v1", kind: "Deployment", ns: "shop", name: "frontend" };
  const ack = await lab.run("ResourceGet", target);
  const { yaml, hash } = ack.data as { yaml: string; hash: string };
  expect(Bun.YAML.parse(yaml)).toMatchObject({ kind: "Deployment", metadata: { name: "frontend" } });
  expect(yaml).not.toContain("managedFields");
  expect(hash).toHaveLength(22);
  const missing = await lab.run("ResourceGet", { ...target, name: "nothing" });
  expect(missing).toMatchObject({ status: "failed", errorCode: "NotFound" });
  const unknown = await lab.run("ResourceGet", { ...target, kind: "Unicorn" });
  expect(unknown).toMatchObject({
    errorCode: "NotFound",
    message: "The cluster has no kind Unicorn in apps/v1.",
  });
});

test("what is in no namespace is not reached by naming one", async () => {
  const target = { apiVersion: "v1", kind: "Namespace", ns: "shop", name: "kube-public" };
  const refused = { status: "failed", errorCode: "BadRequest", message: /is in no namespace/ };
  for (const [type, args] of [
    ["ResourceGet", {}],
    ["ResourceDelete", {}],
    [
      "ResourceApply",
      { manifest: { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-public" } } },
    ],
    ["ResourceList", {}],
  ] as const) {
    const ack = await lab.run(type, target, args);
    expect(ack).toMatchObject({ ...refused, message: expect.stringMatching(refused.message) });
  }
  expect(lab.demo.rest.store.get(kinds.namespaces, "", "kube-public")).toBeDefined();
});

test("what is applied is created, changed and taken back to what it was", async () => {
  const target = configMap("made");
  const made = await lab.run("ResourceApply", target, { manifest: manifest("made", { a: "1" }) });
  expect(made).toMatchObject({ status: "success", undo: { type: "ResourceDelete" } });
  const text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: made\ndata:\n  a: '2'\n  b: '3'\n";
  const changed = await lab.run("ResourceApply", target, { manifest: text });
  expect(dataOf("made")).toEqual({ a: "2", b: "3" });
  const back = await lab.undo(changed);
  expect(back.status).toBe("success");
  // What the change had added is gone again.
  expect(dataOf("made")).toEqual({ a: "1" });
  // Made anew by the undo: it has moved on since the first command.
  expect(await lab.undo(changed)).toMatchObject({ status: "failed", errorCode: "Conflict" });
  expect((await lab.undo(made)).status).toBe("success");
  expect(dataOf("made")).toBeUndefined();
});

test("a dry run shows what would change, and changes nothing", async () => {
  await lab.run("ResourceApply", configMap("dry"), { manifest: manifest("dry", { a: "1" }) });
  const args = { manifest: manifest("dry", { a: "2" }), dryRun: true };
  const ack = await lab.run("ResourceApply", configMap("dry"), args);
  const { before, after, expect: then } = ack.data as Record<string, string> & { expect: object };
  expect(before).toContain('a: "1"');
  expect(after).toContain('a: "2"');
  expect(dataOf("dry")).toEqual({ a: "1" });
  const real = await lab.run("ResourceApply", configMap("dry"), { ...args, dryRun: false, expect: then });
  expect(real.status).toBe("success");
  const late = await lab.run("ResourceApply", configMap("dry"), { ...args, dryRun: false, expect: then });
  expect(late).toMatchObject({ errorCode: "Conflict" });
});

test.each([
  [{ ...manifest("x", {}), kind: "Secret" }, "The manifest's kind is Secret"],
  [manifest("y", {}), "The manifest is named y"],
  [
    { ...manifest("x", {}), metadata: { name: "x", namespace: "kube-system" } },
    "The manifest is in namespace kube-system",
  ],
  [manifest("x", { key: "<masked: 5 bytes>" }), "masked values"],
  ["a: 1\n---\nb: 2\n", "several documents"],
  ["a: [", "not YAML"],
  ["5", "no Kubernetes object"],
])("a manifest that is not what was asked for is refused: %j", async (given, words) => {
  const ack = await lab.run("ResourceApply", configMap("x"), { manifest: given });
  expect(ack).toMatchObject({ status: "failed", errorCode: "BadRequest" });
  expect(ack.message).toContain(words);
});

test("what is deleted is that one object, and can be made again", async () => {
  await lab.run("ResourceApply", configMap("gone"), { manifest: manifest("gone", { a: "1" }) });
  const uid = lab.get(kinds.configmaps, "shop", "gone").metadata.uid;
  const other = await lab.run("ResourceDelete", configMap("gone"), { expect: { uid: "another" } });
  expect(other).toMatchObject({ errorCode: "Conflict" });
  const ack = await lab.run("ResourceDelete", configMap("gone"), { expect: { uid } });
  expect(ack).toMatchObject({ status: "success", verified: "yes" });
  expect(dataOf("gone")).toBeUndefined();
  expect((await lab.undo(ack)).status).toBe("success");
  expect(dataOf("gone")).toEqual({ a: "1" });
  expect(await lab.undo(ack)).toMatchObject({ errorCode: "Conflict" });
});

test("nothing is applied or deleted in a protected namespace", async () => {
  const target = { apiVersion: "v1", kind: "ConfigMap", ns: "kube-system", name: "x" };
  const args = { manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } } };
  expect(await lab.run("ResourceApply", target, args)).toMatchObject({ errorCode: "Refused" });
  expect(await lab.run("ResourceDelete", target)).toMatchObject({ errorCode: "Refused" });
  const space = { apiVersion: "v1", kind: "Namespace", name: "kube-system" };
  expect(await lab.run("ResourceDelete", space)).toMatchObject({ errorCode: "Refused" });
});

test("kinds are listed, and objects of a kind as the server's table", async () => {
  const kindsThere = (await lab.run("ResourceList", {}, { kinds: true })).data as {
    kinds: { kind: string }[];
  };
  expect(kindsThere.kinds.map((one) => one.kind)).toContain("Lease");
  const ack = await lab.run(
    "ResourceList",
    { apiVersion: "apps/v1", kind: "Deployment", ns: "shop" },
    { limit: 2 },
  );
  const { columns, rows, next } = ack.data as { columns: object[]; rows: { name: string }[]; next: string };
  expect(columns[0]).toMatchObject({ name: "Name" });
  expect(rows).toHaveLength(2);
  expect(next).toBeString();
});
