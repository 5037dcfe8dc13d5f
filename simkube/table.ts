import type { Stored } from "./object.ts";

/** A list as a Table of meta.k8s.io/v1: the columns that every kind has. */
export function tableOf(items: readonly Stored[], metadata: object, now: Date): object {
  const column = (name: string, type: string, description: string) => ({
    name,
    type,
    format: name === "Name" ? "name" : "",
    description,
    priority: 0,
  });
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: [
      column("Name", "string", "Name must be unique within a namespace."),
      column("Age", "string", "When it was created."),
    ],
    rows: items.map((object) => ({
      cells: [object.metadata.name, ageOf(object, now)],
      object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
    })),
  };
}

function ageOf({ metadata }: Stored, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(metadata.creationTimestamp)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

export const wantsTable = (request: Request): boolean => /as=Table/.test(request.headers.get("accept") ?? "");
