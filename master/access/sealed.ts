import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/**
 * Encrypts what has to be read again (AES-256-GCM) with a key that is not in the database: who has a copy of that
 * alone has no second factors. `about` binds a text to its owner: one user's cannot be put in another's place.
 */
export class Sealed {
  readonly #key: Buffer;

  constructor(key: Uint8Array, purpose: string) {
    this.#key = Buffer.from(hkdfSync("sha256", key, "", `atlhyper:${purpose}`, 32));
  }

  seal(text: string, about: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    cipher.setAAD(Buffer.from(about));
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
  }

  /** Undefined where the key is another one, or the text was changed. */
  open(sealed: string, about: string): string | undefined {
    const bytes = Buffer.from(sealed, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, 12));
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }
}
