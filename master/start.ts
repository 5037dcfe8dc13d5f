import { createLog, type Log } from "../kit/log.ts";
import type { Datasource } from "../views/model.ts";
import { createApp } from "./app.ts";
import type { MasterConfig } from "./config.ts";
import { createDatasource } from "./datasource/datasource.ts";
import { createEvents } from "./events.ts";
import { createMemoryHub } from "./hub/memory.ts";
import type { MasterParts } from "./parts.ts";
import { serve } from "./serve.ts";

/** What a master may be given instead of what it makes for itself. */
export interface MasterDependencies {
  log?: Log;
}

export interface Master extends AsyncDisposable {
  /** Where it listens, without a trailing slash. */
  url: string;
  datasource: Datasource;
  parts: MasterParts;
  /** Takes nothing new, finishes what is under way, and closes the database. */
  stop(): Promise<void>;
}

export async function startMaster(config: MasterConfig, deps: MasterDependencies = {}): Promise<Master> {
  const events = createEvents(deps.log ?? createLog("master", config.logLevel));
  const hub = createMemoryHub({
    ttlMs: config.hubTtlMs,
    maxRecords: config.hubMaxRecords,
    maxBytes: config.hubMaxBytes,
  });
  const datasource = createDatasource(hub);
  const parts: MasterParts = { config, events, hub, datasource };
  const server = serve(parts, createApp(parts), () => undefined);
  const url = `http://${server.hostname}:${server.port}`;
  events.listening(url);
  async function stop(): Promise<void> {
    events.stopping();
    await server.stop();
  }
  return { url, datasource, parts, stop, [Symbol.asyncDispose]: stop };
}
