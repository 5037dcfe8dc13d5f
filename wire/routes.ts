/** Routes of the wire that are not a list's (those follow from the kind, see kind-names.ts). */
export const eventsRoute = "/ingest/events/v1/eventlog";
export const metricsRoute = "/ingest/metrics/snapshot";
export const statusRoute = "/ingest/agentstatus";
/** Where a probe posts its node's metrics, to its agent. */
export const probeRoute = "/ingest/metrics/v1/snapshot";
/** Where an agent asks, at its start, for the occurrences that are still open: `{"events": [Event]}`. */
export const openEventsRoute = "/ingest/events/open";
/** Where an agent exchanges its enrolment token (as Bearer) for its cluster's: `{"clusterID"}` → `{"token"}`. */
export const enrolRoute = "/enrol";
/** Control: an agent waits for commands, ends them, and tells how they go. */
export const watchRoute = "/control/watch";
export const ackRoute = "/control/ack";
export const progressRoute = "/control/progress";
export const enqueueRoute = "/control/enqueue";
/** Before a stream's id: the WebSocket that an agent opens for a followed log or a terminal. */
export const streamRoute = "/control/stream/";
/** The names that AtlHyper 1.x has for the first, second and fourth. */
export const legacyControlRoutes: Readonly<Record<string, string>> = {
  "/ingest/ops/watch": watchRoute,
  "/ingest/ops/ack": ackRoute,
  "/ingest/ops/enqueue": enqueueRoute,
};
