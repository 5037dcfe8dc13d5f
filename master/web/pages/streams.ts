import { keyOfKind } from "../../../views/parts/links.ts";
import { followed, logsPage } from "../../../views/pages/streams/logs.ts";
import { terminalPage } from "../../../views/pages/streams/terminal.ts";
import type { Row } from "../../../views/model.ts";
import type { Pod } from "../../../wire/pod.ts";
import { kindKeys, kinds, type KindKey } from "../../../wire/kinds.ts";
import { ProblemError, problem } from "../../../wire/problem.ts";
import { awaitedLists } from "../../datasource/awaited.ts";
import { contentPolicy } from "../../headers.ts";
import { requestInfo } from "../../requests.ts";
import { type SeenDeps, type WebDeps, seenBy } from "../deps.ts";
import type { Page } from "../page.ts";
import { userOf } from "../serve-page.ts";

/** `Pod` or `pod`, as menus and people write it; 404 for what has no logs. */
function kindOf(text: string): KindKey {
  const kind = kindKeys.find((one) => one === text) ?? keyOfKind(text);
  if (!kind || !followed.includes(kind)) throw problem(404, "there are no logs of such a kind");
  return kind;
}

/** 404, or 503 where nobody knows yet what there is. */
const notThere = (datasource: SeenDeps["datasource"], cluster: string, kind: KindKey) =>
  awaitedLists(datasource, cluster, kind)
    ? problem(503, "the list of this cluster's agent has not come since the master started", {
        retryAfterSeconds: 5,
      })
    : problem(404, `there is no such ${kind === "pod" ? kind : "object"}`);

function podsOf(
  deps: Pick<SeenDeps, "datasource">,
  kind: KindKey,
  { cluster, namespace, name }: { cluster: string; namespace: string; name: string },
): Row<Pod>[] {
  if (kind !== "pod")
    return deps.datasource.podsOf(cluster, { owner: { kind: kinds[kind].kind, namespace, name } });
  const pod = deps.datasource.get("pod", { cluster, namespace, name });
  return pod ? [pod] : [];
}

const containersOf = (pods: readonly Row<Pod>[]) => [
  ...new Set(pods.flatMap((pod) => (pod.item.containers ?? []).map((one) => one.name))),
];

export const logs: Page = {
  path: "/logs/:cluster/:kind/:namespace/:name",
  nav: "workloads",
  topics: [],
  load({ v, deps, params, live }) {
    const { cluster = "", namespace = "", name = "" } = params;
    const kind = kindOf(params.kind ?? "");
    const title = v.t.streams.logsOf(name);
    if (live) return { title, fragments: {} };
    if (!deps.datasource.get(kind, { cluster, namespace, name }))
      throw notThere(deps.datasource, cluster, kind);
    const pods = podsOf(deps, kind, { cluster, namespace, name });
    const containers = containersOf(pods);
    return {
      title,
      fragments: logsPage(v, { cluster, kind, namespace, name, containers, pods: pods.length }),
    };
  },
};

export const terminal: Page = {
  path: "/terminal/:cluster/:namespace/:pod",
  nav: "pods",
  role: "operator",
  topics: [],
  load({ v, deps, params, live }) {
    const { cluster = "", namespace = "", pod = "" } = params;
    const title = v.t.streams.terminalIn(pod);
    if (live) return { title, fragments: {} };
    const row = deps.datasource.get("pod", { cluster, namespace, name: pod });
    if (!row) throw notThere(deps.datasource, cluster, "pod");
    const containers = (row.item.containers ?? [])
      .filter((one) => one.role !== "init")
      .map((one) => one.name);
    return {
      title,
      // xterm.js lays out its screen with style elements of its own.
      headers: { "content-security-policy": contentPolicy({ inlineStyles: true }) },
      fragments: terminalPage(v, { cluster, namespace, pod, containers, off: !deps.config.exec }),
    };
  },
};

/** The end of a log as plain text: for who has no script, for the run before the last restart, and to keep. */
export async function logText(
  whole: WebDeps,
  request: Request,
  params: Record<string, string>,
): Promise<Response> {
  const user = await userOf(whole, request);
  if (user instanceof Response) return user;
  const deps = seenBy(whole, user);
  const { cluster = "", namespace = "", name = "" } = params;
  const kind = kindOf(params.kind ?? "");
  const query = new URL(request.url).searchParams;
  const pods = podsOf(deps, kind, { cluster, namespace, name });
  const pod = kind === "pod" ? name : pods[0]?.item.summary.name;
  if (!pod) throw problem(404, "there is no such pod");
  const number = (key: string, most: number) => {
    const value = Number(query.get(key) || Number.NaN);
    return Number.isInteger(value) && value > 0 && value <= most ? value : undefined;
  };
  const container = query.get("container") || containersOf(pods)[0];
  const tailLines = number("tail", 100_000);
  const sinceSeconds = number("since", 31_536_000);
  try {
    const ended = await deps.control.run(user, requestInfo(request), {
      cluster,
      type: "PodGetLogs",
      target: { ns: namespace, pod },
      args: {
        ...(container ? { container } : {}),
        ...(tailLines ? { tailLines } : {}),
        ...(sinceSeconds ? { sinceSeconds } : {}),
        ...(query.get("previous") === "1" ? { previous: true } : {}),
      },
    });
    const { log } = (ended.data ?? {}) as { log?: string };
    const text = ended.state === "succeeded" ? (log ?? "") : (ended.message ?? ended.state);
    return new Response(text, {
      status: ended.state === "succeeded" ? 200 : 502,
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status !== 504) throw error;
    return new Response(`${error.problem.detail}\n`, {
      status: 504,
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    });
  }
}
