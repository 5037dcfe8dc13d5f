import type { Pod } from "../../wire/pod.ts";
import type { Interner } from "./intern.ts";

/** JSON of an object with further members, given as JSON themselves, at its end. */
export function splice(text: string, members: string): string {
  if (members === "") return text;
  return `${text.slice(0, -1)}${text.length > 2 ? "," : ""}${members}}`;
}

/** The members of an object's JSON: what stands between its braces. */
export const membersOf = (value: object): string => JSON.stringify(value).slice(1, -1);

/**
 * A pod's JSON in pieces: what is its own, and what it shares with its siblings (its containers but for their
 * state, volumes, labels, scheduling), which is kept once for all of them. The first piece ends inside
 * `summary`, where `podText` adds the owners.
 */
export function packPod(pod: Pod, intern: Interner): string[] {
  const { summary, network, conditions, containers, labels, annotations, spec, volumes } = pod;
  const own = membersOf({ network, conditions });
  const pieces = [`{"summary":${JSON.stringify(summary).slice(0, -1)}`, `,${own},"containers":[`];
  for (const [index, { status, ...container }] of (containers ?? []).entries()) {
    pieces.push(intern(`${index > 0 ? "," : ""}${JSON.stringify(container).slice(0, -1)}`));
    pieces.push(status ? `,"status":${JSON.stringify(status)}}` : "}");
  }
  pieces.push(intern(`],${membersOf({ spec, volumes })}`));
  for (const rest of [membersOf({ labels }), membersOf({ annotations })])
    if (rest !== "") pieces.push(intern(`,${rest}`));
  return pieces;
}

/** The whole JSON of a packed pod; `owners` as JSON of their list, or empty. */
export function podText(pieces: readonly string[], owners: string): string {
  const [head, ...rest] = pieces;
  return `${head}${owners === "" ? "" : `,"owners":${owners}`}}${rest.join("")}}`;
}

export function samePieces(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((piece, index) => piece === b[index]);
}
