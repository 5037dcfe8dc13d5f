import { offersOf } from "../../../views/actions/offers.ts";
import { type Entry, fuzzy, type Group } from "../../../views/actions/palette.ts";
import { type Action, type ActionObject, actionOf } from "../../../views/actions/registry.ts";
import { allNavItems, offered as isOffered } from "../../../views/layout.ts";
import type { Row } from "../../../views/model.ts";
import { folders, objectHref, pageHref } from "../../../views/parts/links.ts";
import { texts } from "../../../views/text/text.ts";
import type { Viewing } from "../../../views/viewing.ts";
import { type KindKey, kindKeys, kindNames } from "../../../wire/kind-names.ts";
import type { AnyItem } from "../../../wire/kinds.ts";
import type { SeenDeps } from "../deps.ts";
import { best, search } from "../search.ts";
import { maySee, objectAt } from "./objects.ts";
import { actionsNamed, kindsIn, wordsOf } from "./palette-words.ts";

/** How many of each sort are shown, and of how many of each kind the nearest are taken. */
const most = { objects: 8, actions: 8, pages: 6, offers: 4 };
const looked = 30;

/** Everything that words lead to: actions on objects where a word names one, objects, pages. */
export function paletteSearch(v: Viewing, deps: SeenDeps, query: string): Group[] {
  const t = v.t.palette;
  const words = wordsOf(query);
  const acting = actionsNamed(words);
  const actions = acting.flatMap(({ action, rest }) => onObjects(v, deps, action, rest));
  const objects = objectEntries(v, deps, words);
  const [nearest] = objects;
  const offered =
    actions.length === 0 && nearest?.is === "object"
      ? offersAsEntries(v, deps, nearest).slice(0, most.offers)
      : [];
  const pages = pageEntries(v, query);
  return [
    { title: t.actions, entries: actions.slice(0, most.actions) },
    { title: t.objects, entries: objects },
    { title: t.actions, entries: offered },
    { title: t.pages, entries: pages },
  ];
}

/** What was chosen before, as it is now; what is gone is left out. Then the pages. */
export function paletteStart(v: Viewing, deps: SeenDeps, recent: readonly string[]): Group[] {
  const t = v.t.palette;
  const known = recent.slice(0, most.objects).flatMap((href) => entryAt(v, deps, href) ?? []);
  return [
    { title: t.recent, entries: known },
    { title: t.pages, entries: navOf(v).map((one) => pageEntry(v, one.path, v.t.nav[one.key] as string)) },
  ];
}

/** What owns pods comes before them: it is what people mean by a name. */
const order: readonly KindKey[] = [
  "deployment",
  "statefulset",
  "daemonset",
  "cronjob",
  "job",
  "node",
  "replicaset",
  "pod",
];

function onObjects(v: Viewing, deps: SeenDeps, action: Action, words: readonly string[]): Entry[] {
  const { kinds, rest } = kindsIn(words);
  const wanted = order.filter(
    (kind) => action.types[kind] !== undefined && (kinds.length === 0 || kinds.includes(kind)),
  );
  const q = rest.join(" ");
  const found = wanted.flatMap((kind) => {
    const { items } = deps.datasource.list(kind, { ...v.scope, ...(q ? { q } : {}), limit: looked });
    return items
      .map((row) => objectOf(kind, row as Row<AnyItem>))
      .filter((one) => maySee(v, one.cluster, one.namespace));
  });
  return nearestFirst(found, q)
    .flatMap((object) => offered(v, object).filter((one) => one.key === action.key))
    .slice(0, 6)
    .map((one) => one.entry);
}

function offersAsEntries(
  v: Viewing,
  deps: SeenDeps,
  { kind, place, name }: Extract<Entry, { is: "object" }>,
) {
  const object = objectAt(deps.datasource, v, [place.cluster, kind, place.namespace, name].join("/"));
  return object ? offered(v, object).map((one) => one.entry) : [];
}

function offered(v: Viewing, object: ActionObject): { key: string; entry: Entry }[] {
  return offersOf(v, object)
    .filter((one) => one.reason === undefined)
    .map((one) => ({
      key: one.action.key,
      entry: {
        ...objectEntry(v, object),
        is: "action",
        label: v.t.actions.name[one.action.key],
        href: one.href,
        dialog: one.dialog,
      },
    }));
}

