import { problem } from "../../wire/problem.ts";
import type { CommandView } from "../../views/command-model.ts";
import type { Access } from "../access/access.ts";
import { commandRole } from "../access/command-roles.ts";
import type { Principal, Where } from "../access/principal.ts";

export interface CommandRights {
  mayDo(by: Principal, command: Pick<CommandView, "cluster" | "type" | "target" | "args">): boolean;
  maySee(by: Principal, command: Pick<CommandView, "cluster" | "target">): boolean;
}

/** Who may do what, and see that it was done. */
export function commandRights(access: Pick<Access, "may">): CommandRights {
  return {
    mayDo: (by, command) =>
      // Which kinds there are tells of no object.
      (command.type === "ResourceList" && command.args.kinds === true) ||
      access.may(by, commandRole(command.type, command.target, command.args), placeOf(command)),
    maySee: (by, command) => access.may(by, "viewer", placeOf(command)),
  };
}

/** Node commands and those of cluster-scoped objects are in no namespace. */
function placeOf({ cluster, target }: Pick<CommandView, "cluster" | "target">): Where {
  return { cluster, ...(target.ns ? { namespace: target.ns } : {}) };
}

export const isReadOnly = (by: Principal): boolean => by.kind === "token" && by.readOnly;
export const readOnly = () => problem(403, "this token only reads: it changes nothing and reveals no secret");
