import { problem } from "../../wire/problem.ts";
import type { Access } from "../access/access.ts";
import type { Principal, Role, Where } from "../access/principal.ts";

/** 403 where somebody has not the role at a place, or has a token that only reads. */
export function demand(access: Pick<Access, "may">, by: Principal, role: Role, where: Where): void {
  if (by.kind === "token" && by.readOnly) throw problem(403, "this token only reads: it changes nothing");
  if (!access.may(by, role, where)) throw problem(403, `this needs the role ${role} there`);
}
