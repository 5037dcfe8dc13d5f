import { formatCount } from "../parts/format.ts";

const n = formatCount;

export const remoteWriteEn = {
  title: "Remote write",
  off: "Off. Every value of the metrics can be sent on to any store that takes Prometheus' remote write.",
  working: "Sending",
  failing: "Not taken",
  since: "since",
  idle: "Nothing sent yet",
  sent: "Sent",
  newest: "Newest value there",
  waiting: "Waiting in memory",
  waitingFor: (samples: number, bytes: string, most: string) => `${n(samples)}, in ${bytes} of ${most}`,
  refused: "Refused by the store",
  behind: "Catching up with what is kept, behind by",
  gone: "Kept no longer when its turn came",
  late: "Left out, older than what was sent before",
  retries: "Requests tried again",
  error: "Last error",
  lost: "What was refused is in the metrics history here, and missing there.",
};
