import { Elysia } from "elysia";
import { barePage } from "../../views/layout.ts";
import { codeContent, inviteContent, inviteGoneContent } from "../../views/pages/sign-in.ts";
import { ProblemError } from "../../wire/problem.ts";
import { briefCookie } from "../access/cookie.ts";
import { originOf, readForm } from "./action.ts";
import { safeBack } from "./back.ts";
import type { WebDeps } from "./deps.ts";
import { respond, seeOther } from "./respond.ts";
import { visiting } from "./viewing.ts";

const raw = { parse: "none" } as const;

/** The code after the password, and coming in by an invitation. */
export function secondStepRoutes({ access }: WebDeps) {
  return new Elysia({ name: "second-step" })
    .get("/sign-in/code", async ({ request, query }) => {
      if (!(await access.owesCode(request, originOf(request)))) return seeOther("/sign-in");
      return codePage(request, safeBack(query.back));
    })
    .post(
      "/sign-in/code",
      async ({ request }) => {
        const form = await readForm(request);
        access.checkForm(request, undefined, undefined);
        const back = safeBack(form.get("back"));
        const origin = originOf(request);
        try {
          const { cookie } = await access.finishSignIn(request, origin, form.get("code") ?? "");
          return seeOther(back, [cookie, briefCookie("code", "", origin.secure, 0)]);
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
          const { status, retryAfterSeconds = 60 } = error.problem;
          if (status === 401) return seeOther("/sign-in");
          const { t } = visiting(request);
          if (status === 429) return codePage(request, back, t.signIn.limited(retryAfterSeconds), 429);
          if (status === 422) return codePage(request, back, t.signIn.codeWrong, 422);
          throw error;
        }
      },
      raw,
    )
    .get("/invite", async ({ request, query }) => {
      try {
        // Led away from the link at once: it is in no address, history or referrer after this.
        const cookie = await access.invitations.open(originOf(request), String(query.token ?? ""));
        return seeOther("/invite/accept", [cookie]);
      } catch (error) {
        if (!(error instanceof ProblemError) || error.problem.status !== 403) throw error;
        return gonePage(request);
      }
    })
    .get("/invite/accept", async ({ request }) => {
      const found = await access.invitations.opened(request, originOf(request));
      if (!found) return gonePage(request);
      return invitePage(request, { by: found.byName, role: found.grant.role, name: "", faults: {} });
    })
    .post(
      "/invite/accept",
      async ({ request }) => {
        const form = await readForm(request);
        access.checkForm(request, undefined, undefined);
        const origin = originOf(request);
        const found = await access.invitations.opened(request, origin);
        if (!found) return gonePage(request);
        const name = form.get("name") ?? "";
        const password = form.get("password") ?? "";
        const again = (faults: Record<string, string>) =>
          invitePage(request, { by: found.byName, role: found.grant.role, name, faults });
        const v = visiting(request);
        if (password !== form.get("repeat")) return again({ repeat: v.t.signIn.repeatDiffers });
        try {
          const { cookie } = await access.invitations.accept(request, origin, name, password);
          return seeOther("/", [cookie, briefCookie("invite", "", origin.secure, 0)]);
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
          const { status, detail = "", pointer = "" } = error.problem;
          if (status === 403) return gonePage(request);
          if (status !== 409 && status !== 422) throw error;
          return again({ [pointer.slice(1)]: v.t.told(detail) });
        }
      },
      raw,
    );
}

function codePage(request: Request, back: string, fault?: string, status = 200): Response {
  const v = visiting(request);
  return respond(request, barePage(v, v.t.signIn.codeTitle, codeContent(v, back, fault)), status);
}

function invitePage(request: Request, form: Parameters<typeof inviteContent>[1]): Response {
  const v = visiting(request);
  const status = Object.keys(form.faults).length > 0 ? 422 : 200;
  return respond(request, barePage(v, v.t.signIn.inviteTitle, inviteContent(v, form)), status);
}

function gonePage(request: Request): Response {
  const v = visiting(request);
  return respond(request, barePage(v, v.t.signIn.inviteTitle, inviteGoneContent(v)), 403);
}
