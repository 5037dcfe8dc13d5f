import { changesCases } from "./changes.ts";
import type { Case } from "./kit.ts";
import { objectsCases } from "./objects.ts";
import { podsCases } from "./pods.ts";
import { watchesCases } from "./watches.ts";

/** What a Kubernetes API does, as far as the agent relies on it: tried on the simulated one and on the real one alike. */
export const conformance: readonly Case[] = [...objectsCases, ...changesCases, ...podsCases, ...watchesCases];
