import { infoOf } from "../../../wire/command-names.ts";
import type { CommandView } from "../../../views/command-model.ts";
import { isOpen } from "../../../views/parts/command.ts";
import type { UserPrincipal } from "../../access/principal.ts";
import type { Control } from "../../control/control.ts";

/** What has ended well is told for this long, what has not for longer. */
const wellMs = 30_000;
const illMs = 300_000;
const most = 1000;

const remembered = new WeakMap<Control, Map<string, CommandView>>();

/** Keeps what has been asked for just now, so that every page can tell its viewer how it goes. */
export function rememberCommands(control: Control): () => void {
  const recent = new Map<string, CommandView>();
  remembered.set(control, recent);
  return control.subscribe((changed) => {
    const { writes, stream } = infoOf(changed.type);
    if (!writes || stream || changed.args.dryRun === true) return;
    recent.delete(changed.id);
    recent.set(changed.id, changed);
    if (recent.size > most) recent.delete(recent.keys().next().value!);
  });
}

/** The viewer's own commands that are under way or have ended a moment ago, newest first. */
export function recentCommands(control: Control, user: UserPrincipal, now: number): CommandView[] {
  const own: CommandView[] = [];
  for (const [id, one] of remembered.get(control) ?? []) {
    const well = one.state === "succeeded" && one.verified !== "no";
    if (!isOpen(one) && now - (one.endedMs ?? now) > (well ? wellMs : illMs))
      remembered.get(control)!.delete(id);
    else if (one.by.kind === "user" && one.by.id === user.userID) own.push(one);
  }
  return own.sort((a, b) => b.createdMs - a.createdMs);
}
