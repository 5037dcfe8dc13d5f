import type { Action } from "../action.ts";
import { chosen } from "./users.ts";

export const sessionEnd: Action = {
  path: "/settings",
  do: "session-end",
  role: "viewer",
  async run({ deps, user, form, audited }) {
    await audited({ action: "session.revoke", object: `user ${user.name}` }, () =>
      deps.access.sessions.revoke(user.userID, form.get("id") ?? ""),
    );
    return { to: "/settings" };
  },
};

/** One session of somebody whom the viewer administers. */
export const userSessionEnd: Action = {
  path: "/settings",
  do: "user-session-end",
  role: "admin",
  async run(ctx) {
    const { id, name } = await chosen(ctx);
    await ctx.audited({ action: "session.revoke", object: `user ${name}` }, () =>
      ctx.deps.access.sessions.revoke(id, ctx.form.get("session") ?? ""),
    );
    return { to: `/settings?user=${id}#user-sessions` };
  },
};

/** What an administrator does where somebody's browser is in wrong hands. */
export const userSignOut: Action = {
  path: "/settings",
  do: "user-sign-out",
  role: "admin",
  async run(ctx) {
    const { id, name } = await chosen(ctx);
    await ctx.audited({ action: "session.revoke", object: `user ${name}`, detail: { sessions: "all" } }, () =>
      ctx.deps.access.sessions.endOf(id),
    );
    return { to: "/settings#users" };
  },
};

export const everybodySignOut: Action = {
  path: "/settings",
  do: "user-sign-out-all",
  role: "admin",
  where: () => ({}),
  async run({ deps, user, audited }) {
    await audited({ action: "session.revoke", object: "all other users" }, () =>
      deps.access.sessions.endOthers(user.userID),
    );
    return { to: "/settings#users" };
  },
};
