import { type Static, type TUnsafe, Type as T } from "@sinclair/typebox";
import { measured } from "../../../views/alert-model.ts";
import { Severity } from "../../../wire/event.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export const Words = T.Array(T.String({ minLength: 1, maxLength: 253 }), { maxItems: 100 });
/** One of some words. TypeBox loses which, where a list is mapped. */
const choice = <const K extends string>(values: readonly K[], description: string) =>
  T.Union(
    values.map((one) => T.Literal(one)),
    { description },
  ) as unknown as TUnsafe<K>;

/** The series that a condition over values looks at. */
const Line = {
  of: T.Optional(choice(measured, "Whose series; absent: each node's.")),
  group: T.String({
    minLength: 1,
    maxLength: 253,
    description: "A group of series; `disk *` is every disk. Pods and workloads have `usage`.",
  }),
  series: T.String({ minLength: 1, maxLength: 253 }),
};
const windowMs = T.Integer({
  minimum: 5 * minuteMs,
  maximum: dayMs,
  description: "How far back it looks, in ms: 5 minutes to 24 hours.",
});

const Problem = T.Object(
  { type: T.Literal("problem"), kinds: T.Optional(Words), reasons: T.Optional(Words) },
  { description: "Something is wrong with an object: of these kinds, for these reasons; absent: any." },
);

const Threshold = T.Object(
  {
    type: T.Literal("threshold"),
    ...Line,
    op: choice(["above", "below"], "On which side of the level it fires."),
    trigger: T.Number({ description: "Fires beyond this." }),
    clear: T.Number({ description: "Is over on the other side of this." }),
  },
  { description: "A value crosses a level." },
);

const Rate = T.Object(
  {
    type: T.Literal("rate"),
    ...Line,
    op: choice(["rises", "falls"], "Which way it goes."),
    per: choice(["minute", "hour"], "What the levels are changes in."),
    trigger: T.Number({ minimum: 0, description: "Fires where it changes by more than this." }),
    clear: T.Number({ minimum: 0, description: "Is over where it changes by less than this." }),
    windowMs,
  },
  { description: "A value rises or falls, by the line through a window, by more than so much." },
);

const Forecast = T.Object(
  {
    type: T.Literal("forecast"),
    ...Line,
    op: choice(["rises", "falls"], "Which way the level lies."),
    level: T.Number({ description: "What the value is not to reach; shares are from 0 to 1." }),
    floor: T.Optional(
      T.Number({ description: "It fires only where the value is that far already; absent: anywhere." }),
    ),
    windowMs,
    withinMs: T.Integer({
      minimum: 5 * minuteMs,
      maximum: 30 * dayMs,
      description: "Fires where the level is reached within so many ms at the rate of the window.",
    }),
    clearMs: T.Integer({
      minimum: 5 * minuteMs,
      maximum: 60 * dayMs,
      description: "Is over where it is not reached within so many ms.",
    }),
  },
  { description: "A value that goes on as it did over a window reaches a level soon." },
);

const Absence = T.Object(
  {
    type: T.Literal("absence"),
    what: choice(
      ["values", "object"],
      "What is missed: values of something that is there, or an object itself.",
    ),
    of: T.Optional(choice(measured, "Whose values; absent: nodes'.")),
    group: T.Optional(
      T.String({ minLength: 1, maxLength: 253, description: "Absent: any values of it at all." }),
    ),
    series: T.Optional(T.String({ minLength: 1, maxLength: 253 })),
    kinds: T.Optional(Words),
    names: T.Optional(Words),
  },
  {
    description:
      "What was there is not there any more: for as long as the rule's `forMs`. Of objects of these kinds, with these names, in which * stands for anything.",
  },
);

const Events = T.Object(
  {
    type: T.Literal("events"),
    kinds: T.Optional(Words),
    reasons: T.Optional(Words),
    severities: T.Optional(T.Array(Severity, { maxItems: 3, description: "Absent: warning and critical." })),
    message: T.Optional(
      T.String({
        minLength: 1,
        maxLength: 200,
        description: "What the message holds, whatever the case; * stands for anything.",
      }),
    ),
    by: choice(["object", "namespace", "cluster"], "What they are counted by."),
    count: T.Integer({ minimum: 1, maximum: 10_000, description: "Fires at so many." }),
    windowMs: T.Integer({
      minimum: minuteMs,
      maximum: dayMs,
      description: "Within so many ms: 1 minute to 24 hours.",
    }),
  },
  { description: "So many events came within a time." },
);

const Certificate = T.Object(
  {
    type: T.Literal("certificate"),
    names: T.Optional(Words),
    withinMs: T.Integer({
      minimum: hourMs,
      maximum: 400 * dayMs,
      description: "Fires where it expires within so many ms, and a fifth of its life at most is left.",
    }),
    clearMs: T.Integer({
      minimum: hourMs,
      maximum: 400 * dayMs,
      description: "Is over where it does not expire within so many ms.",
    }),
  },
  {
    description:
      "A certificate in a Secret of type kubernetes.io/tls expires soon, where an agent was granted to look (ATLHYPER_CERTIFICATES).",
  },
);

export const conditionSchemas = {
  problem: Problem,
  threshold: Threshold,
  rate: Rate,
  forecast: Forecast,
  absence: Absence,
  events: Events,
  certificate: Certificate,
};

export const Condition = T.Union([Problem, Threshold, Rate, Forecast, Absence, Events, Certificate]);
export type Condition = Static<typeof Condition>;
export type ConditionOf<K extends Condition["type"]> = Extract<Condition, { type: K }>;
