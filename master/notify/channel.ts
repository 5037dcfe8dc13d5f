import type { ChannelField } from "../../views/alert-model.ts";
import type { Notification, Words } from "./message.ts";
import type { Post } from "./post.ts";

/** What came of sending. */
export interface Answer {
  ok: boolean;
  /** What the receiver said, or what was in the way; with no secret in it. */
  text: string;
  /** The receiver asks for as much patience. */
  retryAfterMs?: number;
}

/** What a channel remembers of the group that it tells of, beyond the master's end; forgotten when unused for long. */
export interface Memory {
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

export interface Sending {
  notification: Notification;
  words: Words;
  /** Settings and secrets by name. */
  settings: Readonly<Record<string, string>>;
  publicUrl: string;
  post: Post;
  memory: Memory;
  /** Resolves a host to the one address that is used, having checked that it may be. */
  resolve(host: string): Promise<string>;
}

/** One type of channel: a file each, and a line in `registry.ts`. */
export interface ChannelType {
  type: string;
  /** What it is called. */
  name: string;
  fields: readonly ChannelField[];
  /** How many alerts a message may hold, where it is more than people read. */
  mostAlerts?: number;
  /** Throws 422 where the settings contradict each other, or one is not what it has to be. */
  check?(settings: Readonly<Record<string, string>>): void;
  send(sending: Sending): Promise<Answer>;
}

/** The setting `server`, to which a path is added. */
export const serverOf = (settings: Readonly<Record<string, string>>, fallback = ""): string =>
  (settings.server || fallback).replace(/\/+$/, "");
