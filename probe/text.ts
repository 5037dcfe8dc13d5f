/** At most so many characters of a text that others chose: a name may be as long as its owner likes. */
export function cut(text: string, longest = 128): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** The words of a line. */
export function words(line: string): string[] {
  // Splitting by a regular expression takes ten times as long where it is interpreted.
  if (line.includes("\t")) return line.split(/\s+/).filter((word) => word !== "");
  const found: string[] = [];
  const text = line.trim();
  for (let at = 0; at < text.length; ) {
    const blank = text.indexOf(" ", at);
    const end = blank < 0 ? text.length : blank;
    found.push(text.slice(at, end));
    at = end + 1;
    while (text.charCodeAt(at) === 32) at++;
  }
  return found;
}

/** The value behind `key` in a text of `key value` lines, such as /proc/vmstat or a cgroup's memory.stat. */
export function fieldValue(key: string, text: string): string | undefined {
  const start = text.startsWith(`${key} `) ? 0 : text.indexOf(`\n${key} `) + 1;
  if (start === 0 && !text.startsWith(`${key} `)) return undefined;
  const end = text.indexOf("\n", start);
  return text.slice(start + key.length + 1, end < 0 ? undefined : end).trim();
}

/** Whether a name fits one of the patterns, in which `*` stands for anything. */
export function matchesAny(name: string, patterns: string[]): boolean {
  return patterns.some((pattern) => {
    const [first = "", ...rest] = pattern.split("*");
    if (rest.length === 0) return name === pattern;
    const last = rest.pop()!;
    if (!name.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = name.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return name.length - last.length >= at && name.endsWith(last);
  });
}
