import { Elysia } from "elysia";
import { ProblemError, problem } from "../../../wire/problem.ts";
import { createAlerting } from "../../alert/alerting.ts";
import { startAudit } from "../../audit/trail.ts";
import { createControl } from "../../control/create.ts";
import { openDatabase } from "../../database/database.ts";
import type { SeenEvents } from "../../database/events/store.ts";
import { createMarks } from "../../history/marks.ts";
import { createMetricsHistory } from "../../history/history.ts";
import { secureHeaders } from "../../headers.ts";
import { registerRequest, requestInfo } from "../../requests.ts";
import { trustedProxies } from "../../trusted-proxies.ts";
import type { WebDeps } from "../deps.ts";
import { closeStreams, createWeb, errorPage } from "../web.ts";
import { type FakeAccess, fakeAccess } from "./access.ts";
import { type FakeDatasource, fakeDatasource } from "./datasource.ts";

export interface TestWeb extends AsyncDisposable {
  url: string;
  deps: WebDeps & { access: FakeAccess; datasource: FakeDatasource };
}

/** A history that everybody sees, and that holds nothing but what a test says. */
export function seenByAll(given: Partial<SeenEvents> = {}): WebDeps["history"] {
  const seen: SeenEvents = {
    search: () => ({ items: [], total: 0, more: false }),
    get: () => undefined,
    recentWarnings: () => [],
    ...given,
  };
  return { seenBy: () => seen, size: () => ({ events: 0, bytes: 0 }) };
}

/** The pages behind a real server, with data that a test puts in. */
export async function startWeb(
  { history, ...given }: Partial<Omit<WebDeps, "history">> & { history?: Partial<SeenEvents> } = {},
  port = 0,
): Promise<TestWeb> {
  const database = given.database ?? (await openDatabase(":memory:"));
  const fault = (what: unknown) => {
    throw new Error(String(what));
  };
  const audit = startAudit(database, new Uint8Array(32), {
    keptMs: 86_400_000,
    events: { auditBroken: fault, auditCut: () => {}, failed: fault },
    changed: () => {},
  });
  const metrics = createMetricsHistory(database, {
    keptMs: [2, 14, 90, 730].map((days) => days * 86_400_000),
    maxBytes: 2 ** 32,
    findPod: () => undefined,
    failed: fault,
  });
  const deps = {
    metrics,
    marks: createMarks(database, { keptMs: 730 * 86_400_000 }),
    config: {
      publicUrl: "",
      approve: [],
      exec: true,
      agentImage: "registry.example/atlhyper:2",
      eventRetentionMs: 30 * 86_400_000,
      eventMaxBytes: 2 ** 31,
      historyMaxBytes: 2 ** 32,
      sessionIdleMs: 7 * 86_400_000,
      sessionMaxMs: 30 * 86_400_000,
    },
    datasource: fakeDatasource(),
    access: fakeAccess(),
    ...audit,
    refreshClusters: async () => {},
    ...given,
    history: seenByAll(history),
    database,
  } as TestWeb["deps"];
  deps.control =
    given.control ??
    createControl({
      database,
      access: deps.access,
      audit: deps.audit,
      datasource: deps.datasource,
      events: { failed: fault, commandEnqueued: () => {}, commandEnded: () => {} },
      approve: deps.config.approve,
      retentionMs: 86_400_000,
    });
  deps.alerting =
    given.alerting ??
    createAlerting({
      database,
      access: deps.access,
      audit: deps.audit,
      key: new Uint8Array(32),
      config: { publicUrl: "", notifyPrivate: trustedProxies([]), rules: "" },
      facts: () => [],
      clusters: () => [],
      owners: new Map(),
      changed: () => {},
      events: {
        failed: fault,
        notified: () => {},
        alertsEvaluated: () => {},
        rulesTaken: () => {},
        rulesRefused: () => {},
      },
    });
  deps.heartbeat = given.heartbeat ?? (() => ({ on: false }));
  const app = new Elysia({ normalize: false })
    .onError({ as: "global" }, ({ request, error, code }) => {
      if (!(error instanceof ProblemError) && code !== "NOT_FOUND")
        process.stderr.write(`${Bun.inspect(error)}\n`);
      const fault =
        error instanceof ProblemError ? error.problem : problem(code === "NOT_FOUND" ? 404 : 500).problem;
      return errorPage({} as never, request, { ...fault, request: requestInfo(request).id });
    })
    .use(createWeb(deps));
  const server = Bun.serve({
    port,
    hostname: "127.0.0.1",
    async fetch(request, server) {
      registerRequest(request, server.requestIP(request)?.address ?? "", trustedProxies([]));
      const response = await app.fetch(request);
      secureHeaders(response.headers, false);
      return response;
    },
  });
  app.server = server as unknown as typeof app.server;
  return {
    url: `http://127.0.0.1:${server.port}`,
    deps,
    async [Symbol.asyncDispose]() {
      closeStreams(deps);
      metrics.close();
      await audit.trail.stop();
      await server.stop(true);
    },
  };
}
