import { type Html, html, nothing } from "../html.ts";
import type { Role, Viewing } from "../viewing.ts";
import { field, selectField } from "./form.ts";

/** What somebody or something may do where, as it is shown and asked for. */
export interface GrantView {
  role: Role;
  tenant?: string;
  clusters?: readonly string[];
  namespaces?: readonly string[];
}

/** A place that a role can be given in: everywhere, a tenant, or a cluster. */
export interface PlaceView {
  /** `""`, `tenant:<id>` or `cluster:<id>`. */
  value: string;
  name: string;
}

export const roles: readonly Role[] = ["viewer", "operator", "admin"];

/** The tenants' names by id; where there is one alone, nobody has to read of it. */
export type TenantNames = ReadonlyMap<string, string>;

/** Where a grant is for: `shop · prod · namespaces a, b`; "everywhere" for the whole installation. */
export function placeText(v: Viewing, grant: GrantView, tenants: TenantNames): string {
  const t = v.t.grants;
  const parts: string[] = [];
  if (grant.tenant === undefined) parts.push(grant.clusters ? "" : t.everywhere);
  else if (tenants.size > 1 || !grant.clusters)
    parts.push(t.tenant(tenants.get(grant.tenant) ?? grant.tenant));
  if (grant.clusters) {
    const names = grant.clusters.map((id) => v.clusters.find((one) => one.id === id)?.name ?? t.gone);
    parts.push(t.clusters(names.join(", ")));
  }
  if (grant.namespaces) parts.push(t.namespaces(grant.namespaces.join(", ")));
  return parts.filter(Boolean).join(" · ");
}

export function roleOptions(v: Viewing, most: Role = "admin"): [string, string][] {
  return roles.slice(0, roles.indexOf(most) + 1).map((one) => [one, v.t.settings.roles[one]]);
}

/** The fields by which a form says a grant; `values` are what was entered before. */
export function grantFields(
  v: Viewing,
  id: string,
  places: readonly PlaceView[],
  values: Record<string, string> = {},
  faults: { namespaces?: string | undefined; most?: Role } = {},
): Html {
  const t = v.t.grants;
  const options = places.map(({ value, name }): [string, string] => [value, placeLabel(v, value, name)]);
  const only = places[0];
  return html`${selectField("role", v.t.settings.role, roleOptions(v, faults.most), values.role ?? "viewer", `${id}-role`)}${
    places.length === 1 && only
      ? html`<input type="hidden" name="where" value="${only.value}">`
      : selectField("where", t.where, options, values.where ?? only?.value ?? "", `${id}-where`)
  }${
    v.clusters.length === 0
      ? nothing
      : field({
          id: `${id}-namespaces`,
          name: "namespaces",
          label: t.onlyNamespaces,
          value: values.namespaces ?? "",
          hint: t.namespacesHint,
          autocomplete: "off",
          maxlength: 4000,
          fault: faults.namespaces,
        })
  }`;
}

function placeLabel(v: Viewing, value: string, name: string): string {
  const t = v.t.grants;
  if (value === "") return t.everywhere;
  return value.startsWith("tenant:") ? t.tenant(name) : t.clusters(name);
}
