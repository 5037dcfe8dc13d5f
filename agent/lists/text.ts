import type { Pod } from "../../wire/pod.ts";
import type { ByteText } from "./byte-text.ts";
import type { Interner } from "./intern.ts";

/** The members of an object's JSON: what stands between its braces. */
export const membersOf = (value: object): string => JSON.stringify(value).slice(1, -1);

/** Separates pieces; JSON text never has it, since control characters are escaped in it (RFC 8259). */
const cut = "\0";

/**
 * A pod's JSON in two texts: what is its own, and what it shares with its siblings (its containers but for
 * their state, volumes, labels, scheduling), which is kept once for all of them. Each has its pieces in order,
 * own ones first: `podText` puts them together by turns.
 */
export interface PackedPod {
  own: string;
  shared: string;
}

export function packPod(pod: Pod, intern: Interner): PackedPod {
  const { summary, network, conditions, containers, labels, annotations, spec, volumes } = pod;
  // The first piece ends inside `summary`, where the owners are added.
  let own = `{"summary":${JSON.stringify(summary).slice(0, -1)}`;
  let shared = "}";
  own += `${cut},${membersOf({ network, conditions })},"containers":[`;
  for (const [index, { status, ...container }] of (containers ?? []).entries()) {
    shared += `${cut}${index > 0 ? "," : ""}${JSON.stringify(container).slice(0, -1)}`;
    own += cut + (status ? `,"status":${JSON.stringify(status)}}` : "}");
  }
  shared += `${cut}],${membersOf({ spec, volumes })}`;
  const rest = membersOf({ labels, annotations });
  shared += rest === "" ? "}" : `,${rest}}`;
  return { own: flat(own), shared: intern(shared) };
}

/** A text that was added up piece by piece as one that keeps none of the pieces. */
function flat(text: string): string {
  // Indexing into a rope makes JavaScriptCore resolve it.
  text.charCodeAt(0);
  return text;
}

/** Writes the whole JSON of a packed pod; `owners` is the JSON of their list, or empty. */
export function writePod({ own, shared }: PackedPod, owners: string, out: ByteText): void {
  let ownFrom = 0;
  let sharedFrom = 0;
  while (ownFrom >= 0 || sharedFrom >= 0) {
    const first = ownFrom === 0;
    ownFrom = writePiece(own, ownFrom, out);
    if (first && owners !== "") out.add(`,"owners":${owners}`);
    sharedFrom = writePiece(shared, sharedFrom, out);
  }
}

/** Writes the piece that begins at `from`; gives where the next one begins, -1 behind the last. */
function writePiece(text: string, from: number, out: ByteText): number {
  if (from < 0) return from;
  const end = text.indexOf(cut, from);
  out.add(end < 0 ? text.slice(from) : text.slice(from, end));
  return end < 0 ? -1 : end + 1;
}

/** The UID in a packed pod: its summary comes first, and in it no text before the UID that could hold quotes. */
export const uidOfPod = ({ own }: PackedPod): string => /"uid":"([^"]*)"/.exec(own)?.[1] ?? "";
