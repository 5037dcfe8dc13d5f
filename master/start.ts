import type { HeartbeatView } from "../views/alert-model.ts";
import { createLog, type Log } from "../kit/log.ts";
import { createStreams } from "./streams/streams.ts";
import type { Datasource } from "../views/model.ts";
import { createAccess } from "./access/create.ts";
import { passwordRules } from "./access/password-rules.ts";
import { oidcSettings } from "./access/oidc-settings.ts";
import { auditKey } from "./audit/key.ts";
import { startAudit } from "./audit/trail.ts";
import { createAlerting } from "./alert/alerting.ts";
import { createPast } from "./alert/past.ts";
import { createApi } from "./api/api.ts";
import { createApp } from "./app.ts";
import type { MasterConfig } from "./config.ts";
import { createControl } from "./control/create.ts";
import { createControlRoutes } from "./control/routes.ts";
import { CommandTable } from "./database/commands.ts";
import { type Database, openDatabase } from "./database/database.ts";
import { RemoteWriteMarks } from "./database/metrics/remote-write.ts";
import { createEventStore } from "./database/events/store.ts";
import { createDatasource, type ManagedDatasource } from "./datasource/datasource.ts";
import { createEvents } from "./events.ts";
import { createMarks, type Marks } from "./history/marks.ts";
import { noteCommands } from "./history/note-commands.ts";
import { startMetrics } from "./history/start.ts";
import { createMemoryHub } from "./hub/memory.ts";
import { createIngest } from "./ingest/ingest.ts";
import { createRemoteWrite } from "./prometheus/remote/remote-write.ts";
import { remoteWriteSettings } from "./prometheus/remote/settings.ts";
import { ensureOwnCluster } from "./own-cluster.ts";
import { startHeartbeat } from "./notify/heartbeat.ts";
import { createPost } from "./notify/post.ts";
import { systemLookup } from "./notify/target.ts";
import { createForgetting } from "./forgetting.ts";
import type { MasterParts } from "./parts.ts";
import { startRollCall } from "./roll-call.ts";
import { serve } from "./serve.ts";
import type { DemoControl } from "./web/deps.ts";
import { closeStreams } from "./web/web.ts";

/** What a master may be given instead of what it makes for itself. */
export interface MasterDependencies {
  log?: Log;
  /** Where the demo cluster can run in the same process. */
  demo?: DemoControl;
  /** How often the certificate's files are looked at; tests shorten it. */
  certificateEveryMs?: number;
  /** How often the rules' files are; tests shorten it. */
  rulesEveryMs?: number;
  /** The first wait after a notification that did not arrive; tests shorten it. */
  firstRetryMs?: number;
  /** Cost of argon2id; tests lower it. */
  argon2?: { memoryCost: number; timeCost: number };
}

export interface Master extends AsyncDisposable {
  /** Where it listens, without a trailing slash. */
  url: string;
  /** Where agents in the same process reach it, whatever its name and certificate are. */
  localUrl(): string;
  /** The one-time link that makes the first administrator; absent once there is a user. */
  setupLink?: string;
  database: Database;
  datasource: Datasource;
  parts: MasterParts;
  /** Takes nothing new, finishes what is under way, and closes the database. */
  stop(): Promise<void>;
}

/** Rules are judged each second: a master that has not for so long is not well. */
const judgedWithinMs = 30_000;
/** So long requests that are under way may take once the master stops. */
const stopWithinMs = 2000;

