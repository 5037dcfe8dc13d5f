import type { TSchema } from "@sinclair/typebox";
import type { Principal, Role } from "../access/principal.ts";
import type { MasterParts } from "../parts.ts";
import type { Within } from "../within.ts";
import type { Parameters } from "./query.ts";

/** A running master as the one who asks sees it. */
export type SeenParts = Within<MasterParts>;

/** One address of the API: what the server does there, and what the OpenAPI document says of it. */
export interface Route {
  path: string;
  /** GET by default. */
  method?: "POST";
  /** Who may ask at all; a viewer by default. */
  role?: Role;
  /** Of the body of a POST; absent: it has none. */
  body?: TSchema;
  /** What the body is; JSON by default. */
  bodyType?: string;
  id: string;
  tag: string;
  summary: string;
  query: Parameters;
  answer: TSchema;
  /** It is asked again and again, and often the answer is the one from before. */
  polled?: boolean;
  /** Answers with what is written as JSON, or with an answer of its own; or with a promise of either. */
  get(parts: SeenParts, request: Request, params: Record<string, string>, by: Principal): unknown;
}
