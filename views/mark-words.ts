import type { CommandType } from "../wire/command-names.ts";
import type { Mark, MarkKind } from "./mark.ts";
import type { CommandState } from "./command-model.ts";
import { commandHref, saidText } from "./parts/command.ts";
import { kindHref, pageHref } from "./parts/links.ts";
import type { Text } from "./text/text.ts";
import type { Viewing } from "./viewing.ts";

/** What is stored of something that charts mark. */
export interface Happened {
  cluster: string;
  what: MarkKind;
  kind: string;
  namespace: string;
  name: string;
  atMs: number;
  untilMs?: number;
  ref: string;
  detail: Readonly<Record<string, string | number>>;
}

/** What happened, in words. */
export function markText(t: Text, { what, name, detail }: Happened): string {
  switch (what) {
    case "deploy":
      return t.marks.deployed(name, detail);
    case "scale":
      return t.marks.scaled(name, detail);
    case "reboot":
      return t.marks.rebooted(name);
    case "restart":
      return t.marks.restarted(name, detail);
    case "alert":
      return t.marks.alerted(String(detail.name ?? ""), name);
    case "command": {
      const { type, state, by = "", ...args } = detail;
      const command = { type: type as CommandType, state: state as CommandState, args: argsOf(args) };
      return t.marks.commanded(name, saidText(t, command), String(by));
    }
  }
}

/** Truths are stored as 1 and 0. */
const argsOf = (args: Record<string, string | number>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      /^(force|suspend|create)$/.test(key) ? value === 1 : value,
    ]),
  );

/** The same as a chart marks it. `known`: whether an alert still has a page. */
export function markOf(
  v: Pick<Viewing, "t" | "scope">,
  one: Happened,
  known: (fingerprint: string) => boolean,
): Mark {
  const { what, cluster, atMs, untilMs, ref } = one;
  const object =
    kindHref(v as Viewing, one.kind, cluster, one.namespace, one.name) ??
    pageHref(v as Viewing, "/", { cluster });
  const href =
    what === "command"
      ? commandHref(ref)
      : what === "alert" && known(ref)
        ? pageHref(v as Viewing, `/alerts/${ref}`)
        : object;
  return { atMs, ...(untilMs === undefined ? {} : { untilMs }), kind: what, text: markText(v.t, one), href };
}
