import type { Theme } from "../../views/viewing.ts";

/** A cookie's value; undefined where it is not set. */
export function cookie(request: Request, name: string): string | undefined {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** A preference that the browser keeps for a year. It is no credential: scripts may read and write it. */
export function preference(name: string, value: string, secure: boolean): string {
  return `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure ? "; Secure" : ""}`;
}

export const themeCookie = "atlhyper_theme";
export const langCookie = "atlhyper_lang";

export function chooseTheme(value: string | undefined): Theme {
  return value === "light" || value === "dark" ? value : "system";
}
