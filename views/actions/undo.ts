import { infoOf } from "../../wire/command-names.ts";
import { type Html, html } from "../html.ts";
import type { CommandView } from "../command-model.ts";
import { canUndo, saidText, targetLink } from "../parts/command.ts";
import { clusterName, type Viewing } from "../viewing.ts";
import { sheet } from "./dialog.ts";

/** Asks before a command is taken back, and says what that does. */
export function undoDialog(
  v: Viewing,
  command: CommandView,
  more: { fault?: string; back: string | undefined },
): Html {
  const t = v.t.actions;
  const { undo } = command;
  const type = (undo?.type ?? command.type) as CommandView["type"];
  return sheet(v, {
    title: t.undoTitle(saidText(v.t, command)),
    action: "/actions/undo",
    hidden: html`<input type="hidden" name="command" value="${command.id}">`,
    where: t.inCluster(clusterName(v, command.cluster)),
    body: html`<p>${targetLink(v, command)}</p>${
      undo
        ? html`<ul class="consequences"><li><span>${t.undoWill} <strong>${v.t.commands.asked[type](undo.args ?? {})}</strong></span></li><li><span>${t.undoSays}</span></li></ul>`
        : html`<p class="soft">${t.nothingLeft}</p>`
    }`,
    ...(more.fault ? { fault: v.t.told(more.fault) } : {}),
    verb: canUndo(command) ? t.undoButton : undefined,
    danger: infoOf(type)?.danger === true,
    back: more.back,
  });
}
