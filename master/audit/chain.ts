import type { Tables } from "../database/schema.ts";
import type { AuditEntry } from "./audit.ts";

/** An entry as it is kept. */
export type AuditRow = Tables["audit"];

/** A place in the chain: how many entries there were, and the hash of the last of them. */
export interface Position {
  seq: number;
  hash: string;
}

/** Before the first entry. */
export const genesis: Position = {
  seq: 0,
  hash: new Bun.CryptoHasher("sha256").update("atlhyper audit log").digest("hex"),
};

/**
 * The hash of an entry: SHA-256, in hex, over a JSON array of the hash before it and every column in a fixed order.
 * A JSON array of texts, numbers and nulls has one form only, and no two entries share one.
 */
export function hashOf(before: string, row: Omit<AuditRow, "hash">): string {
  const form = [
    "v1",
    before,
    row.seq,
    row.at_ms,
    row.actor_kind,
    row.actor_id,
    row.actor,
    row.address,
    row.action,
    row.tenant,
    row.cluster,
    row.namespace,
    row.object,
    row.result,
    row.detail,
  ];
  return new Bun.CryptoHasher("sha256").update(JSON.stringify(form)).digest("hex");
}

/** The next entry of the chain. */
export function follow(before: Position, entry: AuditEntry, atMs: number): AuditRow {
  const { actor } = entry;
  const row = {
    seq: before.seq + 1,
    at_ms: atMs,
    actor_kind: actor.kind,
    actor_id: text(actor.id, 200),
    actor: text(actor.name, 300) ?? "",
    address: text(entry.address, 100),
    action: text(entry.action, 100) ?? "",
    tenant: text(entry.tenant, 200),
    cluster: text(entry.cluster, 200),
    namespace: text(entry.namespace, 300),
    object: text(entry.object, 1000),
    result: entry.result,
    detail: entry.detail === undefined ? null : detailText(entry.detail),
  };
  return { ...row, hash: hashOf(before.hash, row) };
}

const longestDetail = 64 * 1024;

/** JSON escapes what SQLite would not give back as it was. Too long a detail is left out, and that is said. */
function detailText(detail: Record<string, unknown>): string {
  const whole = JSON.stringify(detail);
  return whole.length <= longestDetail ? whole : JSON.stringify({ omitted: `${whole.length} characters` });
}

/** Bounded, and without what SQLite would not give back as it was (NUL, half a surrogate pair). */
function text(value: string | undefined, longest: number): string | null {
  return value === undefined
    ? null
    : Buffer.from(value.slice(0, longest)).toString().replaceAll("\0", "\ufffd");
}
