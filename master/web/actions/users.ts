import type { Action, ActionContext } from "../action.ts";
import { roleOf } from "./role.ts";

/** What an administrator does with users; the rules (names, the last administrator) are access's. */
export const userAdd: Action = {
  path: "/settings",
  do: "user-add",
  role: "admin",
  async run({ deps, form, audited }) {
    const name = form.get("name") ?? "";
    const role = roleOf(form);
    await audited({ action: "user.add", object: `user ${name.trim()}`, detail: { role } }, () =>
      deps.access.users.add(name, role, form.get("password") ?? ""),
    );
    return { to: "/settings#users" };
  },
};

export const userRole: Action = {
  path: "/settings",
  do: "user-role",
  role: "admin",
  async run(ctx) {
    const { user, name } = await chosen(ctx);
    const role = roleOf(ctx.form);
    const detail = { from: user?.role, to: role };
    await ctx.audited({ action: "user.role", object: `user ${name}`, detail }, () =>
      ctx.deps.access.users.setRole(ctx.form.get("id") ?? "", role),
    );
    return { to: "/settings#users" };
  },
};

export const userPassword: Action = {
  path: "/settings",
  do: "user-password",
  role: "admin",
  async run(ctx) {
    const { name } = await chosen(ctx);
    await ctx.audited({ action: "user.password", object: `user ${name}` }, () =>
      ctx.deps.access.users.setPassword(ctx.form.get("id") ?? "", ctx.form.get("password") ?? ""),
    );
    return { to: "/settings#users" };
  },
};

export const userRemove: Action = {
  path: "/settings",
  do: "user-remove",
  role: "admin",
  async run(ctx) {
    const { name } = await chosen(ctx);
    await ctx.audited({ action: "user.remove", object: `user ${name}` }, () =>
      ctx.deps.access.users.remove(ctx.form.get("id") ?? ""),
    );
    return { to: "/settings#users" };
  },
};

export async function chosen({ deps, form }: ActionContext) {
  const id = form.get("id") ?? "";
  const user = (await deps.access.users.list()).find((one) => one.id === id);
  return { user, name: user?.name ?? id };
}
