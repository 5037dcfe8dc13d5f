import { layout, navBar } from "../../views/layout.ts";
import { errorContent, errorTitle } from "../../views/pages/error.ts";
import { banner } from "../../views/parts/banner.ts";
import { html, nothing } from "../../views/html.ts";
import { ProblemError, problem } from "../../wire/problem.ts";
import type { Principal, UserPrincipal } from "../access/principal.ts";
import { requestInfo } from "../requests.ts";
import { seenBy, type WebDeps } from "./deps.ts";
import type { FormState, Page } from "./page.ts";
import { addressOf, fullPage, partialPage } from "./render.ts";
import { respond, seeOther, toSignIn, wantsFragments } from "./respond.ts";
import { siteOf } from "./public-url.ts";
import { viewing } from "./viewing.ts";

/** Where what somebody owes is done. */
export const owedPage = (owes: NonNullable<UserPrincipal["owes"]>): string =>
  owes === "password" ? "/setup/password" : "/setup/second-factor";

/** The signed-in user of a request, or the answer that sends everybody else to where they can become one. */
export async function userOf(deps: WebDeps, request: Request): Promise<UserPrincipal | Response> {
  const principal: Principal | undefined = await deps.access.authenticate(request);
  if (principal?.kind !== "user") return toSignIn(request);
  if (principal.owes) return seeOther(owedPage(principal.owes));
  return principal;
}

/** Answers a GET of a page: whole for a browser, its fragments for htmx. */
export async function servePage(
  deps: WebDeps,
  page: Page,
  request: Request,
  params: Record<string, string>,
): Promise<Response> {
  const user = await userOf(deps, request);
  if (user instanceof Response) return user;
  return renderPage(deps, page, request, new URL(request.url), user, params);
}

/** The page at `url` for a user; with `form` after one of its forms was posted. */
export async function renderPage(
  whole: WebDeps,
  page: Page,
  request: Request,
  url: URL,
  user: UserPrincipal,
  params: Record<string, string>,
  posted?: { form: FormState; status: number },
): Promise<Response> {
  const deps = seenBy(whole, user);
  const v = viewing(deps, request, user, url);
  try {
    whole.access.require(user, page.role ?? "viewer");
    const context = { v, params, deps, user, origin: siteOf(request), from: requestInfo(request) };
    const loaded = await page.load({ ...context, form: posted?.form });
    if (!wantsFragments(request)) {
      const plain = posted ? await page.load({ ...context, live: true }) : loaded;
      const whole = fullPage(v, page, loaded, undefined, plain);
      return respond(request, whole, posted?.status ?? loaded.status ?? 200, loaded.headers);
    }
    // A link's address is right as it is; a form's has its empty fields in it.
    v.query = new URLSearchParams([...v.query].filter(([, value]) => value !== ""));
    const boosted = request.headers.has("hx-boosted");
    return respond(request, partialPage(v, loaded), 200, boosted ? {} : { "hx-replace-url": addressOf(v) });
  } catch (error) {
    if (!(error instanceof ProblemError) || wantsFragments(request)) throw error;
    // What the user may not see or what is gone is told within the frame, from where one can go on.
    const { status } = error.problem;
    const fault = { ...problem(status, error.problem.detail).problem, request: requestInfo(request).id };
    const frame = { nav: navBar(v, page.nav, {}), banner: banner(v), doing: nothing };
    const content = {
      head: html`<header class="head"><h1>${errorTitle(v, fault)}</h1></header>`,
      error: errorContent(v, fault),
    };
    return respond(request, layout(v, errorTitle(v, fault), frame, content, nothing), status);
  }
}
