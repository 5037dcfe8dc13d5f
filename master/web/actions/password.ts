import { ProblemError, problem } from "../../../wire/problem.ts";
import type { Action } from "../action.ts";

/** Changes the own password; the session is replaced, all others end. */
export const password: Action = {
  path: "/settings",
  do: "password",
  role: "viewer",
  async run({ deps, form, request, origin }) {
    try {
      const { cookie } = await deps.access.changePassword(
        request,
        origin,
        form.get("current") ?? "",
        form.get("password") ?? "",
      );
      return { to: "/settings?changed=password", cookies: [cookie] };
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 401)
        throw problem(422, error.problem.detail, { pointer: "/current" });
      throw error;
    }
  },
};
