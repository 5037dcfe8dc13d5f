import type { Command } from "../../wire/control.ts";
import type { Resource } from "../kube/resource.ts";
import type { Place } from "./change.ts";
import { OperationError } from "./operation.ts";

/** Reading targets and arguments; what is missing or wrong is a BadRequest that says what would be right. */

export const badRequest = (message: string) => new OperationError("BadRequest", message);

export function targetText({ target, type }: Command, key: string): string {
  const value = target[key];
  if (value === undefined || value === "") throw badRequest(`${type} needs the target's ${key}.`);
  return value;
}

/** Whole and at least `least`; a text of digits is taken too, as AtlHyper 1.x sends it. */
export function wholeNumber({ args, type }: Command, key: string, least = 0): number | undefined {
  const given = args?.[key];
  if (given === undefined || given === null) return undefined;
  const value = typeof given === "string" && /^\d{1,10}$/.test(given) ? Number(given) : given;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least)
    throw badRequest(`${type}'s ${key} must be a whole number, ${least} at least.`);
  return value;
}

export function flag({ args, type }: Command, key: string): boolean | undefined {
  const given = args?.[key];
  if (given === undefined || given === null) return undefined;
  if (typeof given !== "boolean") throw badRequest(`${type}'s ${key} must be true or false.`);
  return given;
}

export function optionalText({ args, type }: Command, key: string): string | undefined {
  const given = args?.[key];
  if (given === undefined || given === null || given === "") return undefined;
  if (typeof given !== "string") throw badRequest(`${type}'s ${key} must be a text.`);
  return given;
}

/** The workload that the target names, of one of these kinds; AtlHyper 1.x writes kinds in any case. */
export function workloadPlace(command: Command, kinds: readonly Resource[]): Place {
  const kind = targetText(command, "kind");
  const resource = kinds.find((one) => one.kind.toLowerCase() === kind.toLowerCase());
  if (resource === undefined)
    throw badRequest(
      `${command.type} is for ${kinds.map((one) => one.kind).join(", ")}, and not for ${kind}.`,
    );
  return { resource, namespace: targetText(command, "ns"), name: targetText(command, "name") };
}
