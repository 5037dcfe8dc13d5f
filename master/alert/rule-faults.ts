import type { RuleFault } from "../../views/alert-model.ts";

/** In our own words: the system's name the whole path. */
export function whyNot(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file or folder";
  if (code === "EACCES" || code === "EPERM") return "it may not be read";
  return code === "" ? message : `it cannot be read (${code})`;
}

/** A fault as one line: `shop.yaml:12: rule shop-down, condition.op: …`. */
export function faultLine(file: string, { line, rule, path, message }: RuleFault): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const what = rule === undefined ? "" : ` rule ${rule}${path ? `, ${path}` : ""}:`;
  return `${place}:${what} ${message}`;
}
