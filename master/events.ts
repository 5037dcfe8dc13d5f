import type { Log } from "../kit/log.ts";
import type { RuleFault } from "../views/alert-model.ts";
import { faultLine } from "./alert/rule-faults.ts";
import { Counter, Histogram } from "./counters.ts";

export type MasterEvents = ReturnType<typeof createEvents>;

/** What happens in the master: each happening writes its log line and counts its metric. Nobody else logs. */
export function createEvents(log: Log) {
  const answers = new Counter("atlhyper_http_answers_total", "Answers by area and status.");
  const durations = new Histogram("atlhyper_http_duration_seconds", "Time to the answer by area.");
  const messages = new Counter("atlhyper_ingest_messages_total", "Messages taken by source.");
  const stored = new Counter("atlhyper_events_stored_total", "Events committed to the database.", [{}]);
  const refused = new Counter("atlhyper_ingest_refused_total", "Messages refused by status.");
  const commands = new Counter("atlhyper_commands_total", "Commands asked for by type.");
  const commandEnds = new Counter("atlhyper_commands_ended_total", "Commands ended by type and state.");
  const notifications = new Counter(
    "atlhyper_notifications_total",
    "Notifications by type of channel and outcome.",
  );
  const evaluations = new Histogram(
    "atlhyper_alert_evaluation_seconds",
    "Time to judge all rules of alerts.",
  );
  let unheard = false;
  const errors = new Counter("atlhyper_errors_total", "Faults of the master itself.", [{}]);
  return {
    metrics: [
      answers,
      durations,
      messages,
      stored,
      refused,
      commands,
      commandEnds,
      notifications,
      evaluations,
      errors,
    ],

    listening(url: string) {
      log("info", "listening", { url });
    },
    stopping() {
      log("info", "stopping");
    },
    /** `area` is one of few words (`api`, `ingest`, `page`), so that the metric stays small. */
    answered(area: string, method: string, path: string, status: number, seconds: number, request: string) {
      answers.add({ area, status: String(status) });
      durations.observe({ area }, seconds);
      if (status >= 500)
        log("error", "answered", { method, path, status, ms: Math.round(seconds * 1000), request });
      else log("debug", "answered", { method, path, status, ms: Math.round(seconds * 1000), request });
    },
    /** A fault that has no answer of its own; its text stays in the log. */
    failed(what: string, error: unknown, request?: string) {
      errors.add();
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log("error", "failed", { what, request, error: text.slice(0, 4000) });
    },
    messageTaken(source: string) {
      messages.add({ source });
    },
    eventsStored(count: number) {
      stored.add({}, count);
    },
    messageRefused(cluster: string, source: string, status: number, detail: string | undefined) {
      refused.add({ status: String(status) });
      const level = status === 409 ? "debug" : status >= 500 ? "error" : "warn";
      log(level, "message refused", { cluster, source, status, detail });
    },
    commandEnqueued(type: string) {
      commands.add({ type });
      log("info", "command enqueued", { type });
    },
    commandEnded(type: string, state: string) {
      commandEnds.add({ type, state });
      log("info", "command ended", { type, state });
    },
    agentConnected(cluster: string, name: string) {
      log("info", "agent connected", { cluster, name });
    },
    agentSilent(cluster: string, name: string) {
      log("warn", "agent silent", { cluster, name });
    },
    fullListTaken(cluster: string, source: string, items: number) {
      log("debug", "full list taken", { cluster, source, items });
    },
    certificateTaken(expires: string) {
      log("info", "the new certificate is in use", { expires });
    },
    certificateRefused(why: string) {
      errors.add();
      log("error", "the new certificate cannot be used; the one before stays in use", { why });
    },
    auditBroken(entry: number, what: string) {
      errors.add();
      log("error", "the audit log was changed from outside", { entry, what });
    },
    auditCut(entries: number) {
      log("info", "old audit entries cut", { entries });
    },
    alertsEvaluated(seconds: number) {
      evaluations.observe({}, seconds);
    },
    rulesTaken(file: string, rules: number) {
      log("info", "rules of a file are judged", { file, rules });
    },
    rulesRefused(file: string, faults: readonly RuleFault[]) {
      errors.add();
      for (const one of faults.slice(0, 5))
        log("error", "a file of rules is wrong; what it had before stays", { fault: faultLine(file, one) });
    },
    notified(type: string, state: string) {
      notifications.add({ type, state });
      if (state === "failed" || state === "retried")
        log("warn", "notification not delivered", { type, state });
    },
    /** `why` where the dead man's switch has not heard us. */
    heartbeat(why?: string) {
      if ((why !== undefined) === unheard) return;
      unheard = why !== undefined;
      if (unheard) log("warn", "the dead man's switch does not hear us", { why });
      else log("info", "the dead man's switch hears us again");
    },
    /** `why` where the store has begun to fail. */
    remoteWrite(why?: string) {
      if (why === undefined) log("info", "the store takes samples again");
      else log("warn", "the store does not take samples; they wait", { why });
    },
    remoteWriteRefused(samples: number, why: string) {
      log("warn", "the store refused samples", { samples, why });
    },
    remoteWriteGone(seconds: number) {
      log("warn", "samples for the store were kept no longer when it was their turn", { seconds });
    },
    pruned(removed: number) {
      if (removed > 0) log("info", "old events removed", { removed });
    },
  };
}
