import { Secret, TOTP } from "otpauth";
import { problem } from "../../wire/problem.ts";
import type { Database } from "../database/database.ts";
import {
  confirmSecondFactor,
  countRecoveryCodes,
  findSecondFactor,
  removeSecondFactor,
  setRecoveryCodes,
  setSecondFactor,
  takeRecoveryCode,
  takeStep,
} from "../database/second-factors.ts";
import { tokenHash } from "../database/token.ts";
import type { Sealed } from "./sealed.ts";

/** RFC 6238 with what every app knows: SHA-1, six digits, 30 s; a step before and after is taken too. */
const period = 30;
const window = 1;
const codes = 10;

export interface Enrolment {
  /** For an app: `otpauth://totp/…`. */
  uri: string;
  /** The same to type, in groups of four. */
  secret: string;
}

/** Codes of an app as the second step of signing in, and what helps when the phone is gone. */
export class SecondFactors {
  readonly #db: Database;
  readonly #sealed: Sealed;
  readonly #now: () => number;

  constructor(db: Database, sealed: Sealed, now: () => number) {
    this.#db = db;
    this.#sealed = sealed;
    this.#now = now;
  }

  /** Whether a user's sign-in has a second step. */
  async needed(userID: string): Promise<boolean> {
    return (await findSecondFactor(this.#db, userID))?.confirmed ?? false;
  }

  async state(userID: string): Promise<{ on: boolean; codesLeft: number }> {
    const on = await this.needed(userID);
    return { on, codesLeft: on ? await countRecoveryCodes(this.#db, userID) : 0 };
  }

  /** A new secret, which counts once `confirm` has had a code of it. 409 where one counts already. */
  async begin(userID: string, name: string): Promise<Enrolment> {
    if (await this.needed(userID)) throw problem(409, "a second factor is on already: switch it off first");
    const secret = new Secret({ size: 20 });
    await setSecondFactor(this.#db, userID, this.#sealed.seal(secret.base32, userID));
    return enrolmentOf(secret, name);
  }

  /** The secret that waits for its first code; undefined where none does. */
  async pending(userID: string, name: string): Promise<Enrolment | undefined> {
    const found = await findSecondFactor(this.#db, userID);
    const base32 = found && !found.confirmed && this.#sealed.open(found.secret, userID);
    return base32 ? enrolmentOf(Secret.fromBase32(base32), name) : undefined;
  }

  /** The first right code switches it on; gives the recovery codes, which are shown only now. 422. */
  async confirm(userID: string, code: string): Promise<string[]> {
    if (await this.needed(userID)) throw problem(409, "a second factor is on already");
    if (!(await this.#isRight(userID, code))) throw wrongCode();
    const made = newCodes();
    await confirmSecondFactor(
      this.#db,
      userID,
      this.#now(),
      made.map((one) => hashOf(userID, one)),
    );
    return made;
  }

  /** Whether a code of the app, or a recovery code, is right; either is good once. */
  async check(userID: string, code: string): Promise<"code" | "recovery" | undefined> {
    const text = code.replace(/[\s-]/g, "").toLowerCase();
    if (/^\d{6}$/.test(text)) return (await this.#isRight(userID, text)) ? "code" : undefined;
    if (!/^[a-z2-7]{10}$/.test(text)) return undefined;
    return (await takeRecoveryCode(this.#db, userID, hashOf(userID, text))) ? "recovery" : undefined;
  }

  /** New recovery codes in place of all others. 422 where the code is wrong. */
  async renewCodes(userID: string, code: string): Promise<string[]> {
    if (!(await this.needed(userID)) || !(await this.check(userID, code))) throw wrongCode();
    const made = newCodes();
    await setRecoveryCodes(
      this.#db,
      userID,
      made.map((one) => hashOf(userID, one)),
    );
    return made;
  }

  /** Switches it off; false where there was none. */
  remove(userID: string): Promise<boolean> {
    return removeSecondFactor(this.#db, userID);
  }

  async #isRight(userID: string, code: string): Promise<boolean> {
    const found = await findSecondFactor(this.#db, userID);
    const base32 = found && this.#sealed.open(found.secret, userID);
    if (!base32) return false;
    const timestamp = this.#now();
    const delta = totpOf(Secret.fromBase32(base32)).validate({
      token: code.replace(/\s/g, ""),
      timestamp,
      window,
    });
    if (delta === null) return false;
    // A code that somebody has looked over a shoulder for was used already.
    return takeStep(this.#db, userID, Math.floor(timestamp / 1000 / period) + delta);
  }
}

export const wrongCode = () =>
  problem(422, "the code is wrong, or was used already: take the next one", { pointer: "/code" });

const totpOf = (secret: Secret, label = "") =>
  new TOTP({ issuer: "AtlHyper", label, secret, period, digits: 6, algorithm: "SHA1" });

function enrolmentOf(secret: Secret, name: string): Enrolment {
  return { uri: totpOf(secret, name).toString(), secret: secret.base32.replace(/(.{4})(?=.)/g, "$1 ") };
}

/** 50 random bits each, of letters and digits that are not mistaken for each other. */
function newCodes(): string[] {
  return Array.from({ length: codes }, () =>
    [...crypto.getRandomValues(new Uint8Array(10))]
      .map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32])
      .join(""),
  );
}

const hashOf = (userID: string, code: string) => tokenHash(`${userID}:${code}`);
/** As a person reads it. */
export const shownCode = (code: string): string => `${code.slice(0, 5)}-${code.slice(5)}`;
