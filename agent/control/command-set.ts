import type { Command, CommandSet } from "../../wire/control.ts";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A CommandSet as a watch answers it, checked by hand: the wire's schema would cost every agent 12 MB from its
 * first answer on. Throws where it is none; AtlHyper 1.x writes `rv` as a decimal string.
 */
export function readCommandSet(body: unknown): CommandSet {
  if (!isObject(body)) throw new Error("it is no JSON object");
  const rv = Number(body.rv);
  if (!Number.isSafeInteger(rv) || rv < 0) throw new Error("it has no rv");
  const commands = body.commands ?? [];
  if (!Array.isArray(commands)) throw new Error("its commands are no list");
  return { clusterID: String(body.clusterID ?? ""), rv, commands: commands.map(readCommand) };
}

function readCommand(value: unknown): Command {
  if (!isObject(value)) throw new Error("a command is no object");
  const { id, type, target = {}, args, idem, op, before, createdAt_ms, deadline_ms } = value;
  if (typeof id !== "string" || id === "" || typeof type !== "string")
    throw new Error("a command has no id or no type");
  if (!isObject(target) || Object.values(target).some((one) => typeof one !== "string"))
    throw new Error(`the target of command ${id} is not made of texts`);
  const ms = (time: unknown) => (typeof time === "number" ? time : undefined);
  return {
    id,
    type,
    target: target as Record<string, string>,
    args: isObject(args) ? args : {},
    idem: typeof idem === "string" && idem !== "" ? idem : undefined,
    op: op === "cancel" || op === "update" ? op : "add",
    before,
    createdAt_ms: ms(createdAt_ms),
    deadline_ms: ms(deadline_ms),
  };
}
