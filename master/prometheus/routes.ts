import { type AnyElysia, Elysia } from "elysia";
import { Turns } from "../../kit/turns.ts";
import type { Principal } from "../access/principal.ts";
import type { MasterParts } from "../parts.ts";
import { within } from "../within.ts";
import { asked, told } from "./addresses.ts";
import { QueryFault } from "./fault.ts";

const atOnce = 2;
const mostWaiting = 64;

/** The part of Prometheus' HTTP API that Grafana asks, over the metrics history as each reader sees it. */
export function createPrometheus(parts: MasterParts): AnyElysia {
  const app = new Elysia({ name: "prometheus" });
  const turns = new Turns(
    atOnce,
    mostWaiting,
    () => new QueryFault("unavailable", `${mostWaiting} queries wait already: try again later`),
  );
  const at =
    (path: string) =>
    async ({ request, params }: { request: Request; params: unknown }): Promise<Response> => {
      const by = await whoAsks(parts.access, request);
      parts.access.require(by, "viewer");
      if (request.method === "POST")
        parts.access.checkForm(request, by, request.headers.get("x-csrf") ?? undefined);
      // The grammar is 4 MB in memory, for those who ask.
      const { answer } = await import("./handlers.ts");
      const seen = within(parts, by);
      return answer({ path, request, params: params as Record<string, string>, seen, turns });
    };
  for (const path of [...Object.values(asked), ...Object.values(told)])
    app.get(path, at(path), { parse: "none" });
  for (const path of Object.values(asked)) app.post(path, at(path), { parse: "none" });
  return app;
}

/** As everywhere, and by HTTP's basic authentication with an API token as the password, whatever the name. */
function whoAsks(
  access: MasterParts["access"],
  request: Request,
): Principal | undefined | Promise<Principal | undefined> {
  const [, basic] = /^Basic +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (basic === undefined) return access.authenticate(request);
  const pair = Buffer.from(basic, "base64").toString();
  return access.authenticateToken(pair.slice(pair.indexOf(":") + 1));
}
