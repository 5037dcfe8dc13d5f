import { Elysia } from "elysia";
import {
  linkUsedContent,
  passwordContent,
  type SignInForm,
  signInContent,
} from "../../views/pages/sign-in.ts";
import { barePage } from "../../views/layout.ts";
import { langs } from "../../views/text/text.ts";
import type { Viewing } from "../../views/viewing.ts";
import { type Problem, ProblemError } from "../../wire/problem.ts";
import { actorOf } from "../audit/actor.ts";
import { auditedBy } from "../audit/audited.ts";
import { requestInfo } from "../requests.ts";
import { originOf, readForm } from "./action.ts";
import { safeBack } from "./back.ts";
import { chooseTheme, langCookie, preference, themeCookie } from "./cookies.ts";
import type { WebDeps } from "./deps.ts";
import { respond, seeOther } from "./respond.ts";
import { visiting } from "./viewing.ts";

type Visiting = ReturnType<typeof visiting>;

/** Coming in and going out: the forms that stand on pages of their own, outside the frame. */
export function sessionRoutes(deps: WebDeps) {
  const { access } = deps;
  const raw = { parse: "none" } as const;
  return new Elysia({ name: "session" })
    .get("/sign-in", async ({ request, query }) => {
      const back = safeBack(query.back);
      if ((await access.authenticate(request))?.kind === "user") return seeOther(back);
      return signInPage(deps, request, { name: "", back, out: query.out === "1" });
    })
    .post(
      "/sign-in",
      async ({ request }) => {
        const form = await readForm(request);
        access.checkForm(request, undefined, undefined);
        const name = form.get("name") ?? "";
        const back = safeBack(form.get("back"));
        try {
          const { cookie, secondStep } = await access.signIn(
            request,
            originOf(request),
            name,
            form.get("password") ?? "",
          );
          if (secondStep)
            return seeOther(`/sign-in/code${back === "/" ? "" : `?back=${encodeURIComponent(back)}`}`, [
              cookie,
            ]);
          return seeOther(back, [cookie]);
        } catch (error) {
          const fault = clientFault(error);
          const shown = { name, back, fault: signInFault(visiting(request), fault) };
          const retry = fault.retryAfterSeconds;
          return signInPage(deps, request, shown, fault.status === 429 ? 429 : 422, retry);
        }
      },
      raw,
    )
    .get("/setup", async ({ request, query }) => {
      // The link from the terminal: it works once, so the browser is led away from it at once.
      try {
        const { address } = requestInfo(request);
        const audited = auditedBy(deps, { actor: { kind: "nobody", name: "" }, address });
        const { cookie } = await audited({ action: "setup.open" }, () =>
          access.openSetup(request, originOf(request), String(query.token ?? "")),
        );
        return seeOther("/setup/password", [cookie]);
      } catch (error) {
        if (!(error instanceof ProblemError) || error.problem.status !== 403) throw error;
        const v = visiting(request);
        return respond(request, barePage(v, v.t.signIn.setupTitle, linkUsedContent(v)), 403);
      }
    })
    .get("/setup/password", async ({ request }) => {
      const user = await access.authenticate(request);
      if (user?.kind !== "user") return seeOther("/sign-in");
      if (user.owes !== "password") return seeOther("/");
      return passwordPage(visiting(request), request, access.passwordLeast, user.csrf, "admin");
    })
    .post(
      "/setup/password",
      async ({ request }) => {
        const form = await readForm(request);
        const user = await access.authenticate(request);
        if (user?.kind !== "user") return seeOther("/sign-in");
        if (user.owes !== "password") return seeOther("/");
        access.checkForm(request, user, form.get("_csrf") ?? undefined);
        const v = visiting(request);
        const name = form.get("name")?.trim() ?? "";
        const password = form.get("password") ?? "";
        if (password !== form.get("repeat"))
          return passwordPage(v, request, access.passwordLeast, user.csrf, name, {
            repeat: v.t.signIn.repeatDiffers,
          });
        try {
          const { address } = requestInfo(request);
          const audited = auditedBy(deps, { actor: actorOf(user), address });
          const { cookie } = await audited({ action: "setup.finish", object: `user ${name}` }, () =>
            access.finishSetup(request, originOf(request), name, password),
          );
          return seeOther("/", [cookie]);
        } catch (error) {
          const fault = clientFault(error);
          const at = fault.pointer?.slice(1) ?? "";
          return passwordPage(v, request, access.passwordLeast, user.csrf, name, {
            [at]: v.t.told(fault.detail ?? fault.title),
          });
        }
      },
      raw,
    )
    .post(
      "/sign-out",
      async ({ request }) => {
        const form = await readForm(request);
        access.checkForm(request, await access.authenticate(request), form.get("_csrf") ?? undefined);
        const ended = await access.signOut(request, originOf(request));
        // A browser follows no form to another site: the page offers to sign out there, too.
        return seeOther(access.oidc ? "/sign-in?out=1" : "/sign-in", [ended]);
      },
      raw,
    )
    .post(
      "/preferences",
      async ({ request }) => {
        const form = await readForm(request);
        access.checkForm(request, await access.authenticate(request), form.get("_csrf") ?? undefined);
        const { secure } = requestInfo(request);
        const cookies: string[] = [];
        const lang = langs.find((one) => one === form.get("lang"));
        if (lang) cookies.push(preference(langCookie, lang, secure));
        const theme = form.get("theme");
        if (theme) cookies.push(preference(themeCookie, chooseTheme(theme), secure));
        return seeOther(safeBack(form.get("back")), cookies);
      },
      raw,
    );
}

export function signInPage(
  { access }: Pick<WebDeps, "access">,
  request: Request,
  form: Omit<SignInForm, "oidc">,
  status = 200,
  retryAfterSeconds?: number,
): Response {
  const v = visiting(request);
  const { oidc } = access;
  const content = signInContent(v, { ...form, ...(oidc && { oidc }) });
  const retry: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return respond(request, barePage(v, v.t.signIn.title, content), status, retry);
}

function signInFault(v: Pick<Viewing, "t">, fault: Problem): string {
  return fault.status === 429 ? v.t.signIn.limited(fault.retryAfterSeconds ?? 60) : v.t.signIn.wrong;
}

function passwordPage(
  v: Visiting,
  request: Request,
  least: number,
  csrf: string,
  name: string,
  faults: Record<string, string> = {},
): Response {
  const content = passwordContent(v, { csrf, name, least, faults });
  return respond(
    request,
    barePage(v, v.t.signIn.setupTitle, content),
    Object.keys(faults).length > 0 ? 422 : 200,
  );
}

/** The fault of what was entered; anything else goes on to where faults become answers. */
function clientFault(error: unknown): Problem {
  if (error instanceof ProblemError && [401, 409, 422, 429].includes(error.problem.status))
    return error.problem;
  throw error;
}
