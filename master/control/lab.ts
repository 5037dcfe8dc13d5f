import { encodeBody } from "../../wire/body.ts";
import type { Command } from "../../wire/control.ts";

/** For tests: who asks a master for commands, and the agent that is given them. */
export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  body: Json & { commands: Command[]; rv: number; id: string; detail?: string };
}

export const scale = (replicas: number, name = "web") => ({
  type: "ScaleWorkload",
  target: { ns: "shop", kind: "Deployment", name },
  args: { replicas },
});

export async function post(url: string, token: string, body: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: encodeBody(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? ({} as never) : JSON.parse(text) };
}

/** An agent and an operator of one cluster. */
export function lab(
  master: { url: string },
  cluster: { token: string; clusterID: string },
  operator: string,
) {
  const at = (route: string) => master.url + route;
  const { clusterID, token } = cluster;
  return {
    operator,
    enqueue: (command: Json, by = operator) => post(at("/control/enqueue"), by, { clusterID, command }),
    watch: (rv = 0, waitSeconds = 0, more: Json = {}) =>
      post(at("/control/watch"), token, { clusterID, rv, waitSeconds, ...more }),
    ack: (...results: Json[]) => post(at("/control/ack"), token, { clusterID, results }),
    progress: (run: string, ...progress: Json[]) =>
      post(at("/control/progress"), token, { clusterID, run, progress }),
    async command(id: string) {
      const response = await fetch(at(`/api/v1/commands/${id}`), {
        headers: { authorization: `Bearer ${operator}` },
      });
      return (await response.json()) as Json & { state: string };
    },
    async change(id: string, what: string, by = operator) {
      const response = await fetch(at(`/api/v1/commands/${id}/${what}`), {
        method: "POST",
        headers: { authorization: `Bearer ${by}` },
      });
      return { status: response.status, body: (await response.json()) as Json };
    },
  };
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
