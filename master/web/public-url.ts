import { requestInfo } from "../requests.ts";
import type { WebDeps } from "./deps.ts";

/** Where people and agents reach this master: as it was configured, or else as this browser reached it. */
export function publicUrl(deps: { config: Pick<WebDeps["config"], "publicUrl"> }, origin: string): string {
  return deps.config.publicUrl || origin;
}

/** Scheme and host of a request; behind a proxy that is trusted, those that the browser used. */
export function siteOf(request: Request): string {
  const { secure, host } = requestInfo(request);
  return `${secure ? "https" : "http"}://${host}`;
}
