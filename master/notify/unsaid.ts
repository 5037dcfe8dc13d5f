/** So short a text would be found everywhere. */
const leastSecret = 4;
/** What is long in an address is what nobody is to guess. */
const leastPart = 12;

/**
 * Takes secrets out of what a receiver says back: as they are, as they stand in addresses, and of an address also what
 * servers tell of it without its host (`Cannot POST /hook/…`).
 */
export function unsaid(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .flatMap((one) => [one, ...partsOf(one)])
    .flatMap((one) => [one, encodeURIComponent(one), JSON.stringify(one).slice(1, -1)])
    .filter((one) => one.length >= leastSecret)
    // What is part of another one would leave the rest of that.
    .sort((a, b) => b.length - a.length);
  const all = [...new Set(forms)];
  return (text) => all.reduce((shown, one) => shown.replaceAll(one, "•••"), text);
}

function partsOf(secret: string): string[] {
  if (!/^https?:\/\//i.test(secret) || !URL.canParse(secret)) return [];
  const { href, pathname, search, username, password } = new URL(secret);
  const basic = Buffer.from(`${plain(username)}:${plain(password)}`).toString("base64");
  const parts = [...pathname.split("/"), ...search.split(/[?&=]/)].filter((one) => one.length >= leastPart);
  return [href, pathname + search, pathname, search, password, basic, ...parts].flatMap((one) => [
    one,
    plain(one),
  ]);
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
