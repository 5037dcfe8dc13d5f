import { faultRules } from "./defaults/faults.ts";
import { valueRules } from "./defaults/values.ts";
import type { Rule } from "./rule.ts";

/**
 * The rules that are on at once. What heals by itself within the usual time (a rollout, a reschedule, a restart) is
 * waited for; on a healthy cluster none of them says anything.
 */
export const defaultRules: readonly Rule[] = [...faultRules, ...valueRules];
