import { problem } from "../../../wire/problem.ts";
import { type Role, roles } from "../../access/principal.ts";

/** The role that a form names; 422 where it is none. */
export function roleOf(form: URLSearchParams): Role {
  const role = roles.find((one) => one === form.get("role"));
  if (!role) throw problem(422, `a role is one of ${roles.join(", ")}`, { pointer: "/role" });
  return role;
}
