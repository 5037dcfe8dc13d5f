import { badRequest, conflict } from "./api-error.ts";
import { type Kind, kinds } from "./kinds.ts";
import { type Fields, isFields, type Stored } from "./object.ts";
import { applyPatch } from "./patch.ts";
import { Rest } from "./rest.ts";
import { Store } from "./store.ts";

/**
 * Server-side apply, as far as a demo needs it: the manifest is merged into what is there, or made. Who owns which
 * field is not kept, so nothing conflicts.
 */
export function applyManifest(
  rest: Rest,
  kind: Kind,
  namespace: string | undefined,
  name: string,
  manifest: unknown,
): { object: Stored; created: boolean } {
  if (!isFields(manifest)) throw badRequest("the object provided is no object");
  const meta = isFields(manifest.metadata) ? manifest.metadata : {};
  const there = rest.store.get(kind, namespace, name);
  if (there === undefined) {
    if (meta.resourceVersion)
      throw conflict(kind, name, "the object provided has a resourceVersion, and is not there");
    return { object: rest.create(kind, namespace, manifest), created: true };
  }
  const before = structuredClone(there) as unknown as Fields;
  const after = applyPatch(before, manifest, "application/strategic-merge-patch+json");
  if (meta.resourceVersion === undefined && isFields(after.metadata)) after.metadata.resourceVersion = "";
  return { object: rest.update(kind, namespace, name, after), created: false };
}

/** The same API over a copy of one object and its namespace: what is done to it is not done (`dryRun=All`). */
export function rehearsal(rest: Rest, kind: Kind, namespace: string | undefined, name: string): Rest {
  const store = new Store();
  const space = namespace && rest.store.get(kinds.namespaces, undefined, namespace);
  if (space) store.put(kinds.namespaces, space);
  const there = rest.store.get(kind, namespace, name);
  const copy = new Rest(store, rest.now);
  if (there === undefined) return copy;
  // It keeps its version, which is a precondition of what comes.
  store.adopt(kind, structuredClone(there));
  return copy;
}
