import type { ChannelView } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import type { Principal } from "../access/principal.ts";
import { actorOf } from "../audit/actor.ts";
import { removeChannel, type StoredChannel } from "../database/channels.ts";
import { randomId } from "../database/token.ts";
import type { Answer } from "../notify/channel.ts";
import { type ChannelBody, type Channels, channelView } from "../notify/channels.ts";
import type { Sender } from "../notify/sender.ts";
import { placeOf } from "./alerts.ts";
import type { Asker, Changing, ChangingOptions } from "./changing.ts";
import { demand } from "./demand.ts";
import type { Digests } from "./digest/digests.ts";

export interface ChannelChanges {
  putChannel(who: Asker, id: string | undefined, body: ChannelBody, tenant?: string): Promise<ChannelView>;
  removeChannel(who: Asker, id: string): Promise<void>;
  /** Sends a message now and gives the receiver's real answer. */
  testChannel(who: Asker, id: string): Promise<Answer>;
  /** Sends a digest of the time until now, and gives the real answer. */
  sendDigest(who: Asker, id: string): Promise<Answer>;
}

export interface ChannelChangesOptions extends ChangingOptions {
  channels: Channels;
  sender: Sender;
  digests: Pick<Digests, "sendNow">;
}

export function channelChanges(
  { database, access, audit, engine, channels, sender, digests, now }: ChannelChangesOptions,
  { change, checkPlace }: Changing,
): ChannelChanges {
  /** 404 for everybody who does not administer it: nobody else hears of a channel. */
  function ownChannel(by: Principal, id: string): StoredChannel {
    const found = channels.get(id);
    if (!found || !access.may(by, "admin", placeOf(found))) throw problem(404, "there is no such channel");
    demand(access, by, "admin", placeOf(found));
    return found;
  }

  /** Sends something at once, past the outbox, and records that it was asked for. */
  async function sendNow(
    who: Asker,
    id: string,
    action: string,
    send: (channel: StoredChannel) => Promise<Answer>,
  ): Promise<Answer> {
    const found = ownChannel(who.by, id);
    const answer = await send(found);
    await audit.record({
      actor: actorOf(who.by),
      address: who.address,
      action,
      ...placeOf(found),
      object: `channel ${found.name}`,
      result: answer.ok ? "ok" : "failed",
    });
    return answer;
  }

  return {
    async putChannel(who, id, body, tenant) {
      const before = id === undefined ? undefined : ownChannel(who.by, id);
      const place = placeOf(before ?? { tenant });
      demand(access, who.by, "admin", place);
      await checkPlace(place);
      const action = before ? "channel.change" : "channel.add";
      const done = await change(
        who,
        (one: { id: string }) => ({
          action,
          ...place,
          object: `channel ${body.name.trim()}`,
          detail: { channel: one.id, type: body.type, enabled: body.enabled },
        }),
        () => channels.put(body, before, place.tenant),
      );
      sender.kick();
      return channelView(done);
    },

    async removeChannel(who, id) {
      const found = ownChannel(who.by, id);
      const used = engine.escalations.find((one) => one.steps.some(({ channel }) => channel === id));
      if (used) throw problem(409, `the escalation ${used.name} tells this channel: change that first`);
      await change(
        who,
        () => ({
          action: "channel.remove",
          ...placeOf(found),
          object: `channel ${found.name}`,
          detail: { channel: id },
        }),
        () => removeChannel(database, id),
      );
    },

    testChannel: (who, id) =>
      sendNow(who, id, "channel.test", (channel) =>
        sender.send(channel, {
          id: randomId(),
          group: `${id}:test`,
          status: "test",
          groupLabels: {},
          alerts: [],
          more: 0,
          atMs: now(),
        }),
      ),

    sendDigest: (who, id) =>
      sendNow(who, id, "channel.digest", (channel) => {
        if (channel.type !== "email") throw problem(422, "digests go by mail only");
        return digests.sendNow(channel);
      }),
  };
}
