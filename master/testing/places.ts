export const namespaces = ["shop", "bank"] as const;
/** The marker of a place: it stands in every name there, and nowhere else. */
export const marker = (cluster: string, namespace: string) => `zq${cluster}${namespace}`;
