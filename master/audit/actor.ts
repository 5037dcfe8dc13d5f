import type { Principal } from "../access/principal.ts";
import type { AuditEntry } from "./audit.ts";

/** Who made a request, as the audit log names them. */
export function actorOf(principal: Principal | undefined): AuditEntry["actor"] {
  switch (principal?.kind) {
    case "user":
      return { kind: "user", id: principal.userID, name: principal.name };
    case "token":
      return { kind: "token", id: principal.tokenID, name: principal.name };
    case "cluster":
      return { kind: "cluster", id: principal.cluster, name: principal.name };
    default:
      return { kind: "nobody", name: "" };
  }
}
