import manifest from "../package.json" with { type: "json" };

/** The one version number of all services; each request carries the sender's as `X-AtlHyper`. */
export const version: string = manifest.version;
export const versionHeader = "x-atlhyper";
