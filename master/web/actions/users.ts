import type { Action } from "../action.ts";
import { roleOf } from "./role.ts";

/** What an administrator does with users; the rules (names, the last administrator) are access's. */
export const userAdd: Action = {
  path: "/settings",
  do: "user-add",
  role: "admin",
  async run({ deps, form }) {
    await deps.access.users.add(form.get("name") ?? "", roleOf(form), form.get("password") ?? "");
    return { to: "/settings#users" };
  },
};

export const userRole: Action = {
  path: "/settings",
  do: "user-role",
  role: "admin",
  async run({ deps, form }) {
    await deps.access.users.setRole(form.get("id") ?? "", roleOf(form));
    return { to: "/settings#users" };
  },
};

export const userPassword: Action = {
  path: "/settings",
  do: "user-password",
  role: "admin",
  async run({ deps, form }) {
    await deps.access.users.setPassword(form.get("id") ?? "", form.get("password") ?? "");
    return { to: "/settings#users" };
  },
};

export const userRemove: Action = {
  path: "/settings",
  do: "user-remove",
  role: "admin",
  async run({ deps, form }) {
    await deps.access.users.remove(form.get("id") ?? "");
    return { to: "/settings#users" };
  },
};
