/**
 * One thing that somebody did. Never holds a secret: no token, no password, no value of a Secret, no input of a
 * terminal.
 */
export interface AuditEntry {
  actor: { kind: "user" | "token" | "cluster" | "system" | "cli" | "nobody"; id?: string; name: string };
  /** The client's address; absent for what the master does by itself. */
  address?: string;
  /** Noun and verb: `session.begin`, `user.add`, `command.enqueue`, `command.end`, `exec.end`, `secret.view`. */
  action: string;
  /** Where it happened; they decide who may read the entry. Absent: the whole installation. */
  tenant?: string;
  cluster?: string;
  namespace?: string;
  /** What it was done to, in words: `Deployment shop/web`, `user ana`. */
  object?: string;
  result: "ok" | "refused" | "failed";
  /** What else is worth knowing, such as the command's id and arguments. */
  detail?: Record<string, unknown>;
}

export interface Audit {
  /**
   * Comes back when the entry is on disk. Throws where it cannot be written: then what it tells of is not done.
   * Within a transaction of the database the entry is a part of it: what was done and that it was done are kept
   * together, or neither is.
   */
  record(entry: AuditEntry): Promise<void>;
  /** The same at once, within a transaction of the database only. */
  within(entry: AuditEntry): void;
}
