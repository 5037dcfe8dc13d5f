import { sources } from "../wire/envelope.ts";
import { enqueueRoute, openEventsRoute, streamRoute } from "../wire/routes.ts";
import type { Role } from "./access/principal.ts";
import { routes } from "./api/routes.ts";
import { controlRoutes } from "./control/routes.ts";
import { prometheusAddresses } from "./prometheus/addresses.ts";
import { browserStreams } from "./streams/streams.ts";
import { actions } from "./web/actions.ts";
import { pages } from "./web/pages.ts";

/**
 * What a route needs before it does anything. A role: a session or an API token of it, somewhere at least; what a
 * command or form does beyond that is asked where it is done. `session`: a person who has signed in, of any role or of
 * the one that follows. `cluster`: the
 * token of a cluster's agent. `public`: nobody in particular; these check for themselves what they were given.
 */
export type Need = Role | "session" | `session:${Role}` | "cluster" | "public";

const under = <N extends Need>(need: N, ...all: string[]): [string, N][] => all.map((one) => [one, need]);

/** What is in no other table. */
const others: readonly [string, Need][] = [
  ...under("public", "GET /livez", "GET /readyz", "GET /healthz", "GET /assets/:hash/:name"),
  // A token of role viewer, unless the configuration makes it public.
  ...under("viewer", "GET /metrics"),
  ...under("public", "GET /api/openapi.json"),
  ...under("viewer", ...prometheusAddresses),
  // Ways in: each takes a password, a code, a link's token, or what a provider says.
  ...under(
    "public",
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/code",
    "POST /sign-in/code",
    "POST /sign-out",
  ),
  ...under("public", "GET /setup", "GET /setup/password", "POST /setup/password"),
  ...under("public", "GET /setup/second-factor", "POST /setup/second-factor"),
  ...under("public", "GET /invite", "GET /invite/accept", "POST /invite/accept"),
  ...under("public", "GET /sign-in/oidc", "GET /sign-in/oidc/callback", "GET /sign-in/oidc/out"),
  // A manifest and an exchange, for who has the line of an enrolment.
  ...under("public", "GET /enrol/:file", "POST /enrol"),
  // Theme and language of a browser; links to where a page is now.
  ...under("public", "POST /preferences"),
  ...under("public", "GET /overview", "GET /workloads", "GET /network", "GET /config", "GET /api/docs"),
  // Tells who is signed out that they are.
  ...under("public", "GET /live"),
  ...under("session", "GET /search/found", "GET /palette", "GET /actions", "GET /actions/:action"),
  ...under(
    "session",
    "GET /actions/undo",
    "POST /actions/undo",
    "POST /actions/:action",
    "POST /commands/:id",
  ),
  ...under("session", "GET /logs/:cluster/:kind/:namespace/:name/text"),
  ...under("session", "POST /resources/:cluster/:api/:kind/:namespace/:name", "POST /create"),
  ...under("session:operator", "POST /drain/:cluster/:node"),
];

/** Routes that are answered before Elysia; all are POST, or WebSockets. */
const raw: readonly [string, Need][] = [
  ...under("cluster", ...sources.map((one) => `POST ${one.route}`), `POST ${openEventsRoute}`),
  ...controlRoutes.map((one): [string, Need] => [
    `POST ${one}`,
    one === enqueueRoute || one.endsWith("/enqueue") ? "viewer" : "cluster",
  ]),
  [`GET ${streamRoute}:id`, "cluster"],
  [`GET ${browserStreams}`, "session"],
];

/** `METHOD /path` → what it needs, of every route that there is. Pages, forms and the API say it in their own tables. */
export const policy: ReadonlyMap<string, Need> = new Map<string, Need>([
  ...others,
  ...raw,
  ...pages.map((page): [string, Need] => [
    `GET ${page.path}`,
    page.role === undefined ? "session" : `session:${page.role}`,
  ]),
  ...actions.map((action): [string, Need] => [`POST ${action.path}`, "session"]),
  ...routes.map((route): [string, Need] => [
    `${route.method ?? "GET"} ${route.path}`,
    route.role ?? "viewer",
  ]),
]);

/** Throws where a route is in no table: nobody would know who may go there. */
export function checkPolicy(found: readonly { method: string; path: string }[]): void {
  const unknown = found.map(({ method, path }) => `${method} ${path}`).filter((one) => !policy.has(one));
  if (unknown.length > 0)
    throw new Error(`nothing says who may use ${unknown.join(", ")}: add it to master/policy.ts`);
}
