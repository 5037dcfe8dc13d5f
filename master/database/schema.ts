import type { Generated } from "kysely";

/** The tables of the main database, as Kysely sees them. Times are ms since 1970, booleans 0 or 1. */
export interface Tables {
  clusters: {
    id: string;
    name: string;
    /** The identity that the agent tells, bound at its first message. */
    cluster_id: string | null;
    flavour: string;
    created_ms: number;
    last_seen_ms: number | null;
    /** The last AgentStatus, as JSON. */
    status: string | null;
  };
  users: {
    id: string;
    name: string;
    role: string;
    password_hash: string | null;
    created_ms: number;
    password_changed_ms: number | null;
    last_sign_in_ms: number | null;
  };
  sessions: {
    hash: string;
    user_id: string;
    created_ms: number;
    last_used_ms: number;
    expires_ms: number;
    must_set_password: Generated<number>;
    address: string;
    user_agent: string;
  };
  tokens: {
    id: string;
    kind: "api" | "cluster";
    hash: string;
    name: string;
    /** Set on API tokens. */
    role: string | null;
    /** Set on cluster tokens: the cluster's internal id. */
    cluster: string | null;
    created_ms: number;
    last_used_ms: number | null;
    expires_ms: number | null;
  };
  setup_tokens: { hash: string; created_ms: number };
  settings: { key: string; value: string };
  audit: {
    seq: number;
    at_ms: number;
    actor_kind: string;
    actor_id: string | null;
    actor: string;
    address: string | null;
    action: string;
    tenant: string | null;
    cluster: string | null;
    namespace: string | null;
    object: string | null;
    result: string;
    /** JSON. */
    detail: string | null;
    hash: string;
  };
}
