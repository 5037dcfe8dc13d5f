import type { ProgressItem } from "../../wire/control.ts";
import { type Content, type Html, html, nothing } from "../html.ts";
import type { CommandView } from "../command-model.ts";
import { dialogHref } from "../actions/offers.ts";
import { type ActionKey, registry } from "../actions/registry.ts";
import {
  askedText,
  canUndo,
  offersUndo,
  commandHref,
  healthOf,
  isOpen,
  progressBar,
  targetLink,
  targetOf,
  toldOf,
  undoHref,
} from "../parts/command.ts";
import { csrfField } from "../parts/form.ts";
import { formatDuration } from "../parts/format.ts";
import { keyOfKind, pageHref } from "../parts/links.ts";
import { mark, state } from "../parts/state.ts";
import { shape } from "../parts/svg.ts";
import { age, until } from "../parts/time.ts";
import { clusterName, type Viewing } from "../viewing.ts";
import { absent, facts, section, words } from "./detail/blocks.ts";
import { commandRows } from "./commands.ts";

export interface CommandData {
  command: CommandView;
  /** Asked for by the same dialog, itself among them; empty where it was alone. */
  group: readonly CommandView[];
  /** Whether the viewer may approve what another one proposed. */
  mayApprove: boolean;
  /** Whether the viewer may cancel, undo and repeat it. */
  mayAct: boolean;
  /** What was wrong with cancelling and the like. */
  fault?: string;
}

/** Everything that is known of one command. */
export function commandPage(v: Viewing, data: CommandData): Record<string, Html> {
  const { command } = data;
  return {
    head: head(v, data),
    progress: progress(v, command),
    facts: about(v, command),
    group:
      data.group.length > 1
        ? section("group", v.t.commands.together, commandRows(v, data.group, true))
        : absent("group"),
  };
}

function head(v: Viewing, data: CommandData): Html {
  const t = v.t.commands;
  const { command } = data;
  const { namespace } = targetOf(command);
  const told = toldOf(v, command);
  const code =
    command.errorCode && command.state !== "succeeded"
      ? (t.code[command.errorCode] ?? command.errorCode)
      : undefined;
  return html`<header id="head" class="head object"><nav class="crumbs" aria-label="${v.t.detail.path}"><ol><li><a href="${pageHref(v, "/commands")}">${t.title}</a></li><li>${clusterName(v, command.cluster)}</li>${namespace ? html`<li>${namespace}</li>` : nothing}<li>${targetLink(v, command)}</li></ol></nav>
<div class="title"><h1>${askedText(v.t, command)}</h1>${buttons(v, data)}</div>
<p class="verdict">${state(v, healthOf(command), t.stateLong[command.state])}${code ? html` <span class="soft">${code}</span>` : nothing}${
    command.endedMs ? html` <span class="soft">${t.ago(age(v, command.endedMs))}</span>` : nothing
  }</p>${told ? html`<p class="why">${told}</p>` : nothing}${
    command.state === "succeeded" && command.verified
      ? html`<p class="soft">${t.verified[command.verified]}</p>`
      : nothing
  }${data.fault ? html`<p class="fault" role="alert">${v.t.told(data.fault)}</p>` : nothing}${
    canUndo(command)
      ? html`<p class="soft small">${t.undoIs} ${t.asked[undoType(command)](command.undo?.args ?? {})}. ${t.undoHow}</p>`
      : nothing
  }</header>`;
}

const undoType = (command: CommandView) => (command.undo?.type ?? command.type) as CommandView["type"];

function buttons(v: Viewing, { command, mayAct, mayApprove }: CommandData): Html {
  const t = v.t.commands;
  const form = (what: string, label: string, className = "") =>
    html`<form method="post" action="${commandHref(command.id)}">${csrfField(v.csrf)}<input type="hidden" name="do" value="${what}"><button class="button ${className}">${label}</button></form>`;
  const repeat = repeatHref(command);
  return html`<div class="acts">${
    command.state === "proposed" && mayApprove
      ? html`${form("approve", t.approve, "primary")}${form("reject", t.reject)}`
      : nothing
  }${mayAct && isOpen(command) && command.state !== "cancelling" ? form("cancel", t.cancel) : nothing}${
    mayAct && canUndo(command)
      ? html`<a class="button" href="${undoHref(command.id)}" data-act>${t.undo}</a>`
      : nothing
  }${
    mayAct && !isOpen(command) && repeat
      ? html`<a class="button" href="${repeat}" data-act>${t.repeat}</a>`
      : nothing
  }</div>`;
}

/** The dialog that asks for the same again, with what was entered; undefined where the command has none. */
function repeatHref(command: CommandView): string | undefined {
  const { kind, namespace, name } = targetOf(command);
  const key = keyOfKind(kind);
  if (!key) return undefined;
  const { args, type } = command;
  const action = registry.find((one) => one.types[key] === type && !one.page && fits(one.key, args));
  if (!action) return undefined;
  const fields: Record<string, string> = {};
  if (type === "ScaleWorkload") fields.replicas = String(args.replicas);
  if (type === "RolloutUndo" && args.revision !== undefined) fields.revision = String(args.revision);
  if (args.gracePeriodSeconds !== undefined) fields.grace = String(args.gracePeriodSeconds);
  if (args.force === true) fields.force = "1";
  for (const [container, image] of Object.entries((args.images as Record<string, string>) ?? {}))
    fields[`image.${container}`] = String(image);
  return dialogHref(action.key, [{ cluster: command.cluster, kind: key, namespace, name }], fields);
}

