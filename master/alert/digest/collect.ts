import type {
  AlertView,
  ChannelView,
  MaintenanceView,
  Muted,
  SilenceView,
} from "../../../views/alert-model.ts";
import type { DigestView, Subject } from "../../../views/digest-model.ts";
import type { ClusterView } from "../../../views/model.ts";
import type { Database } from "../../database/database.ts";
import { beganBefore, happenings, subjectOf, subjectsOf } from "../../database/digests.ts";
import { type GroupingChannel, wants } from "../group.ts";
import { matcherText } from "../labels.ts";
import { openWindows } from "../maintenance.ts";
import { type Happening, Summing, top } from "./summary.ts";

/** What is known of now. */
export interface DigestSources {
  database: Database;
  state: {
    alerts: ReadonlyMap<string, AlertView>;
    muted: ReadonlyMap<string, Muted>;
    silences: readonly SilenceView[];
    maintenance: readonly MaintenanceView[];
    owners: ReadonlyMap<string, string>;
  };
  clusters(): readonly Pick<ClusterView, "id" | "name" | "connection" | "lastSeenMs">[];
}

interface Span {
  fromMs: number;
  untilMs: number;
  /** What ends within as long from now on ends soon. */
  soonMs: number;
  zone: string;
  nowMs: number;
}

const pageOf = 1000;
const mostPages = 50;
/** Of how many alerts it is looked up at once when they began. */
const atOnce = 200;
const others = () => new Promise((resolve) => setImmediate(resolve));
const mostShown = { firing: 20, ends: 10, silent: 20 };

/** What a channel's digest tells: of what that channel is told of, and nothing of other tenants'. */
export async function collectDigest(
  sources: DigestSources,
  channel: GroupingChannel & Pick<ChannelView, "tenant">,
  span: Span,
): Promise<DigestView> {
  const { alerts, muted, owners } = sources.state;
  const { fromMs, untilMs, zone } = span;
  const wanted = (one: Pick<Subject, "cluster" | "severity" | "labels">) => wants(channel, one, owners);
  const firing = [...alerts.values()].filter((one) => one.state === "firing" && wanted(one));
  const began = new Map(firing.map((one) => [one.fingerprint, one.firedMs ?? one.sinceMs]));
  const subjects = new Map(firing.map((one) => [one.fingerprint, subjectOf(one)]));
  const { summing, cut } = await read(sources.database, span, subjects, wanted);
  firing.sort((a, b) => began.get(a.fingerprint)! - began.get(b.fingerprint)!);
  return {
    fromMs,
    untilMs,
    zone,
    cut,
    ...summing.end(began, untilMs),
    firing: top(
      firing.map((one) => ({
        of: subjectOf(one),
        sinceMs: began.get(one.fingerprint)!,
        hidden: muted.has(one.fingerprint),
        ...(one.ack ? { takenBy: one.ack.by } : {}),
      })),
      mostShown.firing,
    ),
    ...ending(sources, channel, span),
    silent: top(
      sources
        .clusters()
        .filter(
          ({ id, name, connection }) =>
            connection === "silent" &&
            wanted({ cluster: id, severity: "critical", labels: { cluster: name, kind: "Cluster", name } }),
        )
        .map(({ name, lastSeenMs }) => ({ name, lastSeenMs })),
      mostShown.silent,
    ),
  };
}

/** What happened, page by page: others get their turn in between. */
async function read(
  database: Database,
  { fromMs, untilMs }: Span,
  subjects: Map<string, Subject>,
  wanted: (one: Subject) => boolean,
): Promise<{ summing: Summing; cut: boolean }> {
  const began = new Map<string, number>();
  const known = new Set(subjects.keys());
  const seen = new Set<string>();
  const summing = new Summing(subjects, (fingerprint) => began.get(fingerprint));
  let after: { atMs: number; seq: number } | undefined;
  for (let page = 0; page < mostPages; page++) {
    const found = await happenings(database, { fromMs, untilMs, ...(after ? { after } : {}) }, pageOf);
    await know(database, found, known, subjects, wanted);
    const over = overAtFirst(found, seen);
    for (let at = 0; at < over.length; at += atOnce) {
      for (const [fingerprint, ms] of await beganBefore(database, over.slice(at, at + atOnce), fromMs))
        began.set(fingerprint, ms);
      await others();
    }
    for (const one of found) summing.add(one);
    after = found.at(-1);
    if (found.length < pageOf) return { summing, cut: false };
    await others();
  }
  return { summing, cut: true };
}

async function know(
  database: Database,
  found: readonly Happening[],
  known: Set<string>,
  subjects: Map<string, Subject>,
  wanted: (one: Subject) => boolean,
): Promise<void> {
  const unknown = [...new Set(found.map((one) => one.fingerprint))].filter((one) => !known.has(one));
  for (const one of unknown) known.add(one);
  for (const one of await subjectsOf(database, unknown)) if (wanted(one)) subjects.set(one.fingerprint, one);
}

/** Those that were over before they began, as far as the time goes. */
function overAtFirst(found: readonly Happening[], seen: Set<string>): string[] {
  const over: string[] = [];
  for (const { fingerprint, what } of found) {
    if (!seen.has(fingerprint) && what === "resolved") over.push(fingerprint);
    seen.add(fingerprint);
  }
  return over;
}

/** Silences and windows that hold, and end soon. */
function ending(
  { state: { silences, maintenance, owners } }: DigestSources,
  { tenant }: Pick<ChannelView, "tenant">,
  { nowMs, soonMs }: Span,
): Pick<DigestView, "silences" | "maintenance"> {
  const visible = (one: { tenant?: string; cluster?: string }) =>
    tenant === undefined ||
    tenant === (one.tenant ?? (one.cluster === undefined ? undefined : owners.get(one.cluster)));
  const soon = (endsMs: number) => endsMs > nowMs && endsMs <= nowMs + soonMs;
  const bySoonest = (a: { endsMs: number }, b: { endsMs: number }) => a.endsMs - b.endsMs;
  const ended = silences
    .filter((one) => visible(one) && one.startsMs <= nowMs && soon(one.endsMs))
    .map(({ matchers, namespace, by, comment, endsMs }) => ({
      what: [...(namespace ? [`namespace="${namespace}"`] : []), ...matchers.map(matcherText)].join(", "),
      by,
      comment,
      endsMs,
    }));
  const windows = openWindows(maintenance, nowMs).flatMap(({ window, endsMs }) =>
    endsMs !== undefined && visible(window) && soon(endsMs)
      ? { name: window.name, reason: window.reason, endsMs }
      : [],
  );
  return {
    silences: top(ended.sort(bySoonest), mostShown.ends),
    maintenance: top(windows.sort(bySoonest), mostShown.ends),
  };
}
