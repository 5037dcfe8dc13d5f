import type { Action } from "../action.ts";

/** Looks through the whole audit log now; what was found stands on the page. */
export const auditVerify: Action = {
  path: "/audit",
  do: "verify",
  role: "admin",
  where: () => ({}),
  async run({ deps }) {
    await deps.trail.verify();
    return { to: "/audit" };
  },
};
