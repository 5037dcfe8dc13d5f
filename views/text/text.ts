import { en } from "./en.ts";
import { zh } from "./zh.ts";

/** All text that people read; `zh.ts` has to have every key of `en.ts`, or the types do not hold. */
export type Text = typeof en;
export type Lang = "en" | "zh";
export const langs: readonly Lang[] = ["en", "zh"];
export const texts: Record<Lang, Text> = { en, zh };

/** The language from the cookie, or else the best of `Accept-Language` (RFC 9110, 12.5.4). */
export function chooseLang(cookie: string | undefined, acceptLanguage: string | null): Lang {
  if (cookie === "en" || cookie === "zh") return cookie;
  let best: Lang = "en";
  let weight = 0;
  for (const part of (acceptLanguage ?? "").split(",")) {
    const [range = "", ...params] = part.trim().toLowerCase().split(";");
    const lang = range.split("-")[0];
    const q = params.map((one) => one.trim()).find((one) => one.startsWith("q="));
    const share = q === undefined ? 1 : Number(q.slice(2));
    if ((lang === "en" || lang === "zh") && share > weight) {
      best = lang;
      weight = share;
    }
  }
  return best;
}
