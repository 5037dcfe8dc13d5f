/** Random values that are credentials, and how they are kept: only their SHA-256, since 256 random bits need no salt. */

/** Told apart by what stands before them, so that people and secret scanners recognise one that leaked. */
const prefixes = {
  cluster: "atlc_",
  api: "atla_",
  setup: "atls_",
  invite: "atli_",
  enrolment: "atle_",
  session: "",
} as const;

/** A new credential: 256 random bits in base64url behind its prefix. */
export function randomToken(kind: keyof typeof prefixes): string {
  return prefixes[kind] + Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}

/** Whether a text could be a credential of this kind, before anything is computed or looked up for it. */
export function looksLikeToken(kind: keyof typeof prefixes, value: string): boolean {
  const prefix = prefixes[kind];
  return (
    value.length === prefix.length + 43 &&
    value.startsWith(prefix) &&
    /^[\w-]+$/.test(value.slice(prefix.length))
  );
}

/** What is stored of a credential. */
export function tokenHash(value: string): string {
  return new Bun.CryptoHasher("sha256").update(value).digest("base64url");
}

/** A name for a row that says nothing: 80 random bits. */
export function randomId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(10))).toString("hex");
}
