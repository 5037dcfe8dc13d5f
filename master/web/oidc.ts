import { Elysia } from "elysia";
import { ProblemError } from "../../wire/problem.ts";
import { briefCookie } from "../access/cookie.ts";
import { originOf } from "./action.ts";
import { safeBack } from "./back.ts";
import type { WebDeps } from "./deps.ts";
import { publicUrl, siteOf } from "./public-url.ts";
import { seeOther } from "./respond.ts";
import { signInPage } from "./session.ts";
import { visiting } from "./viewing.ts";

/** Coming in by a provider. None of these takes a form: links lead to the provider, and it leads back. */
export function oidcRoutes(deps: WebDeps) {
  const app = new Elysia({ name: "oidc" });
  const { oidc } = deps.access;
  if (!oidc) return app;
  const site = (request: Request) => publicUrl(deps, siteOf(request));

  /** The sign-in page with what went wrong; the cookie that was taken along is used up either way. */
  function told(request: Request, back: string, error: unknown): Response {
    if (!(error instanceof ProblemError)) throw error;
    const { status } = error.problem;
    const { t } = visiting(request);
    const texts: Record<number, string> = {
      401: t.signIn.providerAgain,
      403: t.signIn.providerNoRole,
      410: t.signIn.inviteGone,
      502: t.signIn.providerAway(oidc!.name),
    };
    const provider = texts[status];
    if (provider === undefined) throw error;
    const response = signInPage(deps, request, { name: "", back, provider }, status);
    response.headers.append("set-cookie", briefCookie("oidc", "", originOf(request).secure, 0));
    return response;
  }

  return app
    .get("/sign-in/oidc", async ({ request, query }) => {
      const back = safeBack(query.back);
      const invited = query.invited === "1";
      try {
        const { url, cookie } = await oidc.begin(originOf(request), site(request), back, invited);
        return seeOther(url, [cookie]);
      } catch (error) {
        return told(request, back, error);
      }
    })
    .get("/sign-in/oidc/callback", async ({ request }) => {
      const origin = originOf(request);
      try {
        const { cookie, back, accepted } = await oidc.finish(request, origin, site(request));
        const ended = accepted ? (["oidc", "invite"] as const) : (["oidc"] as const);
        return seeOther(safeBack(back), [
          cookie,
          ...ended.map((one) => briefCookie(one, "", origin.secure, 0)),
        ]);
      } catch (error) {
        return told(request, "/", error);
      }
    })
    .get("/sign-in/oidc/out", async ({ request }) => {
      try {
        return seeOther((await oidc.endUrl(site(request))) ?? "/sign-in");
      } catch (error) {
        return told(request, "/", error);
      }
    });
}
