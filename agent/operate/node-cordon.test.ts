import { afterAll, expect, test } from "bun:test";
import { kinds } from "../../simkube/kinds.ts";
import { startOperating } from "../testing/operate.ts";

const lab = await startOperating();
afterAll(() => lab[Symbol.asyncDispose]());
const node = () => lab.get(kinds.nodes, undefined, "rock-1");

test("a node is cordoned, told so the second time, and uncordoned by the undo", async () => {
  const ack = await lab.run("NodeCordon", { node: "rock-1" });
  expect(ack).toMatchObject({
    status: "success",
    message: "Node rock-1 was cordoned: no new pods come to it.",
    undo: { type: "NodeUncordon", target: { node: "rock-1" } },
  });
  expect(node().spec!.unschedulable).toBe(true);
  const again = await lab.run("NodeCordon", { node: "rock-1" });
  expect(again).toMatchObject({ status: "success", message: "Node rock-1 is cordoned already." });
  expect(again.undo).toBeUndefined();
  const undone = await lab.undo(ack);
  expect(undone).toMatchObject({ status: "success", undo: { type: "NodeCordon" } });
  expect(node().spec!.unschedulable).toBeUndefined();
  expect(await lab.undo(ack)).toMatchObject({
    status: "failed",
    errorCode: "Conflict",
    message:
      "Node rock-1 has changed since: its unschedulable is false now, not true as that command left it.",
  });
});

test("what the node's other writers do meanwhile neither fails the command nor gets lost", async () => {
  const labels = { ...node().metadata.labels, touched: "0" };
  let touching = true;
  const touch = async () => {
    const start = performance.now();
    for (let i = 0; touching; i++) {
      const now = node();
      labels.touched = String(i);
      lab.demo.rest.update(kinds.nodes, undefined, "rock-1", {
        ...now,
        metadata: { ...now.metadata, labels },
      });
      // At first between any two requests; then as often as no real writer would, either.
      await Bun.sleep(performance.now() - start < 60 ? 1 : 20);
    }
  };
  const touches = touch();
  const ack = await lab.run("NodeCordon", { node: "rock-1" });
  touching = false;
  await touches;
  expect(ack.status).toBe("success");
  expect(node().spec!.unschedulable).toBe(true);
  expect(node().metadata.labels).toEqual(labels);
});
