import { revokeToken } from "../../database/tokens.ts";
import type { Action } from "../action.ts";

export const tokenRevoke: Action = {
  path: "/settings",
  do: "token-revoke",
  role: "admin",
  async run({ deps, form }) {
    await revokeToken(deps.database, form.get("id") ?? "");
    return { to: "/settings#tokens" };
  },
};
