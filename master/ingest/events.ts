import type { Static } from "@sinclair/typebox";
import type { EventsPayload } from "../../wire/envelope.ts";
import type { Event, LegacyEvent, Severity } from "../../wire/event.ts";
import { cleaner } from "./clean.ts";
import { Event as EventSchema } from "../../wire/event.ts";

const cleanEvent = cleaner(EventSchema) as (value: Event) => Event;

/** The events of a payload in our form. */
export function eventsOf(payload: Static<typeof EventsPayload>, sentAtMs: number): Event[] {
  return (payload.events ?? []).map((event) =>
    "id" in event ? cleanEvent(event) : fromLegacy(event, sentAtMs),
  );
}

/**
 * An AtlHyper 1.x event. It has no id: one is made from all that it says, so that the same event sent twice is
 * stored once.
 */
export function fromLegacy(event: LegacyEvent, sentAtMs: number): Event {
  const told = Date.parse(event.Timestamp);
  const { Kind, Namespace = "", Name, Node, ReasonCode = "", Category, Message = "" } = event;
  const identity = [event.Timestamp, Kind, Namespace, Name, Node ?? "", ReasonCode, Message].join("\n");
  return {
    id: `1x-${new Bun.CryptoHasher("sha256").update(identity).digest("base64url").slice(0, 27)}`,
    ts_ms: told >= 0 ? told : sentAtMs,
    kind: Kind.slice(0, 253),
    ...(Namespace ? { namespace: Namespace.slice(0, 253) } : {}),
    name: Name.slice(0, 1024),
    ...(Node ? { node: Node.slice(0, 253) } : {}),
    reason: ReasonCode.slice(0, 200),
    ...(Category ? { category: Category.slice(0, 100) } : {}),
    severity: severityOf(event.Severity),
    ...(Message ? { message: Message.slice(0, 8192) } : {}),
    origin: "kubernetes",
  };
}

function severityOf(severity: string | undefined): Severity {
  switch (severity?.toLowerCase()) {
    case "critical":
    case "error":
    case "fatal":
      return "critical";
    case "warning":
    case "warn":
      return "warning";
    default:
      return "info";
  }
}
