import { commandPage } from "../../../views/pages/command.ts";
import { commandsHead, commandsTable } from "../../../views/pages/commands.ts";
import { commandStates } from "../../../views/command-model.ts";
import { groupOf } from "../../../views/parts/doing.ts";
import { askedText, targetOf } from "../../../views/parts/command.ts";
import type { Viewing } from "../../../views/viewing.ts";
import { infoOf, isCommandType } from "../../../wire/command-names.ts";
import { problem } from "../../../wire/problem.ts";
import type { UserPrincipal } from "../../access/principal.ts";
import type { CommandQuery } from "../../control/control.ts";
import type { CommandView } from "../../../views/command-model.ts";
import type { SeenDeps } from "../deps.ts";
import type { Page } from "../page.ts";

/** Of what was asked for by one dialog at most: a page of a list. */
const mostOfGroup = 100;
const perPage = 50;

export const commandsPage: Page = {
  path: "/commands",
  nav: "commands",
  topics: ["commands"],
  load({ v, deps, user }) {
    const group = v.query.get("group");
    const items = group ? groupCommands(deps, user, group) : [];
    const page = group ? { items, total: items.length } : deps.control.list(user, commandQuery(v, user));
    return {
      title: v.t.commands.title,
      fragments: { head: commandsHead(v, page), list: commandsTable(v, page) },
    };
  },
};

export const commandDetail: Page = {
  path: "/commands/:id",
  nav: "commands",
  topics: ["commands"],
  load({ v, deps, user, params, form }) {
    const command = deps.control.get(user, params.id ?? "");
    if (!command) throw problem(404, "there is no such command");
    const { namespace } = targetOf(command);
    const place = { cluster: command.cluster, ...(namespace === "" ? {} : { namespace }) };
    const mayAct = v.can(command.type, place);
    const together = command.idem.includes(".");
    return {
      title: `${askedText(v.t, command)} · ${targetOf(command).name}`,
      fragments: commandPage(v, {
        command,
        group: together ? groupCommands(deps, user, groupOf(command), command.by.id) : [],
        mayAct,
        mayApprove: mayAct && command.by.id !== user.userID,
        ...(form?.faults[""] ? { fault: form.faults[""] } : {}),
      }),
    };
  },
};

/** What was asked for by one dialog, as far as it is among the newest of who asked. */
function groupCommands(deps: SeenDeps, user: UserPrincipal, group: string, by = user.userID): CommandView[] {
  const { items } = deps.control.list(user, { by, writes: true, limit: 5 * mostOfGroup });
  return items.filter((one) => groupOf(one) === group).slice(0, mostOfGroup);
}

/** What the page's URL asks for. Anything that makes no sense counts as not said. */
function commandQuery(v: Viewing, user: UserPrincipal): CommandQuery {
  const text = (name: string) => v.query.get(name)?.slice(0, 100) || undefined;
  const type = text("type");
  const state = text("state");
  const who = text("who");
  const cursor = text("cursor");
  const reads = text("reads") !== undefined || (type && isCommandType(type) && !infoOf(type).writes);
  return {
    ...v.scope,
    ...(type && isCommandType(type) ? { type } : {}),
    ...(state === "open" || state === "ended" ? { state } : {}),
    ...(commandStates.find((one) => one === state) ? { state: state as CommandView["state"] } : {}),
    ...(who ? { by: who === "me" ? user.userID : who } : {}),
    ...(reads ? {} : { writes: true }),
    ...(cursor && /^\d{1,15}$/.test(cursor) && cursor !== "0" ? { cursor } : {}),
    limit: perPage,
  };
}
