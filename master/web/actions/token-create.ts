import { problem } from "../../../wire/problem.ts";
import { granted } from "../../audit/granted.ts";
import { intersection } from "../../access/grants.ts";
import { createToken } from "../../database/tokens.ts";
import type { Action } from "../action.ts";
import { demandGiving, grantOfForm } from "../granting.ts";

const dayMs = 86_400_000;

/**
 * The token is in this one answer, and nowhere after it. Everybody makes their own, which never may more than they;
 * who administers a place makes such for it that are nobody's.
 */
export const tokenCreate: Action = {
  path: "/settings",
  do: "token-create",
  role: "viewer",
  async run({ deps, user, form, audited }) {
    const name = form.get("name") ?? "";
    const days = Number(form.get("days") || 0);
    const expiresMs =
      Number.isInteger(days) && days > 0 && days <= 3650 ? Date.now() + days * dayMs : undefined;
    const grant = await grantOfForm(deps, form);
    const own = form.get("whose") !== "nobody";
    if (!own) demandGiving(deps, user, grant);
    else if (!intersection(user.grants, [grant]).some((one) => one.role === grant.role))
      throw problem(403, "a token of yours can never more than you: choose a role and a place that you have");
    const readOnly = form.get("readOnly") === "1";
    const more = {
      ...(readOnly ? { readOnly } : {}),
      ...(own ? { owner: user.name } : {}),
      ...(expiresMs ? { expires: new Date(expiresMs).toISOString() } : {}),
    };
    const deed = { action: "token.create", object: `token ${name.trim()}`, ...granted(grant, more) };
    const token = await audited(deed, () =>
      createToken(deps.database, {
        ...grant,
        name,
        readOnly,
        ...(own ? { owner: user.userID } : {}),
        ...(expiresMs ? { expiresMs } : {}),
      }),
    );
    return { shown: { name: name.trim(), token } };
  },
};
