import { expect } from "bun:test";

export interface Call {
  body?: unknown;
  contentType?: string;
  query?: Record<string, string | number | boolean>;
  /** In place of the credentials the API would be asked with. */
  token?: string;
}

/** A Kubernetes API under test: simulated or real. The namespace is new and empty for each case. */
export interface Api {
  namespace: string;
  call(method: string, path: string, call?: Call): Promise<Response>;
}

export interface Case {
  name: string;
  run(api: Api): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of a foreign API, looked into field by field
export type Answer = any;

/** Cases of one subject, and what adds one to them. */
export function cases(): { all: Case[]; behaves(name: string, run: Case["run"]): void } {
  const all: Case[] = [];
  return { all, behaves: (name, run) => void all.push({ name, run }) };
}

export const configmaps = (api: Api) => `/api/v1/namespaces/${api.namespace}/configmaps`;
export const pods = (api: Api) => `/api/v1/namespaces/${api.namespace}/pods`;
export const deployments = (api: Api) => `/apis/apps/v1/namespaces/${api.namespace}/deployments`;

export async function answer(
  api: Api,
  status: number,
  method: string,
  path: string,
  call?: Call,
): Promise<Answer> {
  const response = await api.call(method, path, call);
  const text = await response.text();
  if (response.status !== status)
    throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

/** The Status of a refusal. */
export async function refusal(
  api: Api,
  status: number,
  method: string,
  path: string,
  call?: Call,
): Promise<Answer> {
  const value = await answer(api, status, method, path, call);
  expect(value).toMatchObject({ kind: "Status", apiVersion: "v1", status: "Failure", code: status });
  return value;
}

/** Every event of a watch that ends by itself after a second. */
export async function watched(api: Api, path: string, query: Call["query"]): Promise<Answer[]> {
  const response = await api.call("GET", path, { query: { watch: true, timeoutSeconds: 1, ...query } });
  const text = await response.text();
  expect(response.status).toBe(200);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

export const configmap = (
  name: string,
  data: Record<string, string> = {},
  labels?: Record<string, string>,
) => ({
  metadata: { name, ...(labels ? { labels } : {}) },
  data,
});

/** A pod that no node takes, so that it stays as it was created. */
export const homelessPod = (name: string) => ({
  metadata: { name },
  spec: {
    nodeSelector: { "example.org/nowhere": "true" },
    containers: [{ name: "main", image: "example.org/app:1" }],
  },
});

export const deployment = (name: string, replicas = 0) => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "main", image: "example.org/app:1" }] },
    },
  },
});
