/**
 * Fills `{{ name }}` in a text with what stands for it; what is not known becomes nothing. There is no logic in these
 * templates, so that they can neither fail nor run on.
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : "",
  );
}

/** Fills a JSON template: within quotes a value is escaped, `{{ json name }}` is put in as it is. */
export function fillJson(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{\{\s*(json\s+)?(\w+)\s*\}\}/g, (_, json: string | undefined, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : "";
    if (json) return JSON.stringify(value);
    return JSON.stringify(typeof value === "string" ? value : JSON.stringify(value)).slice(1, -1);
  });
}
