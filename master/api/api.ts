import { type AnyElysia, Elysia } from "elysia";
import { problem } from "../../wire/problem.ts";
import type { Access } from "../access/access.ts";
import { metricsText } from "../counters.ts";
import type { MasterParts } from "../parts.ts";
import { within } from "../within.ts";
import { masterMetrics } from "./metrics.ts";
import { openApiDocument } from "./openapi.ts";
import { routes } from "./routes.ts";
import { validated } from "./validated.ts";

const plain = (text: string, status = 200) =>
  new Response(`${text}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8" } });

/** The REST API, its document, the metrics, and the probes of health. */
export function createApi(parts: MasterParts): AnyElysia {
  const access: Access = parts.access;
  const metrics = masterMetrics(parts);
  const app = new Elysia({ name: "api" })
    .get("/livez", () => plain("ok"))
    .get("/readyz", () => ready(parts))
    .get("/healthz", () => ready(parts))
    .get("/metrics", async ({ request }) => {
      if (!parts.config.metricsPublic) access.require(await access.authenticate(request), "viewer", {});
      return new Response(metricsText(metrics), {
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
      });
    });
  let document: string | undefined;
  app.get("/api/openapi.json", () => {
    document ??= JSON.stringify(openApiDocument());
    return new Response(document, { headers: { "content-type": "application/json" } });
  });
  for (const route of routes)
    app[route.method === "POST" ? "post" : "get"](
      route.path,
      async ({ request, params }) => {
        const by = await access.authenticate(request);
        access.require(by, route.role ?? "viewer");
        // What changes something is never done on the word of a browser that was led here from elsewhere.
        if (route.method) access.checkForm(request, by, request.headers.get("x-csrf") ?? undefined);
        const got = await route.get(within(parts, by), request, params ?? {}, by);
        const found = got instanceof Response ? got : Response.json(got);
        if (route.polled) return validated(request, found);
        found.headers.set("cache-control", "no-store");
        return found;
      },
      { parse: "none" },
    );
  return app;
}

/** Ready while the database answers. */
async function ready({ database, events }: MasterParts): Promise<Response> {
  try {
    database.main.query("SELECT 1").get();
    database.events.query("SELECT 1").get();
    return plain("ok");
  } catch (error) {
    events.failed("database", error);
    throw problem(503, "the database does not answer");
  }
}
