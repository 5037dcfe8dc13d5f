import type { Migration } from "../migrate.ts";

/** A number that was given and holds nothing. */
export const nothing: Migration = { name: "nothing", sql: "SELECT 1" };

/**
 * Tenants own clusters; what somebody may do is a set of grants, which take the place of the one role. Administrators
 * of before are the installation's, all others have their role in the tenant that owns everything there was.
 */
export const tenants: Migration = {
  name: "tenants and grants",
  sql: `
    CREATE TABLE tenants (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      created_ms INTEGER NOT NULL
    ) STRICT;
    INSERT INTO tenants VALUES ('default', 'default', 0);
    ALTER TABLE clusters ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
    CREATE TABLE grants (
      id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      tenant TEXT REFERENCES tenants (id) ON DELETE CASCADE,
      role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
      clusters TEXT,
      namespaces TEXT,
      by_provider INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX grants_by_user ON grants (user_id);
    CREATE INDEX grants_by_tenant ON grants (tenant);
    INSERT INTO grants (id, user_id, tenant, role, by_provider)
      SELECT lower(hex(randomblob(10))), id, CASE role WHEN 'admin' THEN NULL ELSE 'default' END, role,
        id IN (SELECT user_id FROM identities)
      FROM users;
    ALTER TABLE users DROP COLUMN role;
    ALTER TABLE tokens ADD COLUMN owner TEXT REFERENCES users (id) ON DELETE CASCADE;
    ALTER TABLE tokens ADD COLUMN tenant TEXT REFERENCES tenants (id) ON DELETE CASCADE;
    ALTER TABLE tokens ADD COLUMN clusters TEXT;
    ALTER TABLE tokens ADD COLUMN namespaces TEXT;
    ALTER TABLE tokens ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX tokens_by_owner ON tokens (owner);
    ALTER TABLE invitations ADD COLUMN tenant TEXT REFERENCES tenants (id) ON DELETE CASCADE;
    ALTER TABLE invitations ADD COLUMN clusters TEXT;
    ALTER TABLE invitations ADD COLUMN namespaces TEXT;
  `,
};
