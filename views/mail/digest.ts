import { type DigestView, isEmpty, type Subject, type Top } from "../digest-model.ts";
import { type Html, html, nothing } from "../html.ts";
import { formatDuration } from "../parts/format.ts";
import { type Lang, texts } from "../text/text.ts";

export interface Mail {
  subject: string;
  text: string;
  html: string;
}

interface Row {
  what: string;
  /** What is said below it, smaller. */
  more?: string;
  /** What stands on the right. */
  figure: string;
  link?: string;
}

interface Section {
  title: string;
  rows: Row[];
  /** How many are not shown. */
  left: number;
}

interface Options {
  lang: Lang;
  period: "daily" | "weekly";
  publicUrl: string;
  nowMs: number;
}

/** A digest as HTML and as text, which say the same. */
export function digestMail(digest: DigestView, options: Options): Mail {
  const { lang, period, publicUrl } = options;
  const t = texts[lang].digest;
  const write = clock(digest.zone, lang);
  const title = t.title[period];
  const span = t.span(write(digest.fromMs), write(digest.untilMs), digest.zone);
  const empty = isEmpty(digest);
  const verdict = empty ? t.empty : t.verdict(digest.fired, digest.resolved);
  const sections = empty ? [] : sectionsOf(digest, options, write);
  const link = publicUrl ? `${publicUrl}/alerts` : "";
  const cut = digest.cut ? t.cut : "";
  return {
    subject: t.subject(title, digest.fired, digest.firing.total),
    text: [
      title,
      span,
      "",
      verdict,
      ...(cut ? [cut] : []),
      ...sections.flatMap((one) => ["", one.title, ...textOf(one, t.more)]),
      "",
      ...(link ? [link] : []),
      t.why,
      "",
    ].join("\n"),
    html: `<!doctype html>${page(
      lang,
      title,
      html`<h1 style="${styles.title}">${title}</h1><p style="${styles.soft}">${span}</p><p style="${styles.verdict}">${verdict}</p>${
        cut ? html`<p style="${styles.soft}">${cut}</p>` : nothing
      }${sections.map((one) => table(one, t.more))}${
        link ? html`<p style="${styles.verdict}"><a href="${link}">${t.open}</a></p>` : nothing
      }<p style="${styles.soft}">${t.why}</p>`,
    )}`,
  };
}

/** Mail programs know no style sheets: what is to be seen stands at each element. */
const styles = {
  body: "margin:0 auto;padding:16px;max-width:640px;font:15px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif",
  title: "margin:0;font-size:20px",
  soft: "margin:4px 0;font-size:13px;opacity:.75",
  verdict: "margin:12px 0;font-size:16px",
  section: "margin:20px 0 4px;font-size:15px",
  table: "width:100%;border-collapse:collapse",
  what: "padding:6px 12px 6px 0;border-top:1px solid #8886;word-break:break-word",
  figure: "padding:6px 0;border-top:1px solid #8886;text-align:right;vertical-align:top;white-space:nowrap",
  more: "display:block;font-size:13px;opacity:.75",
};

const page = (lang: Lang, title: string, content: Html): Html =>
  html`<html lang="${lang === "zh" ? "zh-CN" : "en"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title}</title></head><body style="${styles.body}">${content}</body></html>`;

const table = ({ title, rows, left }: Section, more: (count: number) => string): Html =>
  html`<h2 style="${styles.section}">${title}</h2><table role="presentation" style="${styles.table}"><tbody>${rows.map(
    (row) =>
      html`<tr><td style="${styles.what}">${row.link ? html`<a href="${row.link}">${row.what}</a>` : row.what}${
        row.more ? html`<span style="${styles.more}">${row.more}</span>` : nothing
      }</td><td style="${styles.figure}">${row.figure}</td></tr>`,
  )}</tbody></table>${left > 0 ? html`<p style="${styles.soft}">${more(left)}</p>` : nothing}`;

const textOf = ({ rows, left }: Section, more: (count: number) => string): string[] => [
  ...rows.map((row) =>
    `- ${row.what}${row.more ? ` (${row.more})` : ""}: ${row.figure}`.replace(/\s+/g, " "),
  ),
  ...(left > 0 ? [more(left)] : []),
];

/** Times as the clocks of a zone read them. */
function clock(zone: string, lang: Lang): (ms: number) => string {
  const format = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", {
    timeZone: zone,
    dateStyle: "medium",
    timeStyle: "short",
  });
  return (ms) => format.format(ms);
}

function sectionsOf(
  digest: DigestView,
  { lang, publicUrl, nowMs }: Options,
  write: (ms: number) => string,
): Section[] {
  const t = texts[lang].digest;
  const health = texts[lang].health;
  const section = <T>(title: string, all: Top<T>, row: (one: T) => Row): Section => ({
    title,
    rows: all.items.map(row),
    left: all.total - all.items.length,
  });
  const about = (of: Subject) => ({
    what: `${of.name}: ${[of.namespace, of.object].filter(Boolean).join("/")}`,
    ...(publicUrl ? { link: `${publicUrl}/alerts/${of.fingerprint}` } : {}),
  });
  const where = (of: Subject) => `${health[of.severity]} · ${of.labels.cluster ?? of.cluster}`;
  return [
    section(t.firing, digest.firing, ({ of, sinceMs, takenBy, hidden }) => ({
      ...about(of),
      more: [where(of), takenBy ? t.takenBy(takenBy) : hidden ? t.hidden : t.nobody].join(" · "),
      figure: `${formatDuration(nowMs - sinceMs)}`,
    })),
    section(t.silent, digest.silent, ({ name, lastSeenMs }) => ({
      what: name,
      figure: t.lastSeen(write(lastSeenMs)),
    })),
    section(t.rules, digest.rules, ({ name, severity, count }) => ({
      what: name,
      more: health[severity],
      figure: t.count(count),
    })),
    section(t.clusters, digest.clusters, ({ name, count }) => ({ what: name, figure: t.count(count) })),
    section(t.longest, digest.longest, ({ of, ms, going }) => ({
      ...about(of),
      more: where(of),
      figure: going ? t.going(formatDuration(ms)) : t.lasted(formatDuration(ms)),
    })),
    section(t.frequent, digest.frequent, ({ of, count }) => ({
      ...about(of),
      more: where(of),
      figure: t.count(count),
    })),
    section(t.flapping, digest.flapping, ({ of }) => ({ ...about(of), figure: where(of) })),
    section(t.silences, digest.silences, ({ what, by, comment, endsMs }) => ({
      what: what || t.everything,
      more: `${comment} · ${t.by(by)}`,
      figure: t.ends(write(endsMs)),
    })),
    section(t.maintenance, digest.maintenance, ({ name, reason, endsMs }) => ({
      what: name,
      ...(reason ? { more: reason } : {}),
      figure: t.ends(write(endsMs)),
    })),
  ].filter((one) => one.rows.length > 0);
}
