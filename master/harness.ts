import type { Log } from "../kit/log.ts";
import { encodeBody } from "../wire/body.ts";
import { type MasterConfig, masterConfig } from "./config.ts";
import { addCluster } from "./database/clusters.ts";
import { createToken } from "./database/tokens.ts";
import { type Master, type MasterDependencies, startMaster } from "./start.ts";
import type { Role } from "./access/principal.ts";

/** A master on a free port with its data in memory, for tests. */
export interface TestMaster extends Master {
  /** What it has logged. */
  lines: { level: string; message: string; fields: Record<string, unknown> }[];
  /** Adds a cluster; gives its id, its agent's token, and how to send something as that agent. */
  addCluster(name: string, clusterID?: string): Promise<TestCluster>;
  apiToken(role?: Role): Promise<string>;
  /** Reads the API as a viewer. */
  api(path: string): Promise<{ status: number; body: Record<string, unknown> & { items: never[] } }>;
}

export interface TestCluster {
  id: string;
  token: string;
  clusterID: string;
  /** Posts an envelope as gzip; `more` is put over the envelope's fields. */
  push(
    route: string,
    source: string,
    payload: unknown,
    more?: Record<string, unknown>,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
}

export async function startTestMaster(
  config: Partial<MasterConfig> = {},
  deps: MasterDependencies = {},
): Promise<TestMaster> {
  const lines: TestMaster["lines"] = [];
  const log: Log = (level, message, fields = {}) => lines.push({ level, message, fields });
  const master = await startMaster(masterConfig({ port: 0, data: ":memory:", ...config }), {
    log,
    argon2: { memoryCost: 8, timeCost: 1 },
    ...deps,
  });
  let viewer: Promise<string> | undefined;
  const apiToken = (role: Role = "viewer") => createToken(master.database, { name: `test ${role}`, role });
  return {
    ...master,
    lines,
    apiToken,
    async addCluster(name, clusterID = `uid-of-${name}`) {
      const { id, token } = await addCluster(master.database, name);
      await master.parts.refreshClusters();
      return {
        id,
        token,
        clusterID,
        async push(route, source, payload, more = {}) {
          const envelope = { version: "v1", cluster_id: clusterID, source, ts_ms: Date.now(), payload };
          const response = await fetch(master.url + route, {
            method: "POST",
            headers: { authorization: `Bearer ${token}` },
            body: encodeBody({ ...envelope, ...more }),
          });
          return { status: response.status, body: (await response.json()) as Record<string, unknown> };
        },
      };
    },
    async api(path) {
      viewer ??= apiToken();
      const response = await fetch(master.url + path, {
        headers: { authorization: `Bearer ${await viewer}` },
      });
      return { status: response.status, body: (await response.json()) as never };
    },
  };
}
