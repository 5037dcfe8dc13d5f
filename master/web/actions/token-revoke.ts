import { listTokens, revokeToken } from "../../database/tokens.ts";
import type { Action } from "../action.ts";

export const tokenRevoke: Action = {
  path: "/settings",
  do: "token-revoke",
  role: "admin",
  async run({ deps, form, audited }) {
    const found = (await listTokens(deps.database)).find((one) => one.id === form.get("id"));
    if (found)
      await audited({ action: "token.revoke", object: `token ${found.name}` }, () =>
        revokeToken(deps.database, found.id),
      );
    return { to: "/settings#tokens" };
  },
};
