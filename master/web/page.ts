import type { Html } from "../../views/html.ts";
import type { NavKey } from "../../views/layout.ts";
import type { ChangeNotice } from "../../views/model.ts";
import type { Role, Viewing } from "../../views/viewing.ts";
import type { Origin } from "../access/access.ts";
import type { UserPrincipal } from "../access/principal.ts";
import type { SeenDeps } from "./deps.ts";

/**
 * How a page is added
 * 1. `views/pages/<name>.ts`: pure functions from `Viewing` and data to HTML, one per fragment. The root
 *    element of a fragment has the fragment's key as its id. Text goes to `views/text/` in both languages.
 * 2. `master/web/pages/<name>.ts`: a `Page` that gets the data from `deps` and calls those functions.
 * 3. `master/web/pages.ts`: one line in the table.
 *
 * That makes it live: the one stream per page calls `load` again when a notice of the datasource concerns
 * one of its `topics` (and its cluster, by the path's `:cluster` or the scope), and sends the fragments whose
 * HTML differs; of a fragment with `<tr id="…">` rows only the rows that do, as long as they are the same rows
 * in the same order. Consequences for what `load` gives:
 * - The same data has to give the same HTML: no random ids, and moments only as `age(v, ms)`, whose text is
 *   left out of the comparison and counted on in the browser.
 * - What changes often (charts) is best a fragment of its own.
 * - Elements with an id keep focus, scroll and open state through changes; `<details>` stay as the viewer left
 *   them; a `data-glow` element glows when its text changes; `hx-morph-skip` keeps an element as it is.
 * - `throw problem(404)` when the object is gone: on the live stream it becomes a bar above what is shown.
 */
export interface Page {
  /** The path, with `:name` for parameters: `/pods/:cluster/:namespace/:name`. */
  path: string;
  /** The entry of the side bar that is marked, if any. */
  nav?: NavKey;
  /** Who may see it; everybody who is signed in by default. */
  role?: Role;
  /** What it shows, so that the live stream knows when to render again. */
  topics: readonly Topic[];
  load(ctx: PageContext): Loaded | Promise<Loaded>;
}

export type Topic = ChangeNotice["topics"] extends ReadonlySet<infer T> ? T : never;

export interface PageContext {
  v: Viewing;
  /** The path's parameters, decoded. */
  params: Record<string, string>;
  deps: SeenDeps;
  user: UserPrincipal;
  /** Scheme and host by which the browser reached this master. */
  origin: string;
  /** Set on the live stream: what an agent had to be asked for is not asked for again; no fragment is no change. */
  live?: true;
  /** Where the request came from; commands are asked for in its name. */
  from: Origin;
  /** Set when a form of this page was posted and the page is shown again because of it. */
  form?: FormState;
}

/** A form that was posted: what was entered, what was wrong with it, or what it gave that is shown once. */
export interface FormState {
  do: string;
  values: Record<string, string>;
  /** By the field's name; "" is the whole form's. */
  faults: Record<string, string>;
  shown: Record<string, string>;
}

export interface Loaded {
  title: string;
  /** Of the whole page's answer, such as a content security policy of its own. */
  headers?: Record<string, string>;
  /** And its status; 200 by default. */
  status?: number;
  /** The page's content in order. */
  fragments: Record<string, Html>;
}

/** A page with the address it was asked for. */
export interface Found {
  page: Page;
  params: Record<string, string>;
}

/** Finds a page by a path; the first that matches. */
export function findPage(pages: readonly Page[], path: string): Found | undefined {
  const parts = path.split("/");
  for (const page of pages) {
    const pattern = page.path.split("/");
    if (pattern.length !== parts.length) continue;
    const params: Record<string, string> = {};
    if (pattern.every((one, at) => matches(one, parts[at]!, params))) return { page, params };
  }
  return undefined;
}

function matches(pattern: string, part: string, params: Record<string, string>): boolean {
  if (!pattern.startsWith(":")) return pattern === part;
  try {
    params[pattern.slice(1)] = decodeURIComponent(part);
  } catch {
    return false;
  }
  return part !== "";
}
