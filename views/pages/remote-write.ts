import { type Content, type Html, html, nothing } from "../html.ts";
import { formatBytes, formatCount, formatDuration } from "../parts/format.ts";
import { state } from "../parts/state.ts";
import { age } from "../parts/time.ts";
import type { Viewing } from "../viewing.ts";

/** What is sent on to another store; counts since the master's start. */
export interface RemoteWriteShown {
  /** Without what might be secret in it. */
  target: string;
  sent: number;
  refused: number;
  /** Of what time values were kept no longer when it was their turn. */
  goneMs: number;
  late: number;
  retries: number;
  waiting: { samples: number; bytes: number };
  maxBytes: number;
  behindSinceMs?: number;
  lastSentMs?: number;
  newestMs?: number;
  failingSinceMs?: number;
  error?: { atMs: number; text: string };
}

const first = "ATLHYPER_REMOTE_WRITE_URL";
const others = ["USERNAME", "PASSWORD", "BEARER_TOKEN", "HEADERS", "CA", "CLUSTERS", "METRICS", "QUEUE"];

/** How remote write stands; undefined where it is off. */
export function remoteWriteSection(v: Viewing, one: RemoteWriteShown | undefined): Html {
  const { t } = v;
  const setBy = html`<p class="soft">${t.settings.setBy} <code>${first}</code>${
    one ? others.map((name) => html`, <code>_${name}</code>`) : nothing
  }</p>`;
  const content = one ? html`${standing(v, one)}${figures(v, one)}` : html`<p>${t.remoteWrite.off}</p>`;
  return html`<section id="remote-write" class="panel"><h2>${t.remoteWrite.title}</h2>${content}${setBy}</section>`;
}

function standing(v: Viewing, { target, failingSinceMs, lastSentMs }: RemoteWriteShown): Html {
  const t = v.t.remoteWrite;
  const how =
    failingSinceMs !== undefined
      ? html`${state(v, "warning", t.failing)} ${t.since} ${age(v, failingSinceMs)}`
      : state(v, lastSentMs === undefined ? "unknown" : "ok", lastSentMs === undefined ? t.idle : t.working);
  return html`<p>${how} · <code>${target}</code></p>`;
}

function figures(v: Viewing, one: RemoteWriteShown): Html {
  const t = v.t.remoteWrite;
  const row = (name: string, value: Content) =>
    html`<tr><td class="grow">${name}</td><td class="right">${value}</td></tr>`;
  const count = (name: string, value: number) => (value > 0 ? row(name, formatCount(value)) : nothing);
  const { error, waiting, goneMs, behindSinceMs: behind } = one;
  return html`<table class="plain"><tbody>${row(t.sent, formatCount(one.sent))}${
    one.newestMs === undefined ? nothing : row(t.newest, age(v, one.newestMs))
  }${behind === undefined ? nothing : row(t.behind, age(v, behind))}${row(t.waiting, t.waitingFor(waiting.samples, formatBytes(waiting.bytes), formatBytes(one.maxBytes)))}${count(t.refused, one.refused)}${goneMs > 0 ? row(t.gone, formatDuration(goneMs)) : nothing}${count(t.late, one.late)}${count(t.retries, one.retries)}</tbody></table>${
    error ? html`<p>${t.error} (${age(v, error.atMs)}): <code>${error.text}</code></p>` : nothing
  }${one.refused + goneMs > 0 ? html`<p>${t.lost}</p>` : nothing}`;
}
