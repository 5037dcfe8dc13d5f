/**
 * Whether a text has what a pattern says: `*` stands for anything, everything else for itself. Looked for part by part
 * from left to right, so it takes no longer than the text is long; nothing is tried twice as in regular expressions.
 */
export function globIn(pattern: string, text: string, whole: boolean): boolean {
  const parts = pattern.split("*");
  const first = parts[0]!;
  if (parts.length === 1) return whole ? text === pattern : text.includes(pattern);
  const last = parts.at(-1)!;
  let at = 0;
  let end = text.length;
  if (whole) {
    if (!text.startsWith(first) || !text.endsWith(last) || first.length + last.length > text.length)
      return false;
    at = first.length;
    end -= last.length;
  }
  for (const part of whole ? parts.slice(1, -1) : parts) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether a name is like one of these; undefined for any. */
export function globsOf(patterns: readonly string[] | undefined): ((name: string) => boolean) | undefined {
  return patterns && ((name) => patterns.some((one) => globIn(one, name, true)));
}
