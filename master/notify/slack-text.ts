import { fitted, packed } from "./fit.ts";
import { colourOf, type Notification, type Words } from "./message.ts";

/**
 * Slack's three control characters: a name from a cluster must not become a link or call everybody (`<!channel>`). What
 * speaks its language takes the plain word for that (Mattermost's and Rocket.Chat's `@channel`, `@all`, `@here`): a sign
 * that nobody sees keeps the two apart.
 */
const escaped = (text: string) =>
  text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@(?=all|channel|everyone|here)/gi, "@\u200b");

/**
 * Slack takes 3,000 characters a section and 50 blocks, but refuses blocks of more than about 13,000 in all
 * (`msg_blocks_too_long`), which it documents nowhere.
 */
const mostOfSection = 3000;
const mostInAll = 8500;

/** A message's parts in Slack's writing. */
export function slackText(notification: Notification, words: Words) {
  const title = escaped(words.title);
  return {
    /** What notifications on a phone show. */
    title,
    head: `*${words.link ? `<${words.link}|${title}>` : title}*`,
    sections: packed(fitted(words, { most: mostInAll, write: escaped }), mostOfSection),
    colour: `#${colourOf(notification, words).toString(16).padStart(6, "0")}`,
  };
}
