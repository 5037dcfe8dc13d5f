import { chooseLang, texts } from "../../views/text/text.ts";
import type { Viewing } from "../../views/viewing.ts";
import { needsApproval } from "../control/approval.ts";
import { commandRole } from "../access/command-roles.ts";
import type { UserPrincipal } from "../access/principal.ts";
import { recentCommands } from "./act/recent.ts";
import { assets } from "./assets.ts";
import { chooseTheme, cookie, langCookie, themeCookie } from "./cookies.ts";
import type { SeenDeps } from "./deps.ts";

/** What holds for everybody, signed in or not: language, theme, assets. */
export function visiting(request: Request): Pick<Viewing, "t" | "lang" | "theme" | "assets" | "now"> {
  const lang = chooseLang(cookie(request, langCookie), request.headers.get("accept-language"));
  return {
    t: texts[lang],
    lang,
    theme: chooseTheme(cookie(request, themeCookie)),
    assets: assets(),
    now: Date.now(),
  };
}

/** Who looks at the page `url`, how, and within which scope. */
export function viewing(deps: SeenDeps, request: Request, user: UserPrincipal, url: URL): Viewing {
  const scopeOf = (name: string) => url.searchParams.get(name)?.slice(0, 253) || undefined;
  const scope = { cluster: scopeOf("cluster"), namespace: scopeOf("namespace") };
  const clusters = deps.datasource.clusters().map((one) => {
    const agents = deps.control?.agentsOf(one.id) ?? 0;
    return agents > 1 ? { ...one, agents } : one;
  });
  return {
    ...visiting(request),
    path: url.pathname,
    query: url.searchParams,
    scope,
    clusters,
    namespaces: deps.datasource.namespaces(scope.cluster),
    user: { name: user.name, role: user.role },
    needsApproval: (type) => needsApproval(type, deps.config.approve),
    firing: deps.alerts
      .list({ ...scope, state: "firing", muted: false })
      .reduce((count, one) => (one.ack ? count : count + 1), 0),
    proposed:
      deps.config.approve.length > 0 ? deps.control.list(user, { state: "proposed", limit: 1 }).total : 0,
    doing: recentCommands(deps.control, user, Date.now()),
    admin: (where) => deps.access.may(user, "admin", where),
    can: (type, where) => deps.access.may(user, commandRole(type, { ns: where.namespace ?? "" }, {}), where),
    ...(deps.config.exec ? {} : { off: new Set(["PodExec"] as const) }),
    passwordLeast: deps.access.passwordLeast,
    csrf: user.csrf,
    demo: {
      available: deps.demo !== undefined && deps.access.may(user, "admin", {}),
      running: deps.demo?.running() ?? clusters.some((one) => one.flavour === "demo"),
    },
  };
}