function objectEntries(v: Viewing, deps: SeenDeps, words: readonly string[]): Entry[] {
  const { kinds, rest } = kindsIn(words);
  const q = (rest.length > 0 ? rest : words).join(" ");
  const all = search(v, deps, q, looked).filter((one) => kinds.length === 0 || kinds.includes(one.kind));
  return best(all, q, most.objects).flatMap((one) =>
    one.rows
      .map((row) => objectOf(one.kind, row as Row<AnyItem>))
      .filter((object) => maySee(v, object.cluster, object.namespace))
      .map((object) => objectEntry(v, object)),
  );
}

function objectOf(kind: KindKey, row: Row<AnyItem>): ActionObject {
  const { name, namespace = "" } = row.item.summary as { name: string; namespace?: string };
  return { cluster: row.cluster, kind, namespace, name, row };
}

function objectEntry(
  v: Viewing,
  { cluster, kind, namespace, name, row }: ActionObject,
): Extract<Entry, { is: "object" }> {
  const href = objectHref(v, kind, cluster, namespace, name);
  return {
    is: "object",
    kind,
    place: { cluster, namespace },
    name,
    health: row.health,
    state: row.state,
    href,
  };
}

function nearestFirst(objects: readonly ActionObject[], q: string): ActionObject[] {
  const words = q.toLowerCase().split(" ");
  const far = ({ name }: ActionObject) =>
    words.reduce(
      (sum, word) => sum + (name === word ? 0 : name.startsWith(word) ? 1 : name.includes(word) ? 2 : 4),
      0,
    );
  return q === "" ? [...objects] : objects.toSorted((a, b) => far(a) - far(b));
}

const navOf = (v: Viewing) => allNavItems.filter((one) => isOffered(v, one));

const pageEntry = (v: Viewing, path: string, label: string): Entry => ({
  is: "page",
  label,
  href: pageHref(v, path),
});

function pageEntries(v: Viewing, query: string): Entry[] {
  const pages: [string, string, string[]][] = [
    ...navOf(v).map((one): [string, string, string[]] => [
      one.path,
      v.t.nav[one.key] as string,
      Object.values(texts).map((t) => t.nav[one.key] as string),
    ]),
    ...kindKeys.map((kind): [string, string, string[]] => [
      `/${folders[kind]}`,
      v.t.kind[kind],
      [kind, ...Object.values(texts).map((t) => t.kind[kind])],
    ]),
    ["/capacity", v.t.capacity.title, Object.values(texts).map((t) => t.capacity.title)],
    ["/api", v.t.api.title, [v.t.api.title]],
  ];
  const seen = new Set<string>();
  return pages
    .map(([path, label, names]) => ({
      path,
      label,
      score: Math.max(...names.map((one) => fuzzy(query, one))),
    }))
    .filter(({ path, score }) => score > 0 && !seen.has(path) && seen.add(path))
    .sort((a, b) => b.score - a.score)
    .slice(0, most.pages)
    .map(({ path, label }) => pageEntry(v, path, label));
}

/** What an address leads to, as an entry; undefined where it leads nowhere any more. */
function entryAt(v: Viewing, deps: SeenDeps, href: string): Entry | undefined {
  if (!href.startsWith("/") || href.length > 2000) return undefined;
  const url = new URL(href, "http://own.invalid");
  let parts: string[];
  try {
    parts = url.pathname.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const [first = "", ...rest] = parts;
  if (first === "actions") {
    const action = actionOf(rest[0] ?? "");
    const object = objectAt(deps.datasource, v, url.searchParams.get("on") ?? "");
    return object && offered(v, object).find((one) => one.key === action?.key)?.entry;
  }
  const kind = kindKeys.find((one) => folders[one] === first);
  if (kind && rest.length > 0) {
    const [cluster = "", ...names] = rest;
    const [namespace, name] = kindNames[kind].namespaced ? names : ["", names[0]];
    const object = objectAt(deps.datasource, v, [cluster, kind, namespace, name].join("/"));
    return object && objectEntry(v, object);
  }
  const page = navOf(v).find((one) => one.path === url.pathname);
  if (page) return pageEntry(v, page.path, v.t.nav[page.key] as string);
  return kind ? pageEntry(v, url.pathname, v.t.kind[kind]) : undefined;
}
