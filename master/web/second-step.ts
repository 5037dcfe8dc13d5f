import { Elysia } from "elysia";
import { barePage } from "../../views/layout.ts";
import {
  codeContent,
  type InviteForm,
  inviteContent,
  inviteGoneContent,
  recoveryCodesContent,
  requiredFactorContent,
} from "../../views/pages/sign-in.ts";
import { ProblemError } from "../../wire/problem.ts";
import { briefCookie } from "../access/cookie.ts";
import type { UserPrincipal } from "../access/principal.ts";
import { shownCode } from "../access/second-factor.ts";
import { actorOf } from "../audit/actor.ts";
import { auditedBy } from "../audit/audited.ts";
import type { Invitation } from "../database/invitations.ts";
import { originOf, readForm } from "./action.ts";
import { safeBack } from "./back.ts";
import type { WebDeps } from "./deps.ts";
import { respond, seeOther } from "./respond.ts";
import { userOf } from "./serve-page.ts";
import { visiting } from "./viewing.ts";

const raw = { parse: "none" } as const;

/** The code after the password, and coming in by an invitation. */
export function secondStepRoutes(deps: WebDeps) {
  const { access } = deps;

  async function inviteForm(request: Request, found: Invitation): Promise<InviteForm> {
    const user = await access.authenticate(request);
    const { oidc } = access;
    return {
      by: found.byName,
      role: found.grant.role,
      name: "",
      least: access.passwordLeast,
      faults: {},
      ...(user?.kind === "user" && !user.owes ? { as: { name: user.name, csrf: user.csrf } } : {}),
      ...(oidc ? { oidc: { name: oidc.name, only: oidc.only } } : {}),
    };
  }

  /** Who has to set a second factor up before anything else, or where they are to go instead. */
  async function owing(request: Request): Promise<UserPrincipal | Response> {
    const user = await access.authenticate(request);
    if (user?.kind !== "user") return seeOther("/sign-in");
    return user.owes === "secondFactor" ? user : seeOther("/");
  }

  async function factorPage(request: Request, user: UserPrincipal, fault?: string): Promise<Response> {
    const { secondFactors } = access;
    const { uri, secret } =
      (await secondFactors.pending(user.userID, user.name)) ??
      (await secondFactors.begin(user.userID, user.name));
    const v = visiting(request);
    const content = requiredFactorContent(v, { csrf: user.csrf, uri, secret, ...(fault ? { fault } : {}) });
    return respond(request, barePage(v, v.t.signIn.requiredTitle, content), fault ? 422 : 200);
  }

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
    .get("/setup/second-factor", async ({ request }) => {
      const user = await owing(request);
      return user instanceof Response ? user : factorPage(request, user);
    })
    .post(
      "/setup/second-factor",
      async ({ request }) => {
        const form = await readForm(request);
        access.checkForm(request, await access.authenticate(request), form.get("_csrf") ?? undefined);
        const user = await owing(request);
        if (user instanceof Response) return user;
        const audited = auditedBy(deps, { actor: actorOf(user), address: originOf(request).address });
        const deed = { action: "user.second-factor", object: `user ${user.name}`, detail: { to: "on" } };
        try {
          const codes = await audited(deed, () =>
            access.secondFactors.confirm(user.userID, form.get("code") ?? ""),
          );
          const v = visiting(request);
          const content = recoveryCodesContent(v, codes.map(shownCode).join("\n"));
          return respond(request, barePage(v, v.t.settings.second, content));
        } catch (error) {
          if (!(error instanceof ProblemError) || error.problem.status !== 422) throw error;
          return factorPage(request, user, visiting(request).t.signIn.codeWrong);
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
      return invitePage(request, await inviteForm(request, found));
    })
    .post(
      "/invite/accept",
      async ({ request }) => {
        const form = await readForm(request);
        const origin = originOf(request);
        const found = await access.invitations.opened(request, origin);
        if (!found) return gonePage(request);
        const ended = briefCookie("invite", "", origin.secure, 0);
        if (form.get("as") === "me") {
          const user = await userOf(deps, request);
          if (user instanceof Response) return user;
          access.checkForm(request, user, form.get("_csrf") ?? undefined);
          await access.invitations.join(request, origin, user);
          return seeOther("/", [ended]);
        }
        access.checkForm(request, undefined, undefined);
        const name = form.get("name") ?? "";
        const password = form.get("password") ?? "";
        const again = async (faults: Record<string, string>) =>
          invitePage(request, { ...(await inviteForm(request, found)), name, faults });
        const v = visiting(request);
        if (password !== form.get("repeat")) return again({ repeat: v.t.signIn.repeatDiffers });
        try {
          const { cookie } = await access.invitations.accept(request, origin, name, password);
          return seeOther("/", [cookie, ended]);
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

function invitePage(request: Request, form: InviteForm): Response {
  const v = visiting(request);
  const status = Object.keys(form.faults).length > 0 ? 422 : 200;
  return respond(request, barePage(v, v.t.signIn.inviteTitle, inviteContent(v, form)), status);
}

function gonePage(request: Request): Response {
  const v = visiting(request);
  return respond(request, barePage(v, v.t.signIn.inviteTitle, inviteGoneContent(v)), 403);
}
