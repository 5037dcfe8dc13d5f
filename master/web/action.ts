import type { Problem } from "../../wire/problem.ts";
import { ProblemError, problem } from "../../wire/problem.ts";
import type { Origin } from "../access/access.ts";
import type { Role, UserPrincipal, Where } from "../access/principal.ts";
import { actorOf } from "../audit/actor.ts";
import { type Audited, auditedBy } from "../audit/audited.ts";
import { requestInfo } from "../requests.ts";
import type { WebDeps } from "./deps.ts";
import { findPage, type FormState } from "./page.ts";
import { pages } from "./pages.ts";
import { seeOther, toSignIn } from "./respond.ts";
import { owedPage, renderPage } from "./serve-page.ts";

/**
 * What a form does: one file in `actions/` each. It is posted to the path of the page it stands on, with its
 * name in the field `do`. A ProblemError of the client's fault gives that page again with 422, the message
 * beside the field that its pointer names, and everything that was entered but passwords.
 */
export interface Action {
  /** The path of its page. */
  path: string;
  /** The value of the form's field `do`; empty for a page's only form. */
  do: string;
  /** What it takes: somewhere at least, or at the place that `where` gives; `{}` is the installation. */
  role: Role;
  where?(form: URLSearchParams): Where;
  /** How large its form may be, in bytes, where that is more than usual. */
  mostBytes?: number;
  run(ctx: ActionContext): Promise<Done>;
}

/** Where to go on (303), with cookies to set; or what the same page shows once, such as a new token. */
export type Done = { to: string; cookies?: string[] } | { shown: Record<string, string> };

export interface ActionContext {
  deps: WebDeps;
  user: UserPrincipal;
  form: URLSearchParams;
  request: Request;
  origin: Origin;
  /** Does what the form asks for and records who did it, together or not at all. */
  audited: Audited;
}

/** Faults of what was entered; all others get a page of their own. */
const shownOnPage = new Set([401, 409, 422, 429]);
const maxFormBytes = 64 * 1024;

/** The fields of a form, at most 64 KiB of them unless more is said. */
export async function readForm(request: Request, most = maxFormBytes): Promise<URLSearchParams> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded"))
    throw problem(415, "forms are sent as application/x-www-form-urlencoded");
  if (Number(request.headers.get("content-length") ?? 0) > most) throw problem(413, "the form is too large");
  const text = await request.text();
  if (text.length > most) throw problem(413, "the form is too large");
  return new URLSearchParams(text);
}

export function originOf(request: Request): Origin {
  const { address, secure } = requestInfo(request);
  return { address, secure, userAgent: request.headers.get("user-agent")?.slice(0, 300) };
}

/** Runs the form that was posted to `path`. */
export async function runAction(
  deps: WebDeps,
  actions: readonly Action[],
  path: string,
  request: Request,
): Promise<Response> {
  // Which form it is stands within it.
  const most = actions.filter((one) => one.path === path).map((one) => one.mostBytes ?? maxFormBytes);
  const form = await readForm(request, Math.max(maxFormBytes, ...most));
  const user = await deps.access.authenticate(request);
  if (user?.kind !== "user")
    return toSignIn(new Request(new URL(path, request.url).href, { headers: request.headers }));
  if (user.owes) return seeOther(owedPage(user.owes));
  deps.access.checkForm(request, user, form.get("_csrf") ?? undefined);
  const action = actions.find((one) => one.path === path && one.do === (form.get("do") ?? ""));
  if (!action) throw problem(404, "there is no such form");
  const { address } = requestInfo(request);
  const where = action.where?.(form);
  if (!deps.access.may(user, action.role, where)) {
    const object = `${path} ${action.do}`.trim();
    await deps.audit.record({
      actor: actorOf(user),
      address,
      action: "form.post",
      object,
      result: "refused",
    });
  }
  deps.access.require(user, action.role, where);
  const found = findPage(pages, path);
  const state: FormState = { do: action.do, values: valuesOf(form), faults: {}, shown: {} };
  let status = 200;
  try {
    const audited = auditedBy(deps, { actor: actorOf(user), address });
    const done = await action.run({ deps, user, form, request, origin: originOf(request), audited });
    if ("to" in done) return seeOther(done.to, done.cookies);
    state.shown = done.shown;
    state.values = {};
  } catch (error) {
    if (!found || !(error instanceof ProblemError) || !shownOnPage.has(error.problem.status)) throw error;
    state.faults = faultsOf(error.problem);
    status = 422;
  }
  if (!found) throw problem(404);
  const url = new URL(path, request.url);
  return renderPage(deps, found.page, request, url, user, found.params, { form: state, status });
}

/** By the field's name; under "" what belongs to the whole form. */
export function faultsOf(fault: Problem): Record<string, string> {
  return { [fault.pointer?.slice(1) ?? ""]: fault.detail ?? fault.title };
}

/** What was entered, to be shown again: never a password or the form's token. */
export function valuesOf(form: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...form]
      .filter(([name]) => name !== "_csrf" && !/password|current/i.test(name))
      .map(([k, one]) => [k, one.slice(0, 20_000)]),
  );
}
