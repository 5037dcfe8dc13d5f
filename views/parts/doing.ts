import { type Html, html, nothing } from "../html.ts";
import type { CommandView } from "../command-model.ts";
import type { Viewing } from "../viewing.ts";
import {
  offersUndo,
  commandHref,
  healthOf,
  isOpen,
  progressBar,
  saidText,
  targetOf,
  toldOf,
  undoHref,
} from "./command.ts";
import { mark } from "./state.ts";
import { icon } from "./svg.ts";

/** Commands that were asked for by one dialog belong together: their `idem` differs behind the dot only. */
export const groupOf = ({ idem }: Pick<CommandView, "idem">): string => idem.split(".", 1)[0]!;

const most = 4;

/**
 * What the viewer has asked for just now, on every page: how far it is, then how it ended. The browser takes away
 * what has ended well after some seconds.
 */
export function doingStrip(v: Viewing, commands: readonly CommandView[]): Html {
  const groups = new Map<string, CommandView[]>();
  // Where commands stand anyway nothing is told twice; what was taken back is told by what took it back.
  const told = v.path.startsWith("/commands") ? [] : commands.filter((one) => one.undoneBy === undefined);
  for (const one of told) groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one]);
  return html`<section id="doing" class="doing" aria-label="${v.t.commands.strip}" aria-live="polite">${[
    ...groups,
  ]
    .slice(0, most)
    .map(([group, all]) => (all.length === 1 ? single(v, all[0]!) : several(v, group, all)))}</section>`;
}

function single(v: Viewing, command: CommandView): Html {
  const { done, total } = command.progress ?? {};
  const told = toldOf(v, command);
  return toast(v, `d${command.id}`, command, {
    head: html`<a href="${commandHref(command.id)}">${saidText(v.t, command)}</a> <span class="mono">${targetOf(command).name}</span>`,
    bar:
      isOpen(command) && done !== undefined && total
        ? progressBar(v, done, total, v.t.commands.progress)
        : nothing,
    told,
    undo: offersUndo(v, command)
      ? html`<a class="button" href="${undoHref(command.id)}" data-act>${v.t.commands.undo}</a>`
      : nothing,
  });
}

function several(v: Viewing, group: string, all: readonly CommandView[]): Html {
  const t = v.t.commands;
  const ended = all.filter((one) => !isOpen(one));
  const failed = ended.filter((one) => one.state !== "succeeded");
  const worst = failed[0] ?? all.find(isOpen) ?? all[0]!;
  return toast(
    v,
    `g${group}`,
    { ...worst, state: worst.state },
    {
      head: html`<a href="/commands?group=${group}">${t.asked[worst.type](worst.args)} · ${t.groupDone(ended.length - failed.length, all.length)}${failed.length > 0 ? ` · ${t.groupFailed(failed.length)}` : nothing}</a>`,
      bar: ended.length < all.length ? progressBar(v, ended.length, all.length, t.progress) : nothing,
      told: failed[0] ? `${targetOf(failed[0]).name}: ${toldOf(v, failed[0])}` : "",
      undo: nothing,
      open: ended.length < all.length,
    },
  );
}

function toast(
  v: Viewing,
  id: string,
  command: Pick<CommandView, "state" | "verified" | "endedMs">,
  one: { head: Html; bar: Html; told: string; undo: Html; open?: boolean },
): Html {
  const open = one.open ?? isOpen(command);
  const well = !open && healthOf(command) === "ok";
  return html`<div class="toast ${healthOf(command)}" id="${id.replace(/[^\w-]/g, "")}"${well ? html` data-ends="${command.endedMs ?? 0}"` : nothing}>${mark(v, healthOf(command))}<div><p class="what">${one.head}</p>${one.bar}${one.told ? html`<p class="soft small">${one.told}</p>` : nothing}</div>${one.undo}<button type="button" class="icon-button" data-dismiss aria-label="${v.t.commands.dismiss}">${icon("close")}</button></div>`;
}
