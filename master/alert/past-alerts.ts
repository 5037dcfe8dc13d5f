import { problem } from "../../wire/problem.ts";
import type { AlertView, HistoryView, PastAlert, PastPage } from "../../views/alert-model.ts";
import { sees, type Sight } from "../access/sight.ts";
import { historyOf } from "../database/alerts.ts";
import type { Database } from "../database/database.ts";
import { type PastCursor, pastAlerts, pastSubject } from "../database/past-alerts.ts";
import type { Engine } from "./engine.ts";

export interface PastQuery {
  fromMs: number;
  cluster?: string | undefined;
  namespace?: string | undefined;
  severity?: string | undefined;
  rule?: string | undefined;
  /** What its name, its object or its text holds. */
  q?: string | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  limit: number;
}

const rowsAtOnce = 500;
/** So many are looked through for a page: then it ends with what was found, and says where to go on. */
const mostRows = 20_000;

/** What fired, as far as one may see it, the newest first. */
export async function pastSeenBy(
  engine: Pick<Engine, "alerts">,
  database: Database,
  sight: Sight,
  query: PastQuery,
): Promise<PastPage> {
  const { fromMs, limit } = query;
  const wanted = wantedBy(query, sight);
  const items: PastAlert[] = [];
  let before = cursorOf(query.cursor);
  for (let looked = 0; looked < mostRows; ) {
    const rows = await pastAlerts(database, { fromMs, before }, rowsAtOnce);
    for (const { seq, ...one } of rows) {
      if (items.length === limit) return { items, next: cursorText(before!) };
      before = { atMs: one.firedMs, seq };
      if (!wanted(one)) continue;
      const now = engine.alerts.get(one.about.fingerprint);
      const going = now?.state === "firing" && now.firedMs === one.firedMs;
      items.push({ ...one, ...(going ? { going } : {}) });
    }
    if (rows.length < rowsAtOnce) return { items };
    looked += rows.length;
  }
  return { items, next: cursorText(before!) };
}

function wantedBy({ cluster, namespace, severity, rule, q }: PastQuery, sight: Sight) {
  const text = q?.trim().toLowerCase();
  return ({ about, summary }: PastAlert): boolean =>
    sees(sight, about.cluster, about.namespace) &&
    (cluster === undefined || about.cluster === cluster) &&
    (namespace === undefined || about.namespace === namespace) &&
    (severity === undefined || about.severity === severity) &&
    (rule === undefined || about.rule === rule) &&
    (!text || `${about.name} ${about.kind}/${about.object} ${summary}`.toLowerCase().includes(text));
}

const cursorText = ({ atMs, seq }: PastCursor) => `${atMs}-${seq}`;

function cursorOf(text: string | undefined): PastCursor | undefined {
  if (text === undefined) return undefined;
  const [, atMs, seq] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  if (atMs === undefined) throw problem(422, "the cursor is none of ours", { pointer: "/cursor" });
  return { atMs: Number(atMs), seq: Number(seq) };
}

/** An alert that the engine has forgotten, as far as its history tells. */
export async function remembered(database: Database, fingerprint: string): Promise<AlertView | undefined> {
  const about = await pastSubject(database, fingerprint);
  if (!about) return undefined;
  const history = await historyOf(database, fingerprint);
  const last = (what: HistoryView["what"]) => history.find((one) => one.what === what);
  const began = last("firing");
  const endMs = last("resolved")?.atMs ?? history[0]?.atMs ?? 0;
  return {
    ...about,
    annotations: began ? { summary: began.note } : {},
    state: "resolved",
    sinceMs: began?.atMs ?? endMs,
    ...(began ? { firedMs: began.atMs } : {}),
    resolvedMs: endMs,
    lastMs: endMs,
    fired: [],
    flapping: false,
  };
}
