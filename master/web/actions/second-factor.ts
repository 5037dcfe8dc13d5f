import { problem } from "../../../wire/problem.ts";
import { shownCode, wrongCode } from "../../access/second-factor.ts";
import type { Action, ActionContext } from "../action.ts";
import { chosen } from "./users.ts";

const own = ({ user }: ActionContext) => `user ${user.name}`;
const shown = (codes: readonly string[]) => ({ shown: { codes: codes.map(shownCode).join("\n") } });

/** A new secret, which counts once its first code was right. */
export const totpBegin: Action = {
  path: "/settings",
  do: "totp-begin",
  role: "viewer",
  async run({ deps, user }) {
    await deps.access.secondFactors.begin(user.userID, user.name);
    return { to: "/settings#second-factor" };
  },
};

export const totpConfirm: Action = {
  path: "/settings",
  do: "totp-confirm",
  role: "viewer",
  async run(ctx) {
    const { deps, user, form, audited } = ctx;
    return shown(
      await audited({ action: "user.second-factor", object: own(ctx), detail: { to: "on" } }, () =>
        deps.access.secondFactors.confirm(user.userID, form.get("code") ?? ""),
      ),
    );
  },
};

export const totpCodes: Action = {
  path: "/settings",
  do: "totp-codes",
  role: "viewer",
  async run(ctx) {
    const { deps, user, form, audited } = ctx;
    return shown(
      await audited({ action: "user.recovery-codes", object: own(ctx) }, () =>
        deps.access.secondFactors.renewCodes(user.userID, form.get("code") ?? ""),
      ),
    );
  },
};

/** Takes both, so that a browser left open does not take it off. */
export const totpOff: Action = {
  path: "/settings",
  do: "totp-off",
  role: "viewer",
  async run(ctx) {
    const { deps, user, form, origin, audited } = ctx;
    const { access } = deps;
    if (access.requiresSecondFactor(user.grants))
      throw problem(409, "a second factor is required here: it stays on");
    if (!(await access.checkPassword(origin, user.userID, form.get("password") ?? "")))
      throw problem(422, "the current password is wrong", { pointer: "/password" });
    await audited({ action: "user.second-factor", object: own(ctx), detail: { to: "off" } }, async () => {
      if (!(await access.secondFactors.check(user.userID, form.get("code") ?? ""))) throw wrongCode();
      await access.secondFactors.remove(user.userID);
    });
    return { to: "/settings#second-factor" };
  },
};

/** What an administrator does for somebody whose phone and codes are gone. */
export const totpReset: Action = {
  path: "/settings",
  do: "user-totp-reset",
  role: "admin",
  async run(ctx) {
    const { id, name } = await chosen(ctx);
    // Else whoever finds an administrator's browser open takes it off, with neither password nor code.
    if (id === ctx.user.userID)
      throw problem(409, "your own second factor is switched off with your password and a code of it");
    await ctx.audited({ action: "user.second-factor", object: `user ${name}`, detail: { to: "reset" } }, () =>
      ctx.deps.access.secondFactors.remove(id),
    );
    return { to: "/settings#users" };
  },
};
