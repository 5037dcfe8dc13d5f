import { Elysia } from "elysia";
import type { Problem } from "../../wire/problem.ts";
import type { MasterParts } from "../parts.ts";

/** All pages, assets and streams; mounted by the master's server behind the API's routes. */
export function web(_parts: MasterParts) {
  return new Elysia({ name: "web" });
}

/** A fault as a page, for a browser; undefined leaves it to be answered as problem+json. */
export function errorPage(_parts: MasterParts, _request: Request, _problem: Problem): Response | undefined {
  return undefined;
}
