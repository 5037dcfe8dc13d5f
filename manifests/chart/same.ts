import type { Manifest } from "./objects.ts";

/**
 * Objects as they can be compared: by kind, namespace and name, with environment variables by name, and without what
 * Helm has to say otherwise than kustomize: who manages it, and its own Secrets and namespace.
 */
export function comparable(objects: readonly Manifest[]): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const source of objects) {
    const one = structuredClone(source);
    const { kind, metadata } = one;
    if (kind === "Secret" || (kind === "Namespace" && metadata.name === "atlhyper")) continue;
    for (const labels of [metadata.labels, one.spec?.template?.metadata?.labels])
      if (labels) {
        const by = labels["app.kubernetes.io/managed-by"];
        if (by !== "kustomize" && by !== "Helm")
          throw new Error(`${kind}/${metadata.name}: managed by ${by}`);
        delete labels["app.kubernetes.io/managed-by"];
      }
    for (const container of one.spec?.template?.spec?.containers ?? [])
      container.env = Object.fromEntries(
        (container.env ?? []).map(({ name, ...rest }: { name: string }) => [name, rest]),
      );
    const key = `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
    if (key in all) throw new Error(`${key} is there twice`);
    all[key] = one;
  }
  return all;
}
