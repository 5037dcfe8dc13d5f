import { noAudit } from "../audit/testing.ts";
import { openDatabase } from "../database/database.ts";
import type { ProblemError } from "../../wire/problem.ts";
import type { Access, AccessOptions, Origin, SignedIn } from "./access.ts";
import { createAccess } from "./create.ts";

export const origin: Origin = { address: "192.0.2.1", secure: false, userAgent: "test" };
export const password = "correct horse battery";
export const hour = 3_600_000;

export function setUp(options: Partial<AccessOptions> = {}) {
  const clock = { ms: 1_800_000_000_000 };
  const db = openDatabase(":memory:");
  const access = createAccess(db, {
    audit: noAudit,
    sessionIdleMs: 12 * hour,
    sessionMaxMs: 7 * 24 * hour,
    now: () => clock.ms,
    argon2: { memoryCost: 8, timeCost: 1 },
    ...options,
  });
  return { db, access, clock };
}

export function request(headers: Record<string, string> = {}): Request {
  return new Request("http://master.example/", { method: "POST", headers });
}

/** A request with the cookie that a Set-Cookie value gives, as a browser would send it. */
export function withCookie(setCookie: string, headers: Record<string, string> = {}): Request {
  return request({ cookie: setCookie.split(";")[0]!, ...headers });
}

export async function problemOf(
  promise: unknown,
): Promise<{ status: number; detail?: string; retryAfterSeconds?: number }> {
  try {
    await (typeof promise === "function" ? promise() : promise);
  } catch (error) {
    return (error as ProblemError).problem;
  }
  throw new Error("nothing was refused");
}

export async function firstAdministrator(access: Access): Promise<SignedIn> {
  const token = (await access.createSetupToken())!;
  const opened = await access.openSetup(request(), origin, token);
  return access.finishSetup(withCookie(opened.cookie), origin, "ada", password);
}

export const bearer = (token: string) => request({ authorization: `Bearer ${token}` });
