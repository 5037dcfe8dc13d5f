import { badData } from "../fault.ts";

const units: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};
const duration = /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/;
const escapes: Record<string, string> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** `1h30m` in ms; undefined where it is none. */
export function durationOf(text: string): number | undefined {
  if (text === "" || !duration.test(text)) return undefined;
  let ms = 0;
  for (const [, number, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) ms += Number(number) * units[unit!]!;
  return ms;
}

/** A number as PromQL writes it; a duration is its seconds. */
export function numberOf(text: string): number {
  const [, sign = "", rest = ""] = /^([+-]?)\s*(.*)$/s.exec(text) ?? [];
  const plain = rest.replaceAll("_", "").toLowerCase();
  const ms = durationOf(plain);
  const value = plain === "inf" ? Number.POSITIVE_INFINITY : ms === undefined ? Number(plain) : ms / 1000;
  return sign === "-" ? -value : value;
}

/** What a text in quotes stands for, as in Go; in backquotes, itself. */
export function stringOf(quoted: string): string {
  const quote = quoted[0];
  const body = quoted.slice(1, -1);
  if (quote === "`") return body;
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.?))/gs,
    (all, x?: string, u?: string, long?: string, octal?: string, char?: string) => {
      const code = x ?? u ?? long;
      if (code !== undefined || octal !== undefined) {
        const value = code === undefined ? Number.parseInt(octal!, 8) : Number.parseInt(code, 16);
        if (value <= 0x10ffff) return String.fromCodePoint(value);
      } else if (char !== undefined && Object.hasOwn(escapes, char)) return escapes[char]!;
      throw badData(`${all} is no escape: in quotes a \\ is written \\\\`);
    },
  );
}
