import { createToken } from "../../database/tokens.ts";
import type { Action } from "../action.ts";
import { roleOf } from "./role.ts";

const dayMs = 86_400_000;

/** The token is in this one answer, and nowhere after it. */
export const tokenCreate: Action = {
  path: "/settings",
  do: "token-create",
  role: "admin",
  async run({ deps, form }) {
    const name = form.get("name") ?? "";
    const days = Number(form.get("days") || 0);
    const expiresMs =
      Number.isInteger(days) && days > 0 && days <= 3650 ? Date.now() + days * dayMs : undefined;
    const token = await createToken(deps.database, { name, role: roleOf(form), expiresMs });
    return { shown: { name: name.trim(), token } };
  },
};
