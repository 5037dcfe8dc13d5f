/** Routes of the wire that are not a list's (those follow from the kind, see kind-names.ts). */
export const eventsRoute = "/ingest/events/v1/eventlog";
export const metricsRoute = "/ingest/metrics/snapshot";
export const statusRoute = "/ingest/agentstatus";
/** Where a probe posts its node's metrics, to its agent. */
export const probeRoute = "/ingest/metrics/v1/snapshot";
/** Where an agent asks, at its start, for the occurrences that are still open: `{"events": [Event]}`. */
export const openEventsRoute = "/ingest/events/open";
