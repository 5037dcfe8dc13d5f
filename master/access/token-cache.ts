import type { Database } from "../database/database.ts";
import { looksLikeToken, tokenHash } from "../database/token.ts";
import { findToken, type TokenRecord, tokenUsed } from "../database/tokens.ts";
import { highestRole } from "../database/grants.ts";
import { intersection } from "./grants.ts";
import type { ClusterPrincipal, TokenPrincipal } from "./principal.ts";

type Holder = ClusterPrincipal | TokenPrincipal;

/** A revocation, also by another process, is noticed within this time; so often a token in use is looked up. */
const freshMs = 1000;
const usedEveryMs = 60_000;
const mostEntries = 5000;

/** Finds who holds a token, without a query for each of thousands of messages a second. */
export class TokenCache {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #known = new Map<string, { holder: Holder; untilMs: number; usedMs: number }>();

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  holder(token: string): Holder | undefined | Promise<Holder | undefined> {
    if (!looksLikeToken("cluster", token) && !looksLikeToken("api", token)) return undefined;
    const hash = tokenHash(token);
    const known = this.#known.get(hash);
    const now = this.#now();
    // A clock that was set back must not keep an entry alive.
    if (known && now < known.untilMs && now >= known.untilMs - freshMs) return known.holder;
    return this.#find(hash, known?.usedMs ?? 0);
  }

  clear(): void {
    this.#known.clear();
  }

  async #find(hash: string, usedMs: number): Promise<Holder | undefined> {
    const now = this.#now();
    const found = await findToken(this.#db, hash, now);
    if (!found) {
      this.#known.delete(hash);
      return undefined;
    }
    const holder: Holder =
      found.kind === "api"
        ? apiToken(found)
        : {
            kind: "cluster",
            tokenID: found.id,
            cluster: found.cluster,
            name: found.name,
            clusterID: found.clusterID,
          };
    const used = Math.abs(now - usedMs) >= usedEveryMs;
    if (this.#known.size >= mostEntries) this.#known.clear();
    this.#known.set(hash, { holder, untilMs: now + freshMs, usedMs: used ? now : usedMs });
    // Whoever may come in may still do so when the disk is full.
    if (used) await tokenUsed(this.#db, found.id, now).catch(() => undefined);
    return holder;
  }
}

/** Whose token it is may have come to less since, or to nothing. */
function apiToken({ id, name, grant, readOnly, owner }: TokenRecord & { kind: "api" }): TokenPrincipal {
  const grants = owner ? intersection(owner.grants, [grant]) : [grant];
  return { kind: "token", tokenID: id, name, role: highestRole(grants) ?? "viewer", grants, readOnly };
}
