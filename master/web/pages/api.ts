import { apiHead, apiOperations, apiStart, type Operation } from "../../../views/pages/api.ts";
import { version } from "../../../wire/version.ts";
import { openApiDocument } from "../../api/openapi.ts";
import type { Page } from "../page.ts";
import { publicUrl } from "../public-url.ts";

interface Schema {
  type?: string;
  const?: string;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  $ref?: string;
}
type Method = "get" | "post";
interface Described {
  tags: string[];
  summary: string;
  parameters: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

type Paths = Record<string, Partial<Record<Method, Described>>>;

let operations: Operation[] | undefined;

/** The API as a page to read, made from the same document that programs get. */
export const apiPage: Page = {
  path: "/api",
  topics: [],
  load({ v, deps, origin }) {
    operations ??= read(openApiDocument().paths as Paths);
    return {
      title: v.t.api.title,
      fragments: {
        head: apiHead(v, version),
        start: apiStart(v, publicUrl(deps, origin)),
        operations: apiOperations(v, operations, publicUrl(deps, origin)),
      },
    };
  },
};

function read(paths: Paths): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    (Object.entries(methods) as [Method, Described][]).map(([method, one]) => ({
      method: method === "get" ? ("GET" as const) : ("POST" as const),
      path,
      tag: one.tags[0] ?? "",
      summary: one.summary,
      parameters: one.parameters.map(({ schema, ...more }) => ({ ...more, type: typeName(schema) })),
      body: shapeOf(one.requestBody?.content["application/json"]?.schema ?? {}),
      answer: shapeOf(one.responses["200"]?.content?.["application/json"]?.schema ?? {}),
    })),
  );
}

function typeName(schema: Schema): string {
  if (schema.$ref) return schema.$ref.split("/").at(-1)!;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map(typeName).join(" | ");
  return schema.items ? `${typeName(schema.items)}[]` : (schema.type ?? "any");
}

function shapeOf(schema: Schema): string {
  if (!schema.properties) return typeName(schema);
  const fields = Object.entries(schema.properties).map(([name, one]) =>
    one.items?.properties
      ? `${name}: [${shapeOf(one.items)}]`
      : one.$ref || one.items
        ? `${name}: ${typeName(one)}`
        : name,
  );
  return `{${fields.join(", ")}}`;
}
