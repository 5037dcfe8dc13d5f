import { Elysia } from "elysia";
import { actionDialog, actionTitle } from "../../../views/actions/dialog.ts";
import { argsOf } from "../../../views/actions/fields.ts";
import { actionMenu } from "../../../views/actions/menu.ts";
import { objectText } from "../../../views/actions/offers.ts";
import { paletteList } from "../../../views/actions/palette.ts";
import { undoDialog } from "../../../views/actions/undo.ts";
import { html, nothing, type Html } from "../../../views/html.ts";
import { layout, navBar } from "../../../views/layout.ts";
import { banner } from "../../../views/parts/banner.ts";
import { canUndo, commandHref } from "../../../views/parts/command.ts";
import { ProblemError, problem } from "../../../wire/problem.ts";
import { originOf, readForm } from "../action.ts";
import { seenBy, type WebDeps } from "../deps.ts";
import { respond, seeOther, wantsFragments } from "../respond.ts";
import { userOf } from "../serve-page.ts";
import { viewing } from "../viewing.ts";
import { type Asking, actionNamed, ask, valuesOf } from "./ask.ts";
import { objectsOf, targetOf } from "./objects.ts";
import { paletteSearch, paletteStart } from "./palette.ts";

/** Menus and dialogs of actions: fragments for the script, pages of their own without it. */
export function actRoutes(deps: WebDeps) {
  const raw = { parse: "none" } as const;
  return new Elysia({ name: "act" })
    .get("/actions", async ({ request }) => {
      const asking = await askingOf(deps, request);
      if (asking instanceof Response) return asking;
      const objects = objectsOf(asking.deps.datasource, asking.v, asking.query);
      if (objects.length === 0) throw problem(404, "there is no such object any more");
      return show(asking, request, asking.v.t.actions.title, actionMenu(asking.v, objects));
    })
    .get("/palette", async ({ request }) => {
      const user = await userOf(deps, request);
      if (user instanceof Response) return user;
      const url = new URL(request.url);
      const seen = seenBy(deps, user);
      const v = viewing(seen, request, user, url);
      const q = (url.searchParams.get("q") ?? "").trim().slice(0, 200);
      const groups =
        q === "" ? paletteStart(v, seen, url.searchParams.getAll("recent")) : paletteSearch(v, seen, q);
      return respond(request, paletteList(v, groups));
    })
    .get("/actions/undo", ({ request }) => undo(deps, request))
    .post("/actions/undo", ({ request }) => undo(deps, request), raw)
    .get("/actions/:action", async ({ request, params }) => {
      const asking = await askingOf(deps, request);
      if (asking instanceof Response) return asking;
      return dialog(asking, request, actionNamed(params.action));
    })
    .post("/actions/:action", ({ request, params }) => act(deps, request, params.action), raw);
}

/** Who asks, by a GET's address or a POST's form, whose token is checked. */
async function askingOf(whole: WebDeps, request: Request): Promise<Asking | Response> {
  const user = await userOf(whole, request);
  if (user instanceof Response) return user;
  const deps = seenBy(whole, user);
  const url = new URL(request.url);
  let query = url.searchParams;
  if (request.method === "POST") {
    query = await readForm(request);
    deps.access.checkForm(request, user, query.get("_csrf") ?? undefined);
  }
  // The scope stands in the addresses of pages only.
  const v = viewing(deps, request, user, new URL(url.pathname, url));
  return { deps, v, user, query, origin: originOf(request), page: !wantsFragments(request) };
}

async function dialog(
  asking: Asking,
  request: Request,
  action: ReturnType<typeof actionNamed>,
  faults: Record<string, string> = {},
): Promise<Response> {
  const asked = await ask(asking, action, faults);
  const status = Object.keys(faults).length > 0 ? 422 : 200;
  return show(asking, request, actionTitle(asking.v, asked), actionDialog(asking.v, asked), status);
}

/** A fragment for the script, or the same in the frame. */
function show({ v, page }: Asking, request: Request, title: string, content: Html, status = 200): Response {
  if (!page) return respond(request, content, status);
  const frame = { nav: navBar(v, undefined, {}), banner: banner(v), doing: nothing };
  const body = html`<section class="panel acting" id="acting">${content}</section>`;
  return respond(request, layout(v, title, frame, { body }, nothing), status);
}

/** Where the command's progress is: for the script in a header, since its page shows it by itself. */
function done({ page }: Asking, to: string): Response {
  return page ? seeOther(to) : new Response(null, { status: 204, headers: { "x-act-to": to } });
}

/** Asks the agents for it: one command for each object. */
async function act(deps: WebDeps, request: Request, key: string): Promise<Response> {
  const asking = await askingOf(deps, request);
  if (asking instanceof Response) return asking;
  const { v, user, origin, query } = asking;
  const action = actionNamed(key);
  const asked = await ask(asking, action);
  if (asked.objects.length === 0) return show(asking, request, "", actionDialog(v, asked), 422);
  const values = valuesOf(query);
  const wanted = asked.objects.map((object) => ({ object, read: argsOf(v.t, action.key, object, values) }));
  for (const { read } of wanted) if ("faults" in read) return dialog(asking, request, action, read.faults);
  const results = await Promise.allSettled(
    wanted.map(({ object, read }) => {
      const type = action.types[object.kind]!;
      return deps.control.enqueue(user, origin, {
        cluster: object.cluster,
        type,
        target: targetOf(type, object),
        args: "args" in read ? read.args : {},
        idem: `${asked.idem}.${Bun.hash.wyhash(objectText(object)).toString(36)}`,
      });
    }),
  );
  const faults = results.flatMap((one, at) =>
    one.status === "rejected" ? [{ object: wanted[at]!.object, error: one.reason as unknown }] : [],
  );
  for (const { error } of faults) if (!(error instanceof ProblemError)) throw error;
  if (faults.length > 0) {
    // Those that were taken are under way; what is left to decide on are the others.
    query.delete("on");
    for (const { object } of faults) query.append("on", objectText(object));
    const said = faults.map(({ error }) => v.t.told(detailOf(error as ProblemError)));
    const text = [...new Set(said)].join(" ");
    const several = v.t.actions.fault.several(faults.length, wanted.length);
    return dialog(asking, request, action, { "": wanted.length > 1 ? `${several} ${text}` : text });
  }
  const first = results[0] as PromiseFulfilledResult<{ id: string }>;
  return done(asking, wanted.length === 1 ? commandHref(first.value.id) : `/commands?group=${asked.idem}`);
}

/** Asks before a command is taken back, and takes it back. */
async function undo(deps: WebDeps, request: Request): Promise<Response> {
  const asking = await askingOf(deps, request);
  if (asking instanceof Response) return asking;
  const { v, user, origin, query } = asking;
  const id = query.get("command") ?? "";
  const command = deps.control.get(user, id);
  if (!command) throw problem(404, "there is no such command");
  const back = asking.page ? commandHref(id) : undefined;
  let fault: string | undefined;
  if (request.method === "POST" && canUndo(command)) {
    try {
      return done(asking, commandHref((await deps.control.undo(user, origin, id)).id));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      fault = detailOf(error);
    }
  } else if (command.undoneBy !== undefined && request.method === "POST")
    // The same form sent twice: what it asked for is under way.
    return done(asking, commandHref(command.undoneBy));
  const content = undoDialog(v, command, { back, ...(fault ? { fault } : {}) });
  return show(asking, request, v.t.actions.undoButton, content, fault ? 422 : 200);
}

export const detailOf = ({ problem }: ProblemError): string => problem.detail ?? problem.title;
