import type { TSchema } from "@sinclair/typebox";
import { kindKeys, kinds } from "../../wire/kinds.ts";
import { version } from "../../wire/version.ts";
import { prometheusPaths } from "../prometheus/openapi.ts";
import { routes } from "./routes.ts";
import type { Route } from "./route.ts";
import { ProblemDetails, withAbout } from "./shapes.ts";

const prometheus = "prometheus";

type Json = Record<string, unknown>;

/**
 * The OpenAPI 3.1 document, from the same schemas that the wire is checked with: TypeBox schemas are JSON Schema
 * 2020-12, which is what OpenAPI 3.1 takes.
 */
export function openApiDocument(): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "AtlHyper",
      version,
      summary: "What runs in your clusters, and what happened there.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }, { session: [] }],
    tags: [...new Set(routes.map((route) => route.tag)), prometheus].map((name) => ({ name })),
    paths: { ...paths(), ...prometheusPaths(prometheus) },
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token: atlhyper token create" },
        session: { type: "apiKey", in: "cookie", name: "atlhyper_session" },
      },
      schemas: {
        Problem: plain(ProblemDetails),
        ...Object.fromEntries(
          kindKeys.map((kind) => [kinds[kind].kind, plain(withAbout(kinds[kind].schema as TSchema))]),
        ),
      },
      responses: {
        Problem: {
          description: "A fault",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
  };
}

/** One path may have several methods. */
function paths(): Json {
  const all: Record<string, Json> = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    all[path] = { ...all[path], [route.method === "POST" ? "post" : "get"]: operation(route) };
  }
  return all;
}

const openApiPath = (path: string) => path.replace(/:(\w+)/g, "{$1}");

/** Schemas that stand under `components` are referred to and not written out again. */
const named = new Map(
  kindKeys.map((kind) => [
    JSON.stringify(withAbout(kinds[kind].schema as TSchema)),
    { $ref: `#/components/schemas/${kinds[kind].kind}` },
  ]),
);

function operation(route: Route): Json {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(route.query).map(([name, { description, schema }]) => ({
    name,
    in: "query",
    description,
    schema,
  }));
  const faults = [
    "401",
    "403",
    ...(inPath.length > 0 || route.method ? ["404"] : []),
    ...(route.method ? ["409"] : []),
    "422",
  ];
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    parameters: [...inPath, ...inQuery],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { [route.bodyType ?? "application/json"]: { schema: plain(route.body) } },
          },
        }
      : {}),
    responses: {
      "200": {
        description: "What was asked for",
        content: {
          [route.id === "exportAudit" ? "application/jsonl" : "application/json"]: {
            schema: refer(route.answer),
          },
        },
      },
      ...Object.fromEntries(faults.map((status) => [status, { $ref: "#/components/responses/Problem" }])),
    },
  };
}

/** A schema as plain JSON, without TypeBox's symbols. */
const plain = (schema: TSchema): Json => JSON.parse(JSON.stringify(schema));

function refer(schema: TSchema): unknown {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (value === null || typeof value !== "object") return value;
    return named.get(JSON.stringify(value)) ?? value;
  });
}
