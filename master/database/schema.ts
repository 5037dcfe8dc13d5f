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
    /** Whose it is. */
    tenant: Generated<string>;
  };
  tenants: { id: string; name: string; created_ms: number };
  /** What a user may do; several add up. */
  grants: {
    id: string;
    user_id: string;
    role: string;
    /** Absent: the whole installation. */
    tenant: string | null;
    /** JSON arrays of ids and names; absent: all. */
    clusters: string | null;
    namespaces: string | null;
    /** Whether it follows the groups at the provider by which the user comes in. */
    by_provider: Generated<number>;
  };
  users: {
    id: string;
    name: string;
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
    /** The user whose token it is: it may never more than they may. */
    owner: string | null;
    /** As of a grant. */
    tenant: string | null;
    clusters: string | null;
    namespaces: string | null;
    read_only: Generated<number>;
  };
  commands: {
    seq: Generated<number>;
    id: string;
    cluster: string;
    type: string;
    /** JSON, as are args, before and undo. */
    target: string;
    args: string;
    /** The object that the target names; "" for what it has not. */
    kind: string;
    namespace: string;
    name: string;
    idem: string;
    writes: number;
    state: string;
    /** Whether it has not ended. */
    open: number;
    by_kind: string;
    by_id: string;
    by_name: string;
    approved_by: string | null;
    created_ms: number;
    deadline_ms: number;
    fetched_ms: number | null;
    started_ms: number | null;
    ended_ms: number | null;
    attempt: number | null;
    message: string | null;
    error_code: string | null;
    verified: string | null;
    before: string | null;
    /** The agent's process that recorded `before`. */
    before_run: string | null;
    undo: string | null;
    undone_by: string | null;
    undo_of: string | null;
  };
  control_versions: { cluster: string; rv: number };
  second_factors: {
    user_id: string;
    /** Encrypted. */
    secret: string;
    /** Absent until a first code was right: it counts only from then. */
    confirmed_ms: number | null;
    /** The time step of the last code that was taken, which none may be before or at again. */
    last_step: Generated<number>;
  };
  recovery_codes: { user_id: string; hash: string };
  /** Who has given the right password and owes the second factor. */
  pending_sign_ins: { hash: string; user_id: string; expires_ms: number };
  /** Who comes in by a provider. */
  identities: { issuer: string; subject: string; user_id: string };
  invitations: {
    id: string;
    hash: string;
    role: string;
    /** As of a grant. */
    tenant: string | null;
    clusters: string | null;
    namespaces: string | null;
    note: string;
    by_name: string;
    created_ms: number;
    expires_ms: number;
  };
  /** An AlertView as JSON. */
  alerts: { fingerprint: string; alert: string };
  alert_history: {
    seq: Generated<number>;
    fingerprint: string;
    at_ms: number;
    what: string;
    by_name: string;
    note: string;
  };
  /** Rules made here, and defaults that were changed. */
  alert_rules: { id: string; tenant: string | null; rule: string };
  silences: {
    id: string;
    tenant: string | null;
    cluster: string | null;
    namespace: string | null;
    matchers: string;
    comment: string;
    by_name: string;
    created_ms: number;
    starts_ms: number;
    ends_ms: number;
  };
  maintenance_windows: {
    id: string;
    tenant: string | null;
    cluster: string | null;
    /** Null where it comes again. */
    ends_ms: number | null;
    /** A MaintenanceView as JSON. */
    maintenance: string;
  };
  /** An EscalationView as JSON. */
  escalations: { id: string; tenant: string | null; escalation: string };
  alert_seen: { cluster: string; of: string; key: string; one: string; gone_ms: number | null };
  escalation_states: { policy: string; fingerprint: string; last_ms: number; done: number };
  channels: {
    id: string;
    name: string;
    type: string;
    enabled: number;
    tenant: string | null;
    settings: string;
    /** Its secrets, encrypted, as JSON. */
    sealed: string;
    /** Which alerts it is told of, how they are grouped and when; JSON. */
    routing: string;
    created_ms: number;
  };
  alert_groups: { channel: string; key: string; state: string };
  /** The outbox: what is to be told, and what came of it. */
  deliveries: {
    seq: Generated<number>;
    id: string;
    channel: string;
    group_key: string;
    title: string;
    notice: string;
    state: string;
    attempts: number;
    created_ms: number;
    next_ms: number;
    ended_ms: number | null;
    answer: string;
    /** The id of the newer one of its group that told of all this in its place. */
    superseded_by: string | null;
  };
  channel_threads: { channel: string; group_key: string; state: string; at_ms: number };
  /** What alerts were about, for as long as something is remembered of them. */
  alert_subjects: { fingerprint: string; about: string };
  digests: { channel: string; plan: string; since_ms: number; until_ms: number | null };
  delivered_alerts: { fingerprint: string; delivery: number };
  /** Of which something is kept still. */
  removed_clusters: { id: string };
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
  enrolments: {
    hash: string;
    /** The master's id. */
    cluster: string;
    /** What the agent may do: see `enrolmentRights`. */
    rights: string;
    created_ms: number;
    expires_ms: number;
    /** When its manifest was served first. */
    fetched_ms: number | null;
    /** When, by which cluster (its own identity) and for which token it was exchanged last. */
    exchanged_ms: number | null;
    cluster_id: string | null;
    token_id: string | null;
  };
}
