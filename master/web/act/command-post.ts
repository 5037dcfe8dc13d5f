import { commandHref } from "../../../views/parts/command.ts";
import { ProblemError, problem } from "../../../wire/problem.ts";
import { originOf, readForm } from "../action.ts";
import type { WebDeps } from "../deps.ts";
import { commandDetail } from "../pages/commands.ts";
import { seeOther } from "../respond.ts";
import { renderPage, userOf } from "../serve-page.ts";
import { detailOf } from "./routes.ts";

const changes = ["cancel", "approve", "reject"] as const;

/** The forms on a command's page. What cannot be is told there, with 422. */
export async function commandPost(deps: WebDeps, request: Request, id: string): Promise<Response> {
  const user = await userOf(deps, request);
  if (user instanceof Response) return user;
  const form = await readForm(request);
  deps.access.checkForm(request, user, form.get("_csrf") ?? undefined);
  const change = changes.find((one) => one === form.get("do"));
  if (!change) throw problem(404, "there is no such form");
  try {
    await deps.control[change](user, originOf(request), id);
    return seeOther(commandHref(id));
  } catch (error) {
    if (!(error instanceof ProblemError) || ![403, 409, 422].includes(error.problem.status)) throw error;
    const posted = { do: change, values: {}, faults: { "": detailOf(error) }, shown: {} };
    const url = new URL(commandHref(id), request.url);
    return renderPage(deps, commandDetail, request, url, user, { id }, { form: posted, status: 422 });
  }
}
