import type { Action } from "../action.ts";
import { publicUrl, siteOf } from "../public-url.ts";
import { roleOf } from "./role.ts";

const dayMs = 86_400_000;

/** The link is in this one answer, and nowhere after it. */
export const invite: Action = {
  path: "/settings",
  do: "invite",
  role: "admin",
  async run({ deps, user, form, request, audited }) {
    const role = roleOf(form);
    const days = Number(form.get("days") ?? 7);
    const forMs = (Number.isInteger(days) && days >= 1 && days <= 30 ? days : 7) * dayMs;
    const { token } = await audited(
      ({ id }) => ({ action: "invitation.add", object: `invitation ${id}`, detail: { role } }),
      () => deps.access.invitations.add(user.name, role, form.get("note") ?? "", forMs),
    );
    return { shown: { invitation: `${publicUrl(deps, siteOf(request))}/invite?token=${token}` } };
  },
};

export const inviteRevoke: Action = {
  path: "/settings",
  do: "invite-revoke",
  role: "admin",
  async run({ deps, form, audited }) {
    const id = form.get("id") ?? "";
    await audited({ action: "invitation.revoke", object: `invitation ${id}` }, () =>
      deps.access.invitations.revoke(id),
    );
    return { to: "/settings#invitations" };
  },
};
