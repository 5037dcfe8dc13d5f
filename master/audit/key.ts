import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The key of the audit log's seals: from the configuration, or else from a file beside the database that is made
 * once. It is never in the database, so that a copy of the database alone is not enough to forge a seal.
 */
export function auditKey(folder: string, configured: string): Uint8Array {
  if (configured !== "") return new Bun.CryptoHasher("sha256").update(configured).digest();
  if (folder === ":memory:") return crypto.getRandomValues(new Uint8Array(32));
  const path = join(folder, "audit.key");
  return read(path) ?? make(path);
}

function read(path: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new Error(`${path} is no key of 64 hexadecimal digits: put the right one back from a backup`);
  return Buffer.from(text, "hex");
}

/** Whole or not at all: another process that starts at the same moment finds one key, the same as this one. */
function make(path: string): Uint8Array {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}\n`, {
    mode: 0o600,
    flush: true,
  });
  try {
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(own, { force: true });
  }
  return read(path)!;
}
