import type { Log } from "../kit/log.ts";

export type AgentEvents = ReturnType<typeof createEvents>;

/** Everything the agent has to say about itself: the one place that logs and counts. */
export function createEvents(log: Log) {
  const counts = { snapshots: 0, probeRefusals: 0, faults: 0 };
  let probeRefused = 0;
  return {
    counts: counts as Readonly<typeof counts>,

    started: (flavour: string, name: string, masterUrl: string) =>
      log("info", "agent started", { flavour, cluster: name, master: masterUrl }),
    identified: (id: string, kubernetesVersion: string | undefined) =>
      log("info", "cluster identified", { id, kubernetes: kubernetesVersion }),
    stopped: () => log("info", "agent stopped"),

    enrolled: (namespace: string, name: string) =>
      log("info", "enrolled; the cluster's token is kept", { namespace, kept: name }),
    enrolmentTrouble: (message: string) => log("warn", "not enrolled yet; trying again", { error: message }),

    apiTrouble: (message: string) =>
      log("warn", "the API server cannot be asked who it is", { error: message }),
    apiUnreachable: (message: string | undefined) =>
      log("warn", "the API server is away; showing what was known last", { error: message }),
    apiReachable: () => log("info", "the API server is back"),
    kindRefused: (kind: string, status: string, message: string | undefined) =>
      log(
        "warn",
        status === "denied" ? "may not read a kind; all others go on" : "the cluster has no such kind",
        {
          kind,
          error: message,
        },
      ),
    kindReadable: (kind: string) => log("info", "can read a kind now", { kind }),
    /** Told for the first ones only: an object that cannot be understood comes again and again. */
    objectFault(message: string) {
      counts.faults++;
      if (counts.faults <= 20) log("warn", "an object could not be taken in", { error: message });
    },
    synced: (pods: number, ms: number) =>
      log("info", "the whole cluster is known", { pods, ms: Math.round(ms) }),

    masterReachable: () => log("info", "the master takes what is sent"),
    masterUnreachable: (reason: string) =>
      log("warn", "the master is away; events are kept, lists are sent in full when it is back", {
        error: reason,
      }),
    masterRefused: (status: number, detail: string) =>
      log(
        "error",
        status === 401
          ? "the master does not know this token: check ATLHYPER_TOKEN, or make a new one with `atlhyper cluster add`"
          : "the master says this token belongs to another cluster: each cluster needs its own ATLHYPER_TOKEN",
        { status, detail },
      ),
    rejected: (what: string, status: number, detail: string) =>
      log("warn", status === 404 ? "the master does not take this" : "the master refused a message", {
        what,
        status,
        detail,
      }),
    tooLarge: (kind: string, key: string) =>
      log("warn", "an object is too large for the master and is left out", { kind, object: key }),
    eventDropped: (reason: string, name: string) =>
      log("warn", "the master does not take an event; it is dropped", { reason, object: name }),
    eventsLost: (dropped: number) =>
      log("warn", "events were dropped, oldest first, while the master was away", { dropped }),

    controlTrouble: (status: number, detail: string) =>
      log("warn", "no commands can be fetched", { status, detail }),
    controlWell: () => log("info", "commands can be fetched again"),
    commandStarted: (id: string, type: string, target: Record<string, string>) =>
      log("info", "a command is carried out", { id, type, target: JSON.stringify(target) }),
    commandEnded: (id: string, type: string, status: string, errorCode: string | undefined) =>
      log("info", "a command has ended", { id, type, status, code: errorCode }),
    commandLeft: (id: string, type: string) =>
      log("warn", "a command is left to another agent of this cluster", { id, type }),

    ingestListening: (port: number) => log("info", "taking metrics from probes", { port }),
    ingestClosed: () =>
      log("info", "ATLHYPER_PROBE_TOKEN is not set: metrics from probes are not taken over the network"),
    snapshotReceived() {
      counts.snapshots++;
    },
    /** Anyone may knock: the first refusal is told, then every thousandth. */
    probeRefused(status: number, address: string) {
      counts.probeRefusals++;
      if (probeRefused++ % 1000 === 0)
        log("warn", "a probe was refused", { status, address, refused: probeRefused });
    },
  };
}
