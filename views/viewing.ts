import type { CommandType } from "../wire/command-names.ts";
import type { ClusterView } from "./model.ts";
import type { CommandView } from "./command-model.ts";
import type { Lang, Text } from "./text/text.ts";

export type Role = "viewer" | "operator" | "admin";
export type Theme = "light" | "dark" | "system";

/** Who looks at what, and how: every view gets it first. */
export interface Viewing {
  t: Text;
  lang: Lang;
  theme: Theme;
  now: number;
  /** The page's path, without the query. */
  path: string;
  query: URLSearchParams;
  /** What the top bar narrows every page to; it stands in the URL as `?cluster=&namespace=`. */
  scope: { cluster?: string; namespace?: string };
  clusters: ClusterView[];
  /** Names of the namespaces that the scope can be narrowed to. */
  namespaces: string[];
  user: { name: string; role: Role };
  /** Whether the viewer administers a place; nothing: the installation. */
  admin(where: { tenant?: string; cluster?: string }): boolean;
  /** Whether the viewer may ask for a type of command at a place. */
  can(type: CommandType, where: { cluster: string; namespace?: string }): boolean;
  /** Types of commands that this installation does not offer to anybody. */
  off?: ReadonlySet<CommandType>;
  /** Whether somebody else than who asks for a command of this type has to approve it. */
  needsApproval(type: CommandType): boolean;
  /** How many alerts fire in the scope, and nobody has taken them up. */
  firing: number;
  /** How many commands wait for an approval. */
  proposed: number;
  /** The viewer's own commands that are under way, or have ended just now. */
  doing: readonly CommandView[];
  /** Least characters of a new password. */
  passwordLeast: number;
  /** Goes into every form as `_csrf`. */
  csrf: string;
  assets: Assets;
  demo: Demo;
}

/** Addresses of what the page loads; they change with the content. */
export interface Assets {
  css: string;
  js: string;
  icon: string;
  /** Of the pages that need them alone. */
  charts: string;
  chartLarge: string;
  logs: string;
  terminal: string;
  xtermCss: string;
}

/** The demo cluster: whether this master can start one, and whether it runs. */
export interface Demo {
  available: boolean;
  running: boolean;
}

/** A cluster's name, or its id where it is not known any more. */
export function clusterName(v: Viewing, id: string): string {
  return v.clusters.find((one) => one.id === id)?.name ?? id;
}

/** Whether objects of several clusters may stand beside each other, so that each has to say its own. */
export function manyClusters(v: Viewing): boolean {
  return v.scope.cluster === undefined && v.clusters.length > 1;
}

/** May this user do what needs `role`? */
export function may(v: Viewing, role: Role): boolean {
  const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };
  return rank[v.user.role] >= rank[role];
}
