import { offersOf } from "../../../views/actions/offers.ts";
import { type Entry, fuzzy, type Group } from "../../../views/actions/palette.ts";
import { type Action, type ActionObject, actionOf, registry } from "../../../views/actions/registry.ts";
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

/** How many of each sort are shown, and of how many of each kind the nearest are taken. */
const most = { objects: 8, actions: 8, pages: 6, offers: 4 };
const looked = 30;
const mostWords = 8;

/** As one shortens the kinds on the command line. */
const aliases: Partial<Record<string, KindKey>> = {
  po: "pod",
  pods: "pod",
  no: "node",
  deploy: "deployment",
  sts: "statefulset",
  ds: "daemonset",
  rs: "replicaset",
  cj: "cronjob",
  svc: "service",
  ing: "ingress",
  cm: "configmap",
  ns: "namespace",
  pvc: "persistentvolumeclaim",
  hpa: "horizontalpodautoscaler",
  节点: "node",
  命名空间: "namespace",
};

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

/** Words; Chinese names of actions stand before others without a space. */
function wordsOf(query: string): string[] {
  return query
    .replace(/([\u4e00-\u9fff]+)(?=[^\u4e00-\u9fff\s])/g, "$1 ")
    .replace(/([^\u4e00-\u9fff\s])(?=[\u4e00-\u9fff])/g, "$1 ")
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, mostWords);
}

const namesOf = new Map(
  registry.map((one) => [
    one.key,
    Object.values(texts).map((t) => `${t.actions.name[one.key]} ${t.palette.words[one.key]}`),
  ]),
);

/** Actions that words name, the best first, with the words that are left for objects. */
function actionsNamed(words: readonly string[]): { action: Action; rest: string[] }[] {
  return registry
    .map((action) => {
      const score = (word: string) =>
        word.length < 2 && !/[\u4e00-\u9fff]/.test(word)
          ? 0
          : Math.max(...namesOf.get(action.key)!.map((one) => fuzzy(word, one)));
      const fits = words.map((word) => ({ word, score: score(word) }));
      const first = Math.max(0, ...fits.map((one) => one.score));
      // A word that names an action no better than by some letters may as well be an object's name.
      const named = fits.filter((one) => one.score >= 3 || (one.score > 0 && one.word === words[0]));
      // What names an object must not be lost to an action whose name holds it, too.
      const rest = words.filter((word) => !named.some((one) => one.word === word));
      return { action, rest, score: named.length > 0 ? first : 0, named: named.length };
    })
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || b.named - a.named)
    .slice(0, 3);
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

/** Words that name a kind narrow to it, as long as others are left. */
function kindsIn(words: readonly string[]): { kinds: KindKey[]; rest: string[] } {
  const kindNamed = (word: string): KindKey | undefined => {
    const lower = word.toLowerCase();
    return aliases[lower] ?? kindKeys.find((key) => key === lower || kindNames[key].field === lower);
  };
  const kinds = words.flatMap((word) => kindNamed(word) ?? []);
  return { kinds, rest: words.filter((word) => kindNamed(word) === undefined) };
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
