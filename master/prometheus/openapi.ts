import { type TSchema, Type as T } from "@sinclair/typebox";
import { asked, told } from "./addresses.ts";

type Json = Record<string, unknown>;

const query = "An expression of PromQL.";
const moment = "RFC 3339, or seconds since 1970.";
const parameters: Readonly<Record<string, string>> = {
  query,
  time: `When it is evaluated: ${moment} Now by default.`,
  start: `The beginning: ${moment}`,
  end: `The end: ${moment}`,
  step: "How far apart values are: 30s, 5m, or a number of seconds.",
  timeout: "How long it may take, 20s at most.",
  "match[]": "A selector of series; may be there several times.",
  limit: "How many at most.",
  metric: "Of this metric alone.",
};

const Labels = T.Record(T.String(), T.String());
const Sample = T.Tuple([T.Number(), T.String()]);
const Result = T.Object({
  resultType: T.String({ description: "vector, matrix, scalar or string" }),
  result: T.Array(
    T.Union([
      T.Object({ metric: Labels, value: Sample }),
      T.Object({ metric: Labels, values: T.Array(Sample) }),
      T.Number(),
      T.String(),
    ]),
  ),
});
const Metadata = T.Object({ type: T.String(), help: T.String(), unit: T.String() });
const Fault = T.Object({ status: T.Literal("error"), errorType: T.String(), error: T.String() });

/** [address, name, what it tells, parameters, `!` behind those that it needs, data] of each that has anything to tell. */
const all: readonly [path: string, id: string, summary: string, takes: readonly string[], data: TSchema][] = [
  [asked.query, "promQuery", "An expression of PromQL at one moment.", ["query!", "time", "timeout"], Result],
  [
    asked.queryRange,
    "promQueryRange",
    "An expression of PromQL over time.",
    ["query!", "start!", "end!", "step!", "timeout"],
    Result,
  ],
  [
    asked.series,
    "promSeries",
    "The series that selectors find.",
    ["match[]!", "start", "end", "limit"],
    T.Array(Labels),
  ],
  [
    asked.labels,
    "promLabels",
    "The names of labels.",
    ["match[]", "start", "end", "limit"],
    T.Array(T.String()),
  ],
  [
    told.labelValues,
    "promLabelValues",
    "The values of a label.",
    ["match[]", "start", "end", "limit"],
    T.Array(T.String()),
  ],
  [
    told.metadata,
    "promMetadata",
    "What metrics are.",
    ["metric", "limit"],
    T.Record(T.String(), T.Array(Metadata)),
  ],
];

const plain = (schema: TSchema): Json => JSON.parse(JSON.stringify(schema));
const body = (schema: TSchema) => ({ "application/json": { schema: plain(schema) } });

/** What the OpenAPI document tells of Prometheus' API; all but the last two are also read by POST of a form. */
export function prometheusPaths(tag: string): Json {
  return Object.fromEntries(
    all.map(([path, operationId, summary, takes, data]) => [
      path.replace(/:(\w+)/g, "{$1}"),
      {
        get: {
          operationId,
          tags: [tag],
          summary,
          parameters: parametersOf(path, takes),
          responses: answers(data),
        },
      },
    ]),
  );
}

const parametersOf = (path: string, takes: readonly string[]) => [
  ...Array.from(path.matchAll(/:(\w+)/g), ([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  })),
  ...takes.map((taken) => {
    const name = taken.replace("!", "");
    return {
      name,
      in: "query",
      description: parameters[name],
      ...(name === taken ? {} : { required: true }),
      schema: { type: "string" },
    };
  }),
];

function answers(data: TSchema): Json {
  const fault = { description: "A fault, as Prometheus tells it", content: body(Fault) };
  return {
    "200": {
      description: "What was asked for",
      content: body(
        T.Object({ status: T.Literal("success"), data, warnings: T.Optional(T.Array(T.String())) }),
      ),
    },
    ...Object.fromEntries(["400", "422", "503"].map((status) => [status, fault])),
    ...Object.fromEntries(
      ["401", "403"].map((status) => [status, { $ref: "#/components/responses/Problem" }]),
    ),
  };
}
