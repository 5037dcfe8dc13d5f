import { Turns } from "../../kit/turns.ts";
import { problem } from "../../wire/problem.ts";
import type { Breached } from "./breached.ts";

const shortestPassword = 10;
const longestPassword = 200;
/** How many hashes are computed at a time, so that many sign-ins at once do not exhaust memory, and how many wait. */
const atOnce = 2;
const waitingAtMost = 50;

/** OWASP's recommendation for argon2id: 19 MiB, two passes. */
export const argon2Default = { memoryCost: 19_456, timeCost: 2 };

/** What new passwords have to be. */
export interface PasswordRules {
  /** Characters at least. */
  least: number;
  /** Passwords that got out somewhere, which nobody may choose. */
  breached?: Breached;
}
export const defaultRules: PasswordRules = { least: shortestPassword };

/** 422 with what is wrong with a user's new password. */
export function checkNewPassword(password: string, name: string, rules: PasswordRules): void {
  const wrong = (detail: string) => problem(422, detail, { pointer: "/password" });
  const characters = [...password];
  if (characters.length < rules.least) throw wrong(`the password needs at least ${rules.least} characters`);
  if (characters.length > longestPassword)
    throw wrong(`the password has at most ${longestPassword} characters`);
  if (characters.every((one) => one === characters[0]))
    throw wrong("the password is one character over and over");
  if (name !== "" && password.normalize("NFC").toLowerCase() === name.normalize("NFC").toLowerCase())
    throw wrong("the password is the user's name");
  if (rules.breached?.has(password))
    throw wrong("the password is on a list of those that got out somewhere: choose another");
}

/** 422 with what is wrong with a user's name; the name without blanks around it otherwise. */
export function checkUserName(name: string): string {
  const trimmed = name.trim().normalize("NFC");
  if (trimmed === "" || trimmed.length > 64 || /[\p{Cc}\p{Cf}]/u.test(trimmed))
    throw problem(422, "a name has 1 to 64 characters and no control characters", { pointer: "/name" });
  return trimmed;
}

export class Passwords {
  readonly #cost: { memoryCost: number; timeCost: number };
  readonly rules: PasswordRules;
  readonly #turns = new Turns(atOnce, waitingAtMost, () =>
    problem(503, "too many people sign in at this moment", { retryAfterSeconds: 5 }),
  );
  /** Stands in for the hash of an unknown user; made at the start, so that the first attempt is no slower. */
  readonly #nobody: Promise<string>;

  constructor(cost: { memoryCost: number; timeCost: number }, rules: PasswordRules = defaultRules) {
    this.#cost = cost;
    this.rules = rules;
    this.#nobody = this.hash(crypto.randomUUID());
  }

  /** 422 with what is wrong with a user's new password. */
  check(password: string, name: string): void {
    checkNewPassword(password, name, this.rules);
  }

  /** The hash in its usual text form, salt and cost included. 503 when too many wait already. */
  hash(password: string): Promise<string> {
    return this.#turns.take(() =>
      Bun.password.hash(password.normalize("NFC"), { algorithm: "argon2id", ...this.#cost }),
    );
  }

  /** Whether a password is the one with this hash. Without a hash it takes the same time and is false. */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    if (password.length > longestPassword * 4) return false;
    const against = hash ?? (await this.#nobody);
    const same = await this.#turns.take(() => Bun.password.verify(password.normalize("NFC"), against));
    return same && hash !== undefined;
  }
}
