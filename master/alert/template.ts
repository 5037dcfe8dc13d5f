/**
 * Fills `{{ name }}` in a text with what stands for it; what is not known becomes nothing. There is no logic in these
 * templates, so that they can neither fail nor run on.
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  const parts = partsOf(template);
  let text = parts[0]!;
  for (let at = 1; at < parts.length; at += 2)
    text += (Object.hasOwn(values, parts[at]!) ? values[parts[at]!]! : "") + parts[at + 1]!;
  return text;
}

/** Texts and the names between them in turn, of the templates that were filled lately: each second the same ones. */
const known = new Map<string, string[]>();

function partsOf(template: string): string[] {
  let parts = known.get(template);
  if (!parts) {
    if (known.size > 5000) known.clear();
    parts = template.split(/\{\{\s*([\w.]+)\s*\}\}/);
    known.set(template, parts);
  }
  return parts;
}

/** A template that says all alerts a thousand times would be hundreds of megabytes. */
const mostFilled = 4 * 2 ** 20;

/**
 * Fills a JSON template: within quotes a value is escaped, `{{ json name }}` is put in as it is. Undefined where that
 * becomes too long.
 */
export function fillJson(template: string, values: Readonly<Record<string, unknown>>): string | undefined {
  const known = new Map<string, string>();
  let left = mostFilled - template.length;
  const filled = template.replace(
    /\{\{\s*(json\s+)?(\w+)\s*\}\}/g,
    (_, json: string | undefined, name: string) => {
      const key = `${json ? "json " : ""}${name}`;
      const text = known.get(key) ?? jsonOf(Object.hasOwn(values, name) ? values[name] : "", Boolean(json));
      known.set(key, text);
      left -= text.length;
      return left < 0 ? "" : text;
    },
  );
  return left < 0 ? undefined : filled;
}

function jsonOf(value: unknown, whole: boolean): string {
  if (whole) return JSON.stringify(value);
  return JSON.stringify(typeof value === "string" ? value : JSON.stringify(value)).slice(1, -1);
}
