import { timingSafeEqual } from "node:crypto";
import type { Position } from "./chain.ts";

/** What a sealed position is for, so that one cannot stand in for the other. */
export type SealKind = "anchor" | "checkpoint";

/** A position with its HMAC: only who has the key can make one. */
export function seal(key: Uint8Array, kind: SealKind, { seq, hash }: Position): string {
  return `${seq}:${hash}:${mac(key, kind, seq, hash)}`;
}

/** The position in a seal; undefined where the seal was not made with this key, for this. */
export function unseal(key: Uint8Array, kind: SealKind, text: string): Position | undefined {
  const [, seq, hash, given] = /^(\d{1,15}):([0-9a-f]{64}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined) return undefined;
  const right = mac(key, kind, Number(seq), hash!);
  return timingSafeEqual(Buffer.from(given!), Buffer.from(right))
    ? { seq: Number(seq), hash: hash! }
    : undefined;
}

function mac(key: Uint8Array, kind: SealKind, seq: number, hash: string): string {
  return new Bun.CryptoHasher("sha256", key).update(`atlhyper audit ${kind}:${seq}:${hash}`).digest("hex");
}
