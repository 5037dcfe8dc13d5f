import type { UserPrincipal } from "../../access/principal.ts";
import { listTokens, revokeToken, type TokenInfo } from "../../database/tokens.ts";
import type { Action } from "../action.ts";
import type { WebDeps } from "../deps.ts";

/** Whether a token is the user's to see and end: their own, or of what they administer. */
export function isTheirs(
  { access }: Pick<WebDeps, "access">,
  user: UserPrincipal,
  token: TokenInfo,
): boolean {
  if (token.owner?.id === user.userID) return true;
  return token.grant !== undefined && access.mayGive(user, token.grant);
}

export const tokenRevoke: Action = {
  path: "/settings",
  do: "token-revoke",
  role: "viewer",
  async run({ deps, user, form, audited }) {
    const [found] = await listTokens(deps.database, { kind: "api", id: form.get("id") ?? "" });
    if (found && isTheirs(deps, user, found))
      await audited({ action: "token.revoke", object: `token ${found.name}` }, () =>
        revokeToken(deps.database, found.id),
      );
    return { to: "/settings#tokens" };
  },
};
