import { alertmanager } from "./alertmanager.ts";
import type { ChannelType } from "./channel.ts";
import { discord } from "./discord.ts";
import { email } from "./email.ts";
import { gotify } from "./gotify.ts";
import { ntfy } from "./ntfy.ts";
import { opsgenie } from "./opsgenie.ts";
import { pagerduty } from "./pagerduty.ts";
import { slack } from "./slack.ts";
import { slackBot } from "./slack-bot.ts";
import { teams } from "./teams.ts";
import { telegram } from "./telegram.ts";
import { webhook } from "./webhook.ts";

/** Every type of channel; the first is offered first. */
export const channelTypes: readonly ChannelType[] = [
  webhook,
  slack,
  slackBot,
  email,
  discord,
  teams,
  telegram,
  ntfy,
  gotify,
  pagerduty,
  opsgenie,
  alertmanager,
];

export const channelType = (type: string): ChannelType | undefined =>
  channelTypes.find((one) => one.type === type);
