import type { Action } from "../action.ts";
import { publicUrl, siteOf } from "../public-url.ts";
import { granted } from "../../audit/granted.ts";
import { problem } from "../../../wire/problem.ts";
import { demandGiving, grantOfForm } from "../granting.ts";

const dayMs = 86_400_000;

/** The link is in this one answer, and nowhere after it. */
export const invite: Action = {
  path: "/settings",
  do: "invite",
  role: "admin",
  async run({ deps, user, form, request, audited }) {
    const grant = await grantOfForm(deps, form);
    demandGiving(deps, user, grant);
    const days = Number(form.get("days") ?? 7);
    const forMs = (Number.isInteger(days) && days >= 1 && days <= 30 ? days : 7) * dayMs;
    const { token } = await audited(
      ({ id }) => ({ action: "invitation.add", object: `invitation ${id}`, ...granted(grant) }),
      () => deps.access.invitations.add(user.name, grant, form.get("note") ?? "", forMs),
    );
    return { shown: { invitation: `${publicUrl(deps, siteOf(request))}/invite?token=${token}` } };
  },
};

export const inviteRevoke: Action = {
  path: "/settings",
  do: "invite-revoke",
  role: "admin",
  async run({ deps, user, form, audited }) {
    const id = form.get("id") ?? "";
    const found = (await deps.access.invitations.list()).find((one) => one.id === id);
    if (!found || !deps.access.mayGive(user, found.grant))
      throw problem(404, "there is no such invitation any more");
    await audited({ action: "invitation.revoke", object: `invitation ${id}` }, () =>
      deps.access.invitations.revoke(id),
    );
    return { to: "/settings#invitations" };
  },
};
