import type { Action } from "../action.ts";

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
