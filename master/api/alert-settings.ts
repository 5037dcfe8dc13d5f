import { Type as T } from "@sinclair/typebox";
import type { Answer } from "../notify/channel.ts";
import { ChannelBody } from "../notify/channels.ts";
import {
  asker,
  listing,
  bodyOf,
  Channel,
  ChannelAsked,
  Delivery,
  Done,
  done,
  post,
  route,
  word,
} from "./alert-shapes.ts";
import { choice, integer, readQuery, text } from "./query.ts";
import type { Route } from "./route.ts";

const deliveryParameters = {
  channel: text("A channel's id."),
  alert: text("An alert's fingerprint."),
  state: choice("How it stands.", ["queued", "sending", "sent", "failed", "superseded"]),
  limit: integer("How many at most, 50 by default.", 1, 200),
  cursor: integer("`next` of the page before.", 1, Number.MAX_SAFE_INTEGER),
};

const Sent = T.Object({ ok: T.Boolean(), answer: T.String() });
const sentOf = ({ ok, text: answer }: Answer) => ({ ok, answer });

/** Who is told. */
export const alertSettingRoutes: readonly Route[] = [
  listing({
    path: "/api/v1/channels",
    role: "admin",
    id: "listChannel",
    tag: "channels",
    summary: "The channels that one administers. Their secrets are never told.",
    item: Channel,
    items: (parts, by) => parts.alerting.channels(by),
  }),
  post({
    path: "/api/v1/channels",
    role: "admin",
    id: "addChannel",
    tag: "channels",
    summary: "Adds a channel, of a tenant or of the installation.",
    body: ChannelAsked,
    answer: Channel,
    async get(parts, request, _params, by) {
      const { tenant, ...body } = await bodyOf(ChannelAsked, request);
      return parts.alerting.putChannel(asker(request, by), undefined, body, tenant);
    },
  }),
  post({
    path: "/api/v1/channels/:id",
    role: "admin",
    id: "changeChannel",
    tag: "channels",
    summary: "Changes a channel. Secrets that are left out stay, unless the address changes.",
    body: ChannelBody,
    answer: Channel,
    async get(parts, request, params, by) {
      return parts.alerting.putChannel(asker(request, by), params.id!, await bodyOf(ChannelBody, request));
    },
  }),
  post({
    path: "/api/v1/channels/:id/remove",
    role: "admin",
    id: "removeChannel",
    tag: "channels",
    summary: "Removes a channel with what was still to be sent to it.",
    answer: Done,
    async get(parts, request, params, by) {
      await parts.alerting.removeChannel(asker(request, by), params.id!);
      return done;
    },
  }),
  post({
    path: "/api/v1/channels/:id/test",
    role: "admin",
    id: "testChannel",
    tag: "channels",
    summary: "Sends a message now and tells the receiver's answer.",
    answer: Sent,
    get: async (parts, request, params, by) =>
      sentOf(await parts.alerting.testChannel(asker(request, by), params.id!)),
  }),
  post({
    path: "/api/v1/channels/:id/digest",
    role: "admin",
    id: "sendDigest",
    tag: "channels",
    summary: "Mails a digest of the day, or the week, until now, and tells the mail server's answer.",
    answer: Sent,
    get: async (parts, request, params, by) =>
      sentOf(await parts.alerting.sendDigest(asker(request, by), params.id!)),
  }),
  route({
    path: "/api/v1/deliveries",
    role: "admin",
    id: "listDelivery",
    tag: "channels",
    summary: "What was sent to channels that one administers, what waits and what failed; newest first.",
    query: deliveryParameters,
    answer: T.Object({ items: T.Array(Delivery), next: word }),
    async get(parts, request, _params, by) {
      const { cursor, alert, ...query } = readQuery(request.url, deliveryParameters);
      const { items, next } = await parts.alerting.deliveries(by, {
        ...query,
        ...(cursor === undefined ? {} : { before: cursor }),
        ...(alert === undefined ? {} : { fingerprint: alert }),
      });
      return { items, ...(next === undefined ? {} : { next: String(next) }) };
    },
  }),
];
