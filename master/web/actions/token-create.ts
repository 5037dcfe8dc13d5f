import { createToken } from "../../database/tokens.ts";
import type { Action } from "../action.ts";
import { roleOf } from "./role.ts";

const dayMs = 86_400_000;

/** The token is in this one answer, and nowhere after it. */
export const tokenCreate: Action = {
  path: "/settings",
  do: "token-create",
  role: "admin",
  async run({ deps, form, audited }) {
    const name = form.get("name") ?? "";
    const days = Number(form.get("days") || 0);
    const expiresMs =
      Number.isInteger(days) && days > 0 && days <= 3650 ? Date.now() + days * dayMs : undefined;
    const role = roleOf(form);
    const detail = { role, ...(expiresMs ? { expires: new Date(expiresMs).toISOString() } : {}) };
    const token = await audited({ action: "token.create", object: `token ${name.trim()}`, detail }, () =>
      createToken(deps.database, { name, role, expiresMs }),
    );
    return { shown: { name: name.trim(), token } };
  },
};
