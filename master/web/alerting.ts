import type { PlaceView } from "../../views/parts/grant.ts";
import { parseDuration } from "../../wire/duration.ts";
import { problem } from "../../wire/problem.ts";
import type { Role, UserPrincipal, Where } from "../access/principal.ts";
import { momentOf } from "../alert/times/zone.ts";
import { findCluster } from "../database/clusters.ts";
import type { ActionContext } from "./action.ts";
import type { WebDeps, SeenDeps } from "./deps.ts";
import { tenantNames } from "./granting.ts";

/**
 * Where somebody has a role for all of it, widest first, as forms offer it: the installation, tenants and, where a
 * cluster or a namespace will do, clusters. A single tenant is not offered beside the installation: it is the same.
 */
export async function alertPlaces(
  deps: SeenDeps,
  user: UserPrincipal,
  role: Role,
  clusters: boolean,
): Promise<PlaceView[]> {
  const may = (where: Where) => deps.access.may(user, role, where);
  const tenants = await tenantNames(deps, user);
  const places: PlaceView[] = [];
  if (may({})) places.push({ value: "", name: "" });
  if (tenants.size > 1 || places.length === 0)
    for (const [tenant, name] of tenants)
      if (may({ tenant })) places.push({ value: `tenant:${tenant}`, name });
  if (!clusters) return places;
  for (const { id, name, only } of deps.datasource.clusters())
    if (may({ cluster: id }) || (only ?? []).some((namespace) => may({ cluster: id, namespace })))
      places.push({ value: `cluster:${id}`, name });
  return places;
}

/** Who posted a form, and from where. */
export const who = ({ user, origin }: Pick<ActionContext, "user" | "origin">) => ({
  by: user,
  address: origin.address,
});
export const idOf = ({ form }: Pick<ActionContext, "form">): string => form.get("id") ?? "";

/** The place that a form says. */
export function placeOfForm(form: URLSearchParams): {
  tenant?: string;
  cluster?: string;
  namespace?: string;
} {
  const [what = "", id = ""] = (form.get("where") ?? "").split(":");
  const namespace = (form.get("namespace") ?? "").trim();
  return {
    ...(what === "tenant" ? { tenant: id } : {}),
    ...(what === "cluster" ? { cluster: id } : {}),
    ...(namespace ? { namespace } : {}),
  };
}

export async function knownCluster(deps: Pick<WebDeps, "database">, id: string | undefined): Promise<void> {
  if (id !== undefined && !(await findCluster(deps.database, { id })))
    throw problem(404, "there is no such cluster");
}

/** A duration of a form: `30s`, `5m`, `1h30m`; 422 beside its field. */
export function durationOf(form: URLSearchParams, name: string): number {
  const ms = parseDuration((form.get(name) ?? "").trim());
  if (ms === undefined)
    throw problem(422, "a duration is written as 30s, 5m, 1h or 2d", { pointer: `/${name}` });
  return ms;
}

/** Words with commas between them; undefined for none. */
export function wordsIn(form: URLSearchParams, name: string): string[] | undefined {
  const words = (form.get(name) ?? "")
    .split(/[,\n]+/)
    .map((one) => one.trim())
    .filter(Boolean);
  return words.length > 0 ? words : undefined;
}

/** `name=value` with commas between them; 422 beside the field. */
export function pairsIn(form: URLSearchParams, name: string): Record<string, string> {
  return Object.fromEntries(
    (wordsIn(form, name) ?? []).map((one) => {
      const at = one.indexOf("=");
      if (at < 1) throw problem(422, "labels are written as name=value", { pointer: `/${name}` });
      return [one.slice(0, at).trim(), one.slice(at + 1).trim()];
    }),
  );
}

/** The time zone of a form, where one is given. */
export function zoneOf(form: URLSearchParams): { zone?: string } {
  const zone = (form.get("zone") ?? "").trim();
  return zone ? { zone } : {};
}

/** A date and a time of a form, at the clocks of a zone; 422 beside its field. */
export function momentIn(form: URLSearchParams, name: string, zone: string): number {
  const text = (form.get(name) ?? "").trim();
  try {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) throw new RangeError();
    return momentOf(Temporal.PlainDateTime.from(text), zone);
  } catch {
    throw problem(422, "a date and a time are needed", { pointer: `/${name}` });
  }
}

const factors: Record<string, number> = {
  "": 1,
  "%": 0.01,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** A number of a form, also as `90%` or `1.5 GiB`; 422 beside its field. */
export function numberIn(form: URLSearchParams, name: string): number {
  const text = (form.get(name) ?? "").trim();
  const [, digits = "", unit = ""] = /^(-?[\d.]+(?:e[+-]?\d+)?)\s*(%|[KMGT]iB|)$/.exec(text) ?? [];
  const value = Number(digits);
  if (digits === "" || !Number.isFinite(value))
    throw problem(422, "a number is needed", { pointer: `/${name}` });
  // So that 29 % is 0.29 and not 0.28999999999999998.
  return Number((value * (factors[unit] ?? 1)).toPrecision(15));
}
