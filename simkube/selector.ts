import { badRequest } from "./api-error.ts";
import type { Kind } from "./kinds.ts";
import { isFields, type Stored } from "./object.ts";

export type Matches = (object: Stored) => boolean;

/** `labelSelector` and `fieldSelector` of a request as one test. Throws 400 for what cannot be understood. */
export function parseSelectors(kind: Kind, query: URLSearchParams): Matches {
  const tests = [
    ...parseLabels(query.get("labelSelector") ?? ""),
    ...parseFields(kind, query.get("fieldSelector") ?? ""),
  ];
  return (object) => tests.every((test) => test(object));
}

function parseLabels(text: string): Matches[] {
  const tests: Matches[] = [];
  // Commas inside the parentheses of `in (a, b)` do not separate requirements.
  for (const raw of text.split(/,(?![^(]*\))/)) {
    const part = raw.trim();
    if (part === "") continue;
    const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
    if (set) {
      const values = set[3]!.split(",").map((value) => value.trim());
      const within = set[2] === "in";
      tests.push(({ metadata }) => {
        const value = metadata.labels?.[set[1]!];
        return within
          ? value !== undefined && values.includes(value)
          : value === undefined || !values.includes(value);
      });
      continue;
    }
    const equals = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(part);
    if (equals) {
      const same = equals[2] !== "!=";
      tests.push(({ metadata }) => (metadata.labels?.[equals[1]!] === equals[3]) === same);
      continue;
    }
    const exists = /^(!?)\s*([\w./-]+)$/.exec(part);
    if (!exists) throw badRequest(`unable to parse requirement: ${part}`);
    tests.push(({ metadata }) => (metadata.labels?.[exists[2]!] !== undefined) === (exists[1] === ""));
  }
  return tests;
}

/** The fields that the real API server knows per kind; any other is 400. */
const selectable: Record<string, string[]> = {
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
  ],
  events: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.fieldPath",
    "regarding.kind",
    "regarding.namespace",
    "regarding.name",
    "regarding.uid",
    "reason",
    "type",
    "reportingComponent",
  ],
  nodes: ["spec.unschedulable"],
  secrets: ["type"],
  namespaces: ["status.phase"],
  "jobs.batch": ["status.successful"],
};

function parseFields(kind: Kind, text: string): Matches[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const match = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(part);
      if (!match) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
      const [, field, operator, wanted] = match as unknown as [string, string, string, string];
      const known = field === "metadata.name" || field === "metadata.namespace";
      if (!known && !selectable[kind.storage]?.includes(field))
        throw badRequest(`field label not supported: ${field}`);
      const path = field.replace(/^regarding\./, "involvedObject.").split(".");
      return (object: Stored) => (fieldText(object, path) === wanted) === (operator !== "!=");
    });
}

function fieldText(object: unknown, path: string[]): string {
  let value = object;
  for (const field of path) value = isFields(value) ? value[field] : undefined;
  return value === undefined || value === null ? "" : String(value);
}
