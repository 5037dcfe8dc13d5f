import { resolve } from "node:path";
import { kubectl } from "../deploy/kubectl.ts";

/** An object of a manifest, looked into field by field. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; [field: string]: unknown };
  // biome-ignore lint/suspicious/noExplicitAny: objects of a foreign API
  [field: string]: any;
}

/** All objects of an overlay, as kustomize gives them. Needs kubectl. */
export async function objectsOf(overlay: string): Promise<Manifest[]> {
  return parseObjects(await kubectl("kustomize", resolve(import.meta.dir, "../overlays", overlay)));
}

/** Of a text with several documents; empty ones are left out. */
export function parseObjects(text: string): Manifest[] {
  return ([Bun.YAML.parse(text)].flat() as (Manifest | null)[]).filter((one) => one !== null);
}

/** `Deployment/atlhyper-agent`. */
export const nameOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;
