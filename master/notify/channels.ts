import { isIP } from "node:net";
import { type Static, Type as T } from "@sinclair/typebox";
import type { ChannelView } from "../../views/alert-model.ts";
import { Severity } from "../../wire/event.ts";
import { problem } from "../../wire/problem.ts";
import type { Sealed } from "../access/sealed.ts";
import { checkZone } from "../alert/times/zone.ts";
import { checkMatchers } from "../alert/labels.ts";
import { ActiveTimesBody, checkActiveTimes } from "../alert/times/active.ts";
import { listChannels, putChannel, type StoredChannel } from "../database/channels.ts";
import type { Database } from "../database/database.ts";
import { randomId } from "../database/token.ts";
import { recipients } from "./email.ts";
import { checkedUrl } from "./post.ts";
import { channelType, channelTypes } from "./registry.ts";
import { checkAddress, TargetError } from "./target.ts";
import type { TrustedProxies } from "../trusted-proxies.ts";

export const Matcher = T.Object({
  name: T.String({ minLength: 1, maxLength: 100 }),
  op: T.Union([T.Literal("="), T.Literal("!="), T.Literal("=~"), T.Literal("!~")]),
  value: T.String({ maxLength: 300 }),
});
const dayMs = 86_400_000;

/** A channel as forms and the API give it. A secret that is left out of a change stays as it is. */
export const ChannelBody = T.Object({
  name: T.String({ minLength: 1, maxLength: 100, pattern: "^[^\\x00-\\x1f]+$" }),
  type: T.Union(channelTypes.map((one) => T.Literal(one.type))),
  enabled: T.Boolean(),
  settings: T.Record(T.String(), T.String({ maxLength: 20_000 }), {
    description: "Settings and secrets of the type, by name. Secrets are never told again.",
  }),
  severities: T.Array(Severity, { description: "None: all." }),
  matchers: T.Array(Matcher, { maxItems: 20 }),
  groupBy: T.Array(T.String({ minLength: 1, maxLength: 100 }), { maxItems: 10 }),
  groupWaitMs: T.Integer({ minimum: 0, maximum: dayMs }),
  groupIntervalMs: T.Integer({ minimum: 1000, maximum: 7 * dayMs }),
  repeatMs: T.Integer({ minimum: 60_000, maximum: 30 * dayMs }),
  sendResolved: T.Boolean(),
  activeTimes: T.Optional(ActiveTimesBody),
});
export type ChannelBody = Static<typeof ChannelBody>;

export const channelDefaults = {
  enabled: true,
  severities: [],
  matchers: [],
  groupBy: ["cluster", "namespace"],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatMs: 4 * 3_600_000,
  sendResolved: true,
} satisfies Partial<ChannelBody>;

/** What no alert matches: each has a name. */
const none = [{ name: "alertname", op: "=", value: "" }] as const;

/** The channels there are, with their secrets as they are stored. */
export class Channels {
  #all: readonly StoredChannel[] = [];
  #told: readonly StoredChannel[] = [];

  readonly #db: Database;
  readonly #sealed: Sealed;

  readonly #allowed: TrustedProxies | undefined;

  /** `allowed`: the private addresses that may be sent to; nothing is said of addresses where it is absent. */
  constructor(db: Database, sealed: Sealed, allowed?: TrustedProxies) {
    this.#db = db;
    this.#sealed = sealed;
    this.#allowed = allowed;
  }

  async load(): Promise<void> {
    this.#all = await listChannels(this.#db);
    this.#told = this.#all.map((one) => (one.settings.each === "no" ? { ...one, matchers: none } : one));
  }

  all(): readonly StoredChannel[] {
    return this.#all;
  }

  /** As alerts are told to them: one that gets digests only wants none of them, unless somebody escalates to it. */
  told(): readonly StoredChannel[] {
    return this.#told;
  }

  get(id: string): StoredChannel | undefined {
    return this.#all.find((one) => one.id === id);
  }

  /** Settings and secrets together, as the type of channel takes them; undefined where the key is another one. */
  open(channel: StoredChannel): { settings: Record<string, string>; secrets: string[] } | undefined {
    const settings: Record<string, string> = { ...channel.settings };
    const secrets: string[] = [];
    for (const [name, text] of Object.entries(channel.sealed)) {
      const value = this.#sealed.open(text, `${channel.id} ${name}`);
      if (value === undefined) return undefined;
      settings[name] = value;
      secrets.push(value);
    }
    return { settings, secrets };
  }

