import { type ChannelType, serverOf } from "./channel.ts";
import { fit } from "./fit.ts";

const priorities = { critical: 8, warning: 5, info: 2 };

export const gotify: ChannelType = {
  type: "gotify",
  name: "Gotify",
  fields: [
    { name: "server", kind: "url", required: true },
    { name: "token", kind: "text", secret: true, required: true },
  ],
  send({ notification, words, settings, post }) {
    return post(`${serverOf(settings)}/message`, {
      headers: { "x-gotify-key": settings.token ?? "" },
      body: JSON.stringify({
        title: words.title,
        message: fit(words, { most: 8000 }) || words.title,
        priority: notification.status === "resolved" ? 2 : priorities[words.severity],
        ...(words.link ? { extras: { "client::notification": { click: { url: words.link } } } } : {}),
      }),
    });
  },
};
