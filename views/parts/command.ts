import { type Content, type Html, html, nothing } from "../html.ts";
import type { Health } from "../model.ts";
import type { CommandState, CommandView } from "../command-model.ts";
import type { Text } from "../text/text.ts";
import { kindHref } from "./links.ts";
import { mark } from "./state.ts";
import type { Viewing } from "../viewing.ts";

const openStates: readonly CommandState[] = ["proposed", "queued", "fetched", "running", "cancelling"];
export const isOpen = ({ state }: Pick<CommandView, "state">): boolean => openStates.includes(state);

/** How a command stands, as the same shapes as everything else. */
export function healthOf({ state, verified }: Pick<CommandView, "state" | "verified">): Health {
  if (state === "failed") return "critical";
  if (state === "expired") return "warning";
  if (state === "cancelled") return "unknown";
  if (state === "succeeded") return verified === "no" ? "warning" : "ok";
  return "info";
}

/** What a command is about, as kind, namespace and name; the kind of what AtlHyper 1.x names may be in any case. */
export function targetOf({ target }: Pick<CommandView, "target">): {
  kind: string;
  namespace: string;
  name: string;
} {
  const { ns = "", pod, node, kind = "", name = "" } = target;
  if (pod !== undefined) return { kind: "Pod", namespace: ns, name: pod };
  if (node !== undefined) return { kind: "Node", namespace: "", name: node };
  return { kind, namespace: ns, name };
}

/** The object as a link to its page, where it has one. */
export function targetLink(v: Viewing, command: Pick<CommandView, "target" | "cluster">): Html {
  const { kind, namespace, name } = targetOf(command);
  const href = kindHref(v, kind, command.cluster, namespace, name);
  const shown = html`<span class="soft">${kind}</span> <span class="mono">${name}</span>`;
  return href ? html`<a href="${href}">${shown}</a>` : shown;
}

/** What is asked: `Scale to 5`. */
export const askedText = (t: Text, { type, args }: Pick<CommandView, "type" | "args">): string =>
  t.commands.asked[type](args);

/** What became of it: `Scaled to 5`, `Scale to 5 · failed`, `Scale to 5 · waits for the agent`. */
export function saidText(
  t: Text,
  command: Pick<CommandView, "type" | "args" | "state" | "verified">,
): string {
  const { state, type, args } = command;
  if (state === "succeeded") return t.commands.done[type](args);
  return `${askedText(t, command)} · ${t.commands.state[state]}`;
}

/** What is told of it now: how far it is, or how it ended, in the reader's language. */
export function toldOf(v: Viewing, command: CommandView): string {
  if (isOpen(command)) return command.progress?.message ? v.t.told(command.progress.message) : "";
  if (command.message) return v.t.told(command.message);
  return command.errorCode ? (v.t.commands.code[command.errorCode] ?? command.errorCode) : "";
}

export const commandHref = (id: string): string => `/commands/${encodeURIComponent(id)}`;

/** Its state behind its shape; an open one with how far it is. */
export function commandState(v: Viewing, command: CommandView): Html {
  const { done, total } = command.progress ?? {};
  const far =
    isOpen(command) && done !== undefined && total !== undefined && total > 0
      ? html` <span class="soft">${v.t.commands.of(done, total)}</span>`
      : nothing;
  return html`<span class="state ${healthOf(command)}">${mark(v, healthOf(command))}<span data-glow>${v.t.commands.state[command.state]}</span></span>${far}`;
}

/** How far it is, as a bar that is read out, too. */
export function progressBar(v: Viewing, done: number, total: number, label: Content): Html {
  return html`<progress max="${total}" value="${done}" aria-label="${label}">${v.t.commands.of(done, total)}</progress>`;
}

/** Whether it can be taken back, as far as the master knows: what failed half way, such as a drain, may have a way back, too. */
export const canUndo = (command: CommandView): boolean =>
  !isOpen(command) && command.undo !== undefined && command.undoneBy === undefined;

export const undoHref = (id: string): string => `/actions/undo?command=${encodeURIComponent(id)}`;

/** Whether this viewer is offered to take it back. */
export function offersUndo(v: Viewing, command: CommandView): boolean {
  const { namespace } = targetOf(command);
  const place = { cluster: command.cluster, ...(namespace === "" ? {} : { namespace }) };
  return canUndo(command) && v.can(command.type, place);
}
