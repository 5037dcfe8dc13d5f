import { ConfigError, httpUrl, variable } from "../../kit/env.ts";
import { type Grant, type Role, roles } from "./principal.ts";

/** Kept as it is written: an issuer is compared letter by letter, a slash at its end included. */
export const issuer = variable((value) => {
  httpUrl("", "", "").parse(value);
  return value;
});

/** What a group gives: a role in a tenant, by its name, or in the whole installation. */
export interface GroupRole {
  role: Role;
  tenant?: string;
}

/** What each group of the provider gives; the group `*` is everybody whom the provider lets in. */
export type GroupRoles = ReadonlyMap<string, readonly GroupRole[]>;

/**
 * `group=role; group=role@tenant`: semicolons between them, since names of groups may hold commas; the last `=`
 * counts, since they may hold that too (`cn=ops,dc=example=admin`).
 */
export const groupRoles = variable((value): GroupRoles => {
  const found = new Map<string, GroupRole[]>();
  for (const one of value.split(";").map((part) => part.trim())) {
    if (one === "") continue;
    const at = one.lastIndexOf("=");
    const group = one.slice(0, at).trim();
    const [text = "", tenant] = one.slice(at + 1).split(/@(.*)/s, 2);
    const role = roles.find((known) => known === text.trim());
    if (at < 0 || group === "" || !role || tenant?.trim() === "")
      throw new Error(
        `must be group=role or group=role@tenant with ; between them and the roles ${roles.join(", ")}, such as ops=admin;dev=operator@shop;*=viewer`,
      );
    const given = { role, ...(tenant === undefined ? {} : { tenant: tenant.trim() }) };
    const before = found.get(group) ?? [];
    if (before.some((other) => other.tenant === given.tenant))
      throw new Error(`names the group ${group} twice${tenant === undefined ? "" : ` for ${given.tenant}`}`);
    found.set(group, [...before, given]);
  }
  return found;
});

/**
 * What any of these groups gives: of each tenant the highest role. `tenants` are the ids by name in lower case; a
 * tenant that is none gives nothing.
 */
export function grantsBy(
  mapping: GroupRoles,
  groups: readonly string[],
  tenants: ReadonlyMap<string, string>,
): Grant[] {
  const best = new Map<string | undefined, Role>();
  for (const { role, tenant } of ["*", ...groups].flatMap((group) => mapping.get(group) ?? [])) {
    const id = tenant === undefined ? undefined : tenants.get(tenant.toLowerCase());
    if (tenant !== undefined && id === undefined) continue;
    const before = best.get(id);
    if (!before || roles.indexOf(role) > roles.indexOf(before)) best.set(id, role);
  }
  return [...best].map(([tenant, role]) => ({ role, ...(tenant === undefined ? {} : { tenant }) }));
}

export interface OidcSettings {
  issuer: string;
  clientId: string;
  /** Empty for a public client. */
  clientSecret: string;
  scopes: string;
  /** What the button says. */
  name: string;
  groupsClaim: string;
  roles: GroupRoles;
  /** Passwords are switched off but for the emergency administrator. */
  only: boolean;
}

/** Undefined where no provider is configured; throws a ConfigError where it is so by half. */
export function oidcSettings(config: {
  oidcIssuer: string;
  oidcClientId: string;
  oidcClientSecret: string;
  oidcScopes: string;
  oidcName: string;
  oidcGroupsClaim: string;
  oidcRoles: GroupRoles;
  oidcOnly: boolean;
}): OidcSettings | undefined {
  if (config.oidcIssuer === "") {
    if (config.oidcClientId !== "" || config.oidcOnly)
      throw new ConfigError(["ATLHYPER_OIDC_ISSUER is not set: the provider's address is needed"]);
    return undefined;
  }
  const faults: string[] = [];
  if (config.oidcClientId === "") faults.push("ATLHYPER_OIDC_CLIENT_ID is not set");
  if (config.oidcRoles.size === 0)
    faults.push("ATLHYPER_OIDC_ROLES is not set: nobody could come in; such as ops=admin;*=viewer");
  if (!config.oidcIssuer.startsWith("https:") && !onThisMachine(config.oidcIssuer))
    faults.push("ATLHYPER_OIDC_ISSUER must be https: whoever changes its answers comes in as anybody");
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    issuer: config.oidcIssuer,
    clientId: config.oidcClientId,
    clientSecret: config.oidcClientSecret,
    scopes: config.oidcScopes,
    name: config.oidcName,
    groupsClaim: config.oidcGroupsClaim,
    roles: config.oidcRoles,
    only: config.oidcOnly,
  };
}

export const onThisMachine = (address: string) =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(address).hostname);
