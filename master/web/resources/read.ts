import { noNamespace, apiVersionOf, type ResourceRef } from "../../../views/pages/resources/address.ts";
import type { Read } from "../../../views/pages/resources/object.ts";
import { ProblemError, problem } from "../../../wire/problem.ts";
import type { Origin } from "../../access/access.ts";
import type { UserPrincipal } from "../../access/principal.ts";
import type { NewCommand } from "../../control/control.ts";
import type { SeenDeps, WebDeps } from "../deps.ts";

/** How long a page waits for an agent's answer. */
const waitMs = 15_000;

/** What an agent read for a page; or why it did not, in words. What one may not see stays a 404, and a 403. */
export async function readFor<T>(
  deps: Pick<WebDeps, "control">,
  user: UserPrincipal,
  from: Origin,
  command: NewCommand,
): Promise<Read<T>> {
  try {
    const ended = await deps.control.run(user, from, command, waitMs);
    if (ended.state === "succeeded" && ended.data !== undefined) return { data: ended.data as T };
    return {
      problem: ended.message ?? ended.state,
      ...(ended.errorCode ? { code: ended.errorCode } : {}),
    };
  } catch (error) {
    if (!(error instanceof ProblemError) || [403, 404].includes(error.problem.status)) throw error;
    return { problem: error.problem.detail ?? error.problem.title };
  }
}

/** The object that a page's path names: `/resources/:cluster/:api/:kind/:namespace/:name`. */
export function refOf(params: Record<string, string>): ResourceRef {
  const { cluster = "", api = "", kind = "", namespace = "", name = "" } = params;
  return {
    cluster,
    apiVersion: apiVersionOf(api),
    kind,
    namespace: namespace === noNamespace ? "" : namespace,
    name,
  };
}

/** 404 for a cluster that there is not, or that one may not see. */
export function clusterNamed(deps: Pick<SeenDeps, "datasource">, id: string): string {
  if (!deps.datasource.cluster(id)) throw problem(404, "there is no such cluster");
  return id;
}
