import type { Role } from "../../access/principal.ts";
import type { TestMaster } from "../../harness.ts";

const password = "a long enough password";

/** A browser's user with a role, everywhere or in a tenant. */
export async function signedIn(
  master: TestMaster,
  role: Role,
  { name = role, tenant }: { name?: string; tenant?: string } = {},
) {
  const { access } = master.parts;
  await access.users.add(name, tenant === undefined ? role : { role, tenant }, password);
  const origin = { address: "127.0.0.1", secure: false };
  const { cookie, principal } = await access.signIn(new Request(master.url), origin, name, password);
  const session = cookie.split(";")[0]!;
  return {
    get: async (path: string, more: { cookie?: string } = {}) => {
      const headers = { cookie: [session, more.cookie].filter(Boolean).join("; ") };
      return (await fetch(master.url + path, { headers })).text();
    },
    async post(path: string, fields: Record<string, string> | [string, string][]) {
      const response = await fetch(master.url + path, {
        method: "POST",
        redirect: "manual",
        headers: { cookie: session, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams([
          ["_csrf", principal.csrf],
          ...(Array.isArray(fields) ? fields : Object.entries(fields)),
        ]).toString(),
      });
      return {
        status: response.status,
        location: response.headers.get("location"),
        text: await response.text(),
      };
    },
  };
}
