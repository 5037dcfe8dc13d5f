import { alertmanager } from "./alertmanager.ts";
import type { ChannelType } from "./channel.ts";
import { discord } from "./discord.ts";
import { email } from "./email.ts";
import { gotify } from "./gotify.ts";
import { mostAlerts } from "./message.ts";
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

/** How many alerts a message to a type of channel holds at most. */
export const mostAlertsOf = (type: string | undefined): number =>
  channelTypes.find((one) => one.type === type)?.mostAlerts ?? mostAlerts;

export const channelType = (type: string): ChannelType | undefined =>
  channelTypes.find((one) => one.type === type);