  /** Checks and writes a channel, within a transaction; 422. `load` has to follow. */
  async put(
    body: ChannelBody,
    before: StoredChannel | undefined,
    tenant: string | undefined,
  ): Promise<StoredChannel> {
    const id = before?.id ?? randomId();
    const type = channelType(body.type)!;
    const settings: Record<string, string> = {};
    const sealed: Record<string, string> = {};
    const known = new Set(type.fields.map((one) => one.name));
    const strange = Object.keys(body.settings).find((one) => !known.has(one));
    if (strange !== undefined)
      throw problem(422, `${type.name} has no setting ${strange.slice(0, 50)}`, { pointer: "/settings" });
    const same = before?.type === body.type ? before : undefined;
    for (const field of type.fields) {
      const given = body.settings[field.name]?.trim() ?? "";
      const pointer = `/${field.name}`;
      if (given !== "") {
        check(field.kind, given, pointer, field.choices);
        if (field.kind === "url") this.#target(new URL(given).hostname, pointer);
        else if (field.name === "host") this.#target(given, pointer);
        if (field.secret) sealed[field.name] = this.#sealed.seal(given, `${id} ${field.name}`);
        else settings[field.name] = given;
      } else if (field.secret && same?.sealed[field.name]) sealed[field.name] = same.sealed[field.name]!;
      else if (field.fallback) settings[field.name] = field.fallback;
      else if (field.required) throw problem(422, `${type.name} needs ${field.name}`, { pointer });
    }
    if (
      settings.to !== undefined &&
      recipients(settings.to).some((one) => !/^[^\s@<>]+@[^\s@<>]+$/.test(one))
    )
      throw problem(422, "these are no mail addresses", { pointer: "/to" });
    type.check?.(settings);
    keepTogether(same, settings, sealed, body.settings);
    const { settings: _, activeTimes, ...rest } = body;
    const channel: StoredChannel = {
      ...rest,
      name: body.name.trim(),
      matchers: checkMatchers(body.matchers),
      ...checkActiveTimes(activeTimes),
      id,
      settings,
      sealed,
      createdMs: before?.createdMs ?? Date.now(),
      ...(tenant === undefined ? {} : { tenant }),
    };
    if (channel.name === "") throw problem(422, "a channel has a name", { pointer: "/name" });
    const taken = this.#all.some(
      (one) => one.id !== id && one.tenant === channel.tenant && one.name === channel.name,
    );
    if (taken && before?.name !== channel.name)
      throw problem(422, "another channel has this name", { pointer: "/name" });
    await putChannel(this.#db, channel);
    return channel;
  }

  /** What is an address and no name is refused at once; names are looked up when something is sent. */
  #target(host: string, pointer: string): void {
    const plain = host.replace(/^\[|\]$/g, "");
    if (!this.#allowed || isIP(plain) === 0) return;
    try {
      checkAddress(plain, this.#allowed);
    } catch (error) {
      if (error instanceof TargetError) throw problem(422, error.message, { pointer });
      throw error;
    }
  }
}

/** What is shown of a channel: of its secrets the names alone. */
export function channelView({ sealed, ...rest }: StoredChannel): ChannelView {
  return { ...rest, secrets: Object.keys(sealed) };
}

/**
 * A secret was given for a place: who may change the place must not get it sent elsewhere without knowing it. So where
 * the server changes, its secrets have to be given anew.
 */
function keepTogether(
  before: StoredChannel | undefined,
  settings: Record<string, string>,
  sealed: Record<string, string>,
  given: Record<string, string>,
): void {
  if (!before) return;
  const moved = ["server", "host", "port", "security", "ca"].some(
    (one) => (before.settings[one] ?? "") !== (settings[one] ?? ""),
  );
  // The address of a webhook is a secret itself; what it is signed with belongs to it.
  const rehooked = (given.url ?? "").trim() !== "" && before.sealed.url !== undefined;
  const kept = Object.keys(sealed).find((one) => one !== "url" && (given[one] ?? "").trim() === "");
  if ((moved || rehooked) && kept !== undefined)
    throw problem(422, `the address is another one: enter ${kept} again`, { pointer: `/${kept}` });
}

function check(kind: string, value: string, pointer: string, choices: readonly string[] = []): void {
  const fault = (text: string) => problem(422, text, { pointer });
  if (kind === "url") {
    try {
      checkedUrl(value);
    } catch (error) {
      throw fault((error as Error).message);
    }
  }
  if (kind === "zone") checkZone(value, pointer);
  if (kind === "number" && !/^\d{1,5}$/.test(value)) throw fault("a whole number is needed");
  if (kind === "choice" && !choices.includes(value)) throw fault(`one of ${choices.join(", ")}`);
  if (kind !== "lines" && /[\u0000-\u001f\u007f]/.test(value))
    throw fault("control characters are not taken");
}
