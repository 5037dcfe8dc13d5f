import { type AnyElysia, Elysia } from "elysia";
import { type Problem, ProblemError, problem, problemResponse } from "../wire/problem.ts";
import type { MasterParts } from "./parts.ts";
import { checkPolicy } from "./policy.ts";
import { createPrometheus } from "./prometheus/routes.ts";
import { requestInfo } from "./requests.ts";
import { enrolRoutes } from "./web/enrol.ts";
import { errorPage, web } from "./web/web.ts";

/** Everything that Elysia answers: probes of health, the API, the pages. */
export function createApp(parts: MasterParts, api: AnyElysia) {
  const app = new Elysia({ normalize: false })
    .onError({ as: "global" }, ({ request, error, code, path }) => {
      const id = requestInfo(request).id;
      const fault = { ...problemOf(error, code, () => allowed(request.method, path)), request: id };
      if (fault.status >= 500) parts.events.failed("request", error, id);
      if (wantsPage(request, path)) {
        const page = errorPage(parts, request, fault);
        if (page) return page;
      }
      const response = problemResponse(fault);
      const allow = fault.status === 405 ? allowed(request.method, path) : [];
      if (allow.length > 0) response.headers.set("allow", allow.join(", "));
      return response;
    })
    .use(api)
    .use(createPrometheus(parts))
    .use(enrolRoutes(parts))
    .use(web(parts));
  checkPolicy(app.routes);

  /** The methods that a path has, where it has not this one. */
  function allowed(method: string, path: string): string[] {
    const found = new Set<string>();
    for (const route of app.routes)
      if (route.method !== method && fits(route.path, path)) found.add(route.method);
    if (found.has("GET")) found.add("HEAD");
    return [...found].sort();
  }
  return app;
}

/** Never lets a text out that was not written for the client. */
function problemOf(error: unknown, code: string | number, allow: () => string[]): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (code === "NOT_FOUND")
    return allow().length > 0
      ? problem(405).problem
      : problem(404, "there is nothing at this address").problem;
  if (code === "VALIDATION") return problem(422, "the request has the wrong shape").problem;
  if (code === "PARSE") return problem(400, "the body could not be read").problem;
  return problem(500).problem;
}

/** Whether a path is one of a route's: `/pods/:name`, `/assets/*`. */
function fits(route: string, path: string): boolean {
  const wanted = route.split("/");
  const given = path.split("/");
  if (wanted.at(-1) === "*") given.length = Math.min(given.length, wanted.length);
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => part === "*" || (part.startsWith(":") ? given[at] !== "" : part === given[at]))
  );
}

function wantsPage(request: Request, path: string): boolean {
  if (/^\/(api|ingest|prometheus|t)\//.test(path)) return false;
  return (request.headers.get("accept") ?? "").includes("text/html") || request.headers.has("hx-request");
}
