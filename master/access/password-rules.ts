import { openBreached } from "./breached.ts";
import type { PasswordRules } from "./password.ts";

/** The rules that a configuration says; throws a ConfigError where its list cannot be used. */
export function passwordRules(config: { passwordLength: number; passwordBreached: string }): PasswordRules {
  return {
    least: config.passwordLength,
    ...(config.passwordBreached === "" ? {} : { breached: openBreached(config.passwordBreached) }),
  };
}