/** Starts a master; throws where the port is taken or the database cannot be used. */
export async function startMaster(config: MasterConfig, deps: MasterDependencies = {}): Promise<Master> {
  const oidc = oidcSettings(config);
  const passwords = passwordRules(config);
  const remote = remoteWriteSettings(config);
  const events = createEvents(deps.log ?? createLog("master", config.logLevel));
  const database = openDatabase(config.data);
  const { sessionIdleMs, sessionMaxMs, hubTtlMs, silentAfterMs } = config;
  const history = createEventStore(database, {
    retentionMs: config.eventRetentionMs,
    maxBytes: config.eventMaxBytes,
    pruned: (removed) => events.pruned(removed),
    failed: (what, error) => events.failed(what, error),
  });
  const hub = createMemoryHub({
    ttlMs: hubTtlMs,
    maxRecords: config.hubMaxRecords,
    maxBytes: config.hubMaxBytes,
  });
  const failed = (error: unknown) => events.failed("a subscriber", error);
  const marks: Marks = createMarks(database, {
    keptMs: config.historyHourMs,
    ownerOf: (cluster, namespace, pod) => datasource.ownerOfPod(cluster, namespace, pod),
    failed: (what, error) => events.failed(what, error),
  });
  const datasource: ManagedDatasource = createDatasource({ hub, silentAfterMs, failed, noted: marks.note });
  const key = auditKey(config.data, config.auditKey);
  const { audit, trail } = startAudit(database, key, {
    keptMs: config.auditRetentionMs,
    events,
    changed: () => datasource.changed("", "audit"),
  });
  const owners = new Map<string, string>();
  const access = createAccess(database, {
    key,
    owners,
    passwords,
    requireTotp: config.requireTotp,
    sessionIdleMs,
    sessionMaxMs,
    audit,
    ...(oidc && { oidc }),
    ...(deps.argon2 ? { argon2: deps.argon2 } : {}),
  });
  await ensureOwnCluster({ database, audit }, config.ownCluster, config.ownClusterToken);
  const remoteWrite =
    remote &&
    createRemoteWrite({
      settings: remote,
      column: (subject, id) => metrics.column(subject, id),
      rows: () => metrics.raw,
      keptMs: config.historyRawMs,
      progress: new RemoteWriteMarks(database.metrics),
      clusters: () => new Map(datasource.clusters().map(({ id, name }) => [id, name])),
      events,
    });
  const metrics = startMetrics(database, datasource, config, events, remoteWrite?.take);
  const forgetting = createForgetting({ database, history, metrics, marks, events });
  const rollCall = startRollCall(database, datasource, events, owners, forgetting.look);
  await rollCall.refresh();
  remoteWrite?.start();
  datasource.loadOpenEvents(history.open());
  const control = createControl({
    database,
    access,
    audit,
    datasource,
    events,
    approve: config.approve,
    retentionMs: config.commandRetentionMs,
  });
  noteCommands(control, marks, new CommandTable(database.main));
  let judgedMs = Date.now();
  const past = createPast(metrics, history, events.failed);
  const alerting = createAlerting({
    database,
    access,
    audit,
    key,
    config,
    facts: () => datasource.facts(past),
    seen: datasource.seen,
    clusters: () => datasource.clusters(),
    kept: { metrics, events: history, datasource },
    owners,
    marks,
    ...(deps.rulesEveryMs ? { rulesEveryMs: deps.rulesEveryMs } : {}),
    ...(deps.firstRetryMs ? { firstRetryMs: deps.firstRetryMs } : {}),
    changed() {
      for (const id of ["", ...owners.keys()]) datasource.changed(id, "alerts");
    },
    events: {
      ...events,
      alertsEvaluated(seconds) {
        judgedMs = Date.now();
        events.alertsEvaluated(seconds);
      },
    },
  });
  await alerting.start();
  let beat: HeartbeatView = { on: config.heartbeatUrl !== "" };
  const stopHeartbeat = startHeartbeat({
    url: config.heartbeatUrl,
    everyMs: config.heartbeatEveryMs,
    post: createPost(config.notifyPrivate, systemLookup, { secrets: [config.heartbeatUrl] }),
    well: () => Date.now() - judgedMs < judgedWithinMs && answers(database),
    told(why) {
      beat = { on: true, atMs: Date.now(), ...(why === undefined ? {} : { why }) };
      events.heartbeat(why);
    },
  });
  const parts: MasterParts = {
    config,
    events,
    hub,
    datasource,
    database,
    history,
    metrics,
    marks,
    access,
    control,
    alerting,
    heartbeat: () => beat,
    audit,
    trail,
    refreshClusters: rollCall.refresh,
    ...(remoteWrite ? { remoteWrite } : {}),
    ...(deps.demo ? { demo: deps.demo } : {}),
  };
  const ingest = createIngest(parts);
  const commands = createControlRoutes(parts, (request) => server.timeout(request, 0));
  const streams = createStreams(parts);
  const server = serve(
    parts,
    createApp(parts, createApi(parts)),
    (request, path) => ingest(request, path) ?? commands(request, path),
    streams,
    deps.certificateEveryMs,
  );
  const { url } = server;
  const setup = await access.createSetupToken();
  events.listening(url);

  let stopping: Promise<void> | undefined;
  async function stopOnce(): Promise<void> {
    events.stopping();
    closeStreams(parts);
    streams.stop();
    // Watches that are parked are answered, so that their agents see no broken connection.
    control.stop();
    // Connections that are kept alive but idle end at once; answers under way get a moment.
    await Promise.race([server.stop(), Bun.sleep(stopWithinMs)]);
    await server.stop(true);
    stopHeartbeat();
    await alerting.stop();
    past.stop();
    await rollCall.stop();
    await forgetting.stop();
    await trail.stop();
    await history.close();
    await remoteWrite?.stop();
    metrics.close();
    marks.close();
    datasource.stop();
    access.close();
    database.close();
  }
  const stop = () => {
    stopping ??= stopOnce();
    return stopping;
  };
  return {
    url,
    localUrl: server.local,
    ...(setup ? { setupLink: `${config.publicUrl || url}/setup?token=${setup}` } : {}),
    database,
    datasource,
    parts,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function answers({ main, events }: Database): boolean {
  try {
    for (const one of [main, events]) one.query("SELECT 1").get();
    return true;
  } catch {
    return false;
  }
}
