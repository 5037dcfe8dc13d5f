import { type Static, Type as T } from "@sinclair/typebox";

/** When the certificate in a Secret expires, the first of its chain. Nothing else of such a Secret travels. */
export const CertificateExpiry = T.Object({
  namespace: T.String({ maxLength: 253 }),
  name: T.String({ maxLength: 253 }),
  notBefore_ms: T.Integer({ minimum: 0 }),
  notAfter_ms: T.Integer({ minimum: 0 }),
});
export type CertificateExpiry = Static<typeof CertificateExpiry>;

/** What an agent tells about itself and its cluster's API server: at its start and on change. */
export const AgentStatus = T.Object({
  /** The name the agent has for its cluster: the kubeconfig's context, or `ATLHYPER_CLUSTER_NAME`. */
  name: T.String({ minLength: 1, maxLength: 253 }),
  /** `host` is a machine without Kubernetes, `demo` the simulated cluster. */
  flavour: T.Union([T.Literal("kubernetes"), T.Literal("host"), T.Literal("demo")]),
  /** Identifies the agent's process. */
  run: T.String({ maxLength: 100 }),
  agentVersion: T.String({ maxLength: 100 }),
  startedAt_ms: T.Integer({ minimum: 0 }),
  kubernetesVersion: T.Optional(T.String({ maxLength: 100 })),
  /** The API server as the agent sees it; absent where there is none. */
  api: T.Optional(
    T.Object({
      reachable: T.Boolean(),
      since_ms: T.Integer({ minimum: 0 }),
      error: T.Optional(T.String({ maxLength: 2000 })),
    }),
  ),
  /** Kinds that could not be read, and why; all others go on. */
  denied: T.Optional(
    T.Array(
      T.Object({
        kind: T.String({ maxLength: 253 }),
        reason: T.Union([T.Literal("forbidden"), T.Literal("absent"), T.Literal("failed")]),
        message: T.Optional(T.String({ maxLength: 2000 })),
      }),
      { maxItems: 200 },
    ),
  ),
  /** Events that could not be kept while the master was away. */
  droppedEvents: T.Optional(T.Integer({ minimum: 0 })),
  /** What the agent may be asked for by its own rules; absent from an agent that takes no commands. */
  control: T.Optional(
    T.Object({
      commands: T.Array(T.String({ maxLength: 100 }), { maxItems: 200 }),
      /** Where it changes nothing. */
      protectedNamespaces: T.Array(T.String({ maxLength: 253 }), { maxItems: 1000 }),
      /** Whether it opens terminals. */
      exec: T.Boolean(),
    }),
  ),
  /** Those that expire first; absent from an agent that is not to look. */
  certificates: T.Optional(T.Array(CertificateExpiry, { maxItems: 200 })),
  /** Whether the first full list of every kind that can be read has been made. */
  synced: T.Optional(T.Boolean()),
});

export type AgentStatus = Static<typeof AgentStatus>;
