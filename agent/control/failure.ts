import { KubeError } from "../kube/error.ts";
import type { UndoCommand } from "../../wire/control.ts";
import { OperationError } from "../operate/operation.ts";

/** What the API server says where RBAC is the reason; admission's refusals are worded otherwise. */
const byRbac = /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/;

/** Why a command failed, as its ack tells it: one sentence, and a code (see OperationError). */
export function failureOf(error: unknown): { errorCode: string; message: string; undo?: UndoCommand } {
  if (error instanceof OperationError)
    return {
      errorCode: error.code,
      message: error.message,
      ...(error.undo === undefined ? {} : { undo: error.undo }),
    };
  if (!(error instanceof KubeError))
    return { errorCode: "ExecuteError", message: `Internal fault of the agent: ${(error as Error).message}` };
  return { errorCode: codeOf(error), message: wordsOf(error) };
}

function wordsOf(error: KubeError): string {
  const denied = error.status === 403 ? byRbac.exec(error.message) : null;
  if (denied === null) return error.message;
  const [, verb, resource, group, namespace] = denied;
  const what = group ? `${resource}.${group}` : resource;
  const where = namespace ? ` in namespace ${namespace}` : "";
  return `The agent may not ${verb} ${what}${where}: its role in the cluster does not allow it (see manifests/base/agent/rights/rbac-operator.yaml).`;
}

function codeOf({ status, reason }: KubeError): string {
  if (status === 403) return "Forbidden";
  if (status === 404) return "NotFound";
  if (status === 409) return "Conflict";
  if (status === 429) return "Blocked";
  if (status === 400 || status === 422) return "BadRequest";
  if (status === 0 && reason === "Credentials") return "Forbidden";
  return status === 0 || status >= 500 ? "Unreachable" : "ExecuteError";
}

/** The way to the API server, or the server itself: the same may work in a moment. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false;
  if (error.status === 0) return error.reason !== "Credentials" && error.reason !== "BadAnswer";
  return error.status === 401 || error.status === 429 || error.status >= 500;
}
