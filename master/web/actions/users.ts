import { problem } from "../../../wire/problem.ts";
import type { UserInfo } from "../../access/access.ts";
import { granted } from "../../audit/granted.ts";
import type { Action, ActionContext } from "../action.ts";
import { demandGiving, grantOfForm } from "../granting.ts";
import { roleOf } from "./role.ts";

/** What an administrator does with users; the rules (names, the last administrator) are access's. */
export const userAdd: Action = {
  path: "/settings",
  do: "user-add",
  role: "admin",
  async run({ deps, user, form, audited }) {
    const name = form.get("name") ?? "";
    const grant = await grantOfForm(deps, form);
    demandGiving(deps, user, grant);
    await audited({ action: "user.add", object: `user ${name.trim()}`, ...granted(grant) }, () =>
      deps.access.users.add(name, grant, form.get("password") ?? ""),
    );
    return { to: "/settings#users" };
  },
};

/** One more role for somebody who can sign in already. */
export const userGrant: Action = {
  path: "/settings",
  do: "user-grant",
  role: "admin",
  async run({ deps, user, form, audited }) {
    const wanted = (form.get("name") ?? "").trim().toLowerCase();
    const grant = await grantOfForm(deps, form);
    demandGiving(deps, user, grant);
    const found = (await deps.access.users.list()).find((one) => one.name.toLowerCase() === wanted);
    if (!found) throw problem(422, "there is no user of that name", { pointer: "/name" });
    await audited({ action: "user.grant", object: `user ${found.name}`, ...granted(grant) }, () =>
      deps.access.users.grant(found.id, grant),
    );
    return { to: "/settings#users" };
  },
};

/** Another role in the same place. */
export const userRole: Action = {
  path: "/settings",
  do: "user-role",
  role: "admin",
  async run(ctx) {
    const { found, grant } = await chosenGrant(ctx);
    const to = { ...grant, role: roleOf(ctx.form) };
    demandGiving(ctx.deps, ctx.user, to);
    const deed = { action: "user.role", object: `user ${found.name}`, ...granted(to, { from: grant.role }) };
    await ctx.audited(deed, () => ctx.deps.access.users.changeGrant(grant.id, to));
    return { to: "/settings#users" };
  },
};

export const userGrantRemove: Action = {
  path: "/settings",
  do: "user-grant-remove",
  role: "admin",
  async run(ctx) {
    const { found, grant } = await chosenGrant(ctx);
    await ctx.audited({ action: "user.ungrant", object: `user ${found.name}`, ...granted(grant) }, () =>
      ctx.deps.access.users.removeGrant(grant.id),
    );
    return { to: "/settings#users" };
  },
};

export const userPassword: Action = {
  path: "/settings",
  do: "user-password",
  role: "admin",
  async run(ctx) {
    const { id, name } = await chosen(ctx);
    if (id === ctx.user.userID)
      throw problem(409, "your own password is changed with the one that you have now");
    await ctx.audited({ action: "user.password", object: `user ${name}` }, () =>
      ctx.deps.access.users.setPassword(id, ctx.form.get("password") ?? ""),
    );
    return { to: "/settings#users" };
  },
};

export const userRemove: Action = {
  path: "/settings",
  do: "user-remove",
  role: "admin",
  async run(ctx) {
    const { id, name } = await chosen(ctx);
    await ctx.audited({ action: "user.remove", object: `user ${name}` }, () =>
      ctx.deps.access.users.remove(id),
    );
    return { to: "/settings#users" };
  },
};

/** The user that a form names, whose account the viewer administers; 404 for all others. */
export async function chosen({ deps, user, form }: ActionContext): Promise<UserInfo> {
  const id = form.get("id") ?? "";
  const found = (await deps.access.users.list()).find((one) => one.id === id);
  if (!found || !deps.access.administers(user, found.grants)) throw problem(404, "there is no such user");
  return found;
}

/** The grant that a form names, which the viewer may take away; 404 for all others. */
async function chosenGrant({ deps, user, form }: ActionContext) {
  const id = form.get("id") ?? "";
  for (const found of await deps.access.users.list())
    for (const grant of found.grants)
      if (grant.id === id && deps.access.mayGive(user, grant)) {
        if (grant.byProvider)
          throw problem(409, "the groups at the provider give this role: change them there");
        return { found, grant };
      }
  throw problem(404, "there is no such role");
}
