import { type AnyElysia, Elysia } from "elysia";
import { barePage } from "../../views/layout.ts";
import { errorContent, errorTitle } from "../../views/pages/error.ts";
import { foundMenu } from "../../views/parts/found.ts";
import { type Problem, problem } from "../../wire/problem.ts";
import type { MasterParts } from "../parts.ts";
import { actRoutes } from "./act/routes.ts";
import { commandPost } from "./act/command-post.ts";
import { resourcePosts } from "./resources/posts.ts";
import { rememberCommands } from "./act/recent.ts";
import { runAction } from "./action.ts";
import { actions } from "./actions.ts";
import { assetRoutes } from "./assets.ts";
import { safeBack } from "./back.ts";
import { seenBy, type WebDeps } from "./deps.ts";
import { endedStream, LivePage } from "./live.ts";
import { findPage, type Page } from "./page.ts";
import { pages } from "./pages.ts";
import { respond, seeOther } from "./respond.ts";
import { logs, logText } from "./pages/streams.ts";
import { best, queryOf, search } from "./search.ts";
import { servePage, userOf } from "./serve-page.ts";
import { oidcRoutes } from "./oidc.ts";
import { secondStepRoutes } from "./second-step.ts";
import { sessionRoutes } from "./session.ts";
import { viewing, visiting } from "./viewing.ts";

const streams = new WeakMap<WebDeps, Set<LivePage>>();

/** Under the search box: how many, and how many of each kind are looked at for those with the nearest names. */
const mostFound = 12;
const mostLooked = 50;

/** Addresses that people try: names of the side bar whose pages are those of its first kind. */
const elsewhere: Record<string, string> = {
  "/overview": "/",
  "/workloads": "/deployments",
  "/network": "/services",
  "/config": "/configmaps",
  "/api/docs": "/api",
};

/** All pages, assets and streams; mounted by the master's server behind the API's routes. */
export function createWeb(deps: WebDeps) {
  const open = new Set<LivePage>();
  streams.set(deps, open);
  rememberCommands(deps.control);
  const app = new Elysia({ name: "web" })
    .use(assetRoutes())
    .use(sessionRoutes(deps))
    .use(secondStepRoutes(deps))
    .use(oidcRoutes(deps))
    .use(actRoutes(deps))
    .use(resourcePosts(deps));
  for (const page of pages) addPage(app, deps, page);
  // While one types: a few results, swapped in under the search box.
  app.get("/search/found", async ({ request }) => {
    const user = await userOf(deps, request);
    if (user instanceof Response) return user;
    const seen = seenBy(deps, user);
    const v = viewing(seen, request, user, new URL(request.url));
    const q = queryOf(v);
    return respond(request, foundMenu(v, q, best(search(v, seen, q, mostLooked), q, mostFound)));
  });
  for (const [path, to] of Object.entries(elsewhere))
    app.get(path, ({ request }) => seeOther(to + new URL(request.url).search));
  for (const path of new Set(actions.map((one) => one.path)))
    app.post(path, ({ request }) => runAction(deps, actions, path, request), { parse: "none" });
  app.get(`${logs.path}/text`, ({ request, params }) => logText(deps, request, params));
  app.post("/commands/:id", ({ request, params }) => commandPost(deps, request, params.id), {
    parse: "none",
  });
  return app.get("/live", async ({ request, server }) => {
    const url = new URL(safeBack(new URL(request.url).searchParams.get("page")), request.url);
    const found = findPage(pages, url.pathname);
    if (!found) throw problem(404, "there is no such page");
    const principal = await deps.access.authenticate(request);
    if (principal?.kind !== "user") return endedStream(request, url);
    // A stream may be silent for longer than any other answer; the heartbeat finds out who is gone.
    server?.timeout(request, 0);
    const stream = new LivePage(deps, request, url, found, () => open.delete(stream));
    open.add(stream);
    request.signal.addEventListener("abort", () => stream.close());
    return stream.response();
  });
}

function addPage(app: AnyElysia, deps: WebDeps, page: Page): void {
  app.get(page.path, ({ request, params }) =>
    servePage(deps, page, request, params as Record<string, string>),
  );
}

/** Ends all streams, so that the server can stop; browsers come back by themselves. */
export function closeStreams(deps: WebDeps): void {
  for (const one of streams.get(deps) ?? []) one.close();
}

/** The pages of a master that has all they need. */
export function web(parts: MasterParts & Partial<WebDeps>): AnyElysia {
  return parts.access ? createWeb(parts as WebDeps) : new Elysia();
}

/** A fault as a page, for a browser; undefined leaves it to be answered as problem+json. */
export function errorPage(_parts: MasterParts, request: Request, fault: Problem): Response | undefined {
  const v = visiting(request);
  return respond(request, barePage(v, errorTitle(v, fault), errorContent(v, fault)), fault.status);
}
