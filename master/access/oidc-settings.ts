import { ConfigError, variable } from "../../kit/env.ts";
import { type Role, roles } from "./principal.ts";

/** Which role a group of the provider gives; the group `*` is everybody whom the provider lets in. */
export type GroupRoles = ReadonlyMap<string, Role>;

/**
 * `group=role; group=role`: semicolons between them, since names of groups may hold commas; the last `=` counts,
 * since they may hold that too (`cn=ops,dc=example=admin`).
 */
export const groupRoles = variable((value): GroupRoles => {
  const found = new Map<string, Role>();
  for (const one of value.split(";").map((part) => part.trim())) {
    if (one === "") continue;
    const at = one.lastIndexOf("=");
    const group = one.slice(0, at).trim();
    const role = roles.find((known) => known === one.slice(at + 1).trim());
    if (at < 0 || group === "" || !role)
      throw new Error(
        `must be group=role with ; between them and the roles ${roles.join(", ")}, such as ops=admin;*=viewer`,
      );
    if (found.has(group)) throw new Error(`names the group ${group} twice`);
    found.set(group, role);
  }
  return found;
});

/** The highest role that any of these groups gives; undefined where none gives one. */
export function roleOf(mapping: GroupRoles, groups: readonly string[]): Role | undefined {
  return roles.findLast((role) => ["*", ...groups].some((group) => mapping.get(group) === role));
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
