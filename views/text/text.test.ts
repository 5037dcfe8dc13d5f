import { expect, test } from "bun:test";
import { chooseLang, texts } from "./text.ts";

test("the cookie's language wins, then the best of Accept-Language, then English", () => {
  expect(chooseLang("zh", "en")).toBe("zh");
  expect(chooseLang("fr", "zh-CN,zh;q=0.9,en;q=0.8")).toBe("zh");
  expect(chooseLang(undefined, "de, en;q=0.7, zh-TW;q=0.9")).toBe("zh");
  expect(chooseLang(undefined, "en-GB,zh;q=0.5")).toBe("en");
  expect(chooseLang(undefined, "zh;q=0")).toBe("en");
  expect(chooseLang(undefined, "de")).toBe("en");
  expect(chooseLang(undefined, null)).toBe("en");
});

test("no text is empty, in either language", () => {
  const walk = (at: string, value: unknown): void => {
    if (typeof value === "string") expect(value, at).not.toBe("");
    else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(`${at}.${key}`, inner);
  };
  for (const [lang, text] of Object.entries(texts)) walk(lang, text);
});

test("Chinese text uses full-width punctuation between Chinese characters", () => {
  const walk = (at: string, value: unknown): void => {
    if (typeof value === "string")
      expect(value, at).not.toMatch(/\p{Script=Han}[,;:?!]|[,;:?!]\p{Script=Han}/u);
    else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(`${at}.${key}`, inner);
  };
  walk("zh", texts.zh);
});
