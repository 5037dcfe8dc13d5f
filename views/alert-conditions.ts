import { type ConditionView, isShare, measured, severities } from "./alert-model.ts";

/** How a form asks for one property of a condition: pages draw it by this, and what is posted is read by it. */
export interface ConditionField {
  /** The property, and the field's name. */
  name: string;
  kind: "text" | "words" | "level" | "duration" | "choice";
  choices?: readonly string[];
  required?: true;
  /** The list of what is offered. */
  list?: "groups" | "series";
}

const text = (name: string, more: Partial<ConditionField> = {}): ConditionField => ({
  name,
  kind: "text",
  ...more,
});
const words = (name: string): ConditionField => ({ name, kind: "words" });
const choice = (name: string, choices: readonly string[]): ConditionField => ({
  name,
  kind: "choice",
  choices,
});
const needed = (name: string, kind: "level" | "duration"): ConditionField => ({ name, kind, required: true });

const line: readonly ConditionField[] = [
  choice("of", measured),
  text("group", { required: true, list: "groups" }),
  text("series", { required: true, list: "series" }),
];

export const conditionTypes = [
  "problem",
  "threshold",
  "rate",
  "forecast",
  "absence",
  "events",
  "certificate",
] as const satisfies ConditionView["type"][];

export const conditionFields: Record<ConditionView["type"], readonly ConditionField[]> = {
  problem: [words("kinds"), words("reasons")],
  threshold: [
    ...line,
    choice("op", ["above", "below"]),
    needed("trigger", "level"),
    needed("clear", "level"),
  ],
  rate: [
    ...line,
    choice("op", ["rises", "falls"]),
    needed("trigger", "level"),
    needed("clear", "level"),
    choice("per", ["minute", "hour"]),
    needed("windowMs", "duration"),
  ],
  forecast: [
    ...line,
    choice("op", ["rises", "falls"]),
    needed("level", "level"),
    { name: "floor", kind: "level" },
    needed("windowMs", "duration"),
    needed("withinMs", "duration"),
    needed("clearMs", "duration"),
  ],
  absence: [
    choice("what", ["values", "object"]),
    { name: "of", kind: "choice", choices: ["", ...measured] },
    text("group", { list: "groups" }),
    text("series", { list: "series" }),
    words("kinds"),
    words("names"),
  ],
  events: [
    words("kinds"),
    words("reasons"),
    words("severities"),
    text("message"),
    choice("by", ["object", "namespace", "cluster"]),
    needed("count", "level"),
    needed("windowMs", "duration"),
  ],
  certificate: [words("names"), needed("withinMs", "duration"), needed("clearMs", "duration")],
};

/** What a form of a new rule begins with. */
export const freshCondition: Record<ConditionView["type"], Record<string, string>> = {
  certificate: { withinMs: "14d", clearMs: "15d" },
  problem: {},
  threshold: { of: "node", op: "above" },
  rate: { of: "node", op: "rises", per: "hour", windowMs: "1h" },
  forecast: {
    of: "node",
    group: "disk *",
    series: "share",
    op: "rises",
    level: "100%",
    floor: "50%",
    windowMs: "6h",
    withinMs: "1d",
    clearMs: "2d",
  },
  absence: { what: "values", of: "node" },
  events: {
    severities: severities.filter((one) => one !== "info").join(", "),
    by: "object",
    count: "5",
    windowMs: "1h",
  },
};

/** A level as a form takes it back: shares as percents. */
export function levelField(condition: ConditionView, value: number): string {
  const { group = "", series = "" } = condition as { group?: string; series?: string };
  return isShare(group, series) ? `${Number((value * 100).toFixed(6))}%` : String(value);
}

/** What people offer themselves to type in. */
export const offered = {
  groups: [
    "cpu",
    "memory",
    "swap",
    "load",
    "pressure",
    "temperature",
    "disk *",
    "io *",
    "net *",
    "processes",
    "usage",
    "nodes",
    "pods",
  ],
  series: [
    "share",
    "used",
    "available",
    "total",
    "inodes",
    "usage",
    "iowait",
    "steal",
    "load5",
    "per core",
    "busy",
    "read",
    "written",
    "received",
    "sent",
    "cpu",
    "memory",
    "cpu of request",
    "cpu of limit",
    "memory of request",
    "memory of limit",
    "ready",
    "attention",
  ],
} as const;