/** Two actions are the same type of command: what differs is its argument. */
function fits(key: ActionKey, args: Record<string, unknown>): boolean {
  return key !== "suspend" && key !== "unsuspend" ? true : (args.suspend === false) === (key === "unsuspend");
}

function progress(v: Viewing, command: CommandView): Html {
  const t = v.t.commands;
  const { done, total, items = [] } = command.progress ?? {};
  if (items.length === 0 && !(total && total > 0)) return absent("progress");
  return section(
    "progress",
    t.progress,
    html`${
      total && total > 0
        ? html`<p class="far">${progressBar(v, done ?? 0, total, t.progress)} <span data-glow>${t.of(done ?? 0, total)}</span></p>`
        : nothing
    }${items.length > 0 ? html`<ul class="items">${items.map((one) => item(v, one))}</ul>` : nothing}`,
  );
}

const itemHealth = { waiting: "unknown", working: "info", done: "ok", failed: "critical" } as const;

function item(v: Viewing, one: ProgressItem): Html {
  return html`<li>${mark(v, itemHealth[one.state])}<span class="mono">${one.name}</span> <span class="soft" data-glow>${v.t.commands.items[one.state]}</span>${one.message ? html`<span class="soft small">${v.t.told(one.message)}</span>` : nothing}</li>`;
}

function about(v: Viewing, command: CommandView): Html {
  const t = v.t.commands;
  const link = (id: string | undefined): Content =>
    id && html`<a class="mono" href="${commandHref(id)}">${id}</a>`;
  const begun = command.startedMs ?? command.fetchedMs;
  return section(
    "facts",
    v.t.detail.about,
    facts([
      [t.on, targetLink(v, command)],
      [t.cluster, clusterName(v, command.cluster)],
      [
        t.by,
        html`${command.by.name}${command.by.kind === "user" ? nothing : html` <span class="soft">${command.by.kind}</span>`}`,
      ],
      [t.approvedBy, command.approvedBy],
      [t.askedAt, t.ago(age(v, command.createdMs))],
      [t.deadline, command.state === "queued" && until(v, command.deadlineMs)],
      [t.waited, begun && formatDuration(begun - command.createdMs)],
      [
        t.took,
        command.endedMs &&
          begun &&
          html`${formatDuration(command.endedMs - begun)}${(command.attempt ?? 1) > 1 ? html` <span class="soft">${t.attempts(command.attempt!)}</span>` : nothing}`,
      ],
      [t.args, args(v, command.args)],
      [t.undone, link(command.undoneBy)],
      [t.undoes, link(command.undoOf)],
      [t.id, html`<code>${command.id}</code>`],
    ]),
  );
}

function args(v: Viewing, given: Record<string, unknown>): Content {
  const known = Object.entries(given).filter(([key, value]) => key !== "manifest" && value !== undefined);
  return known.map(
    ([key, value]) =>
      html`<span class="item"><span class="soft">${v.t.commands.argument[key] ?? key}</span> ${value === true ? v.t.common.yes : value === false ? v.t.common.no : words(value)}</span>`,
  );
}

/** The newest command of an object, on its page: `Scaled to 5 · 12s · Undo`. */
export function lastCommand(v: Viewing, command: CommandView | undefined): Html {
  if (!command) return absent("acted");
  const t = v.t.commands;
  const told = toldOf(v, command);
  const said = command.state === "succeeded" ? t.done[command.type](command.args) : askedText(v.t, command);
  const { done, total } = command.progress ?? {};
  return html`<div id="acted" class="acted ${healthOf(command)}">${shape(healthOf(command))}<p><a href="${commandHref(command.id)}">${said}</a>${
    command.state === "succeeded" ? nothing : html` · <span data-glow>${t.state[command.state]}</span>`
  } · <span class="soft">${command.by.name}</span> · ${t.ago(age(v, command.endedMs ?? command.createdMs))}${
    isOpen(command) && done !== undefined && total
      ? html` ${progressBar(v, done, total, t.progress)}`
      : nothing
  }${told ? html`<br><span class="soft small">${told}</span>` : nothing}</p>${
    offersUndo(v, command)
      ? html`<a class="button" href="${undoHref(command.id)}" data-act>${t.undo}</a>`
      : nothing
  }</div>`;
}

/** All commands of an object, on a tab of its page. */
export function objectCommands(v: Viewing, commands: readonly CommandView[]): Html {
  return section(
    "history",
    v.t.commands.history,
    commands.length > 0
      ? commandRows(v, commands, false)
      : html`<p class="soft">${v.t.commands.noHistory}</p>`,
  );
}
