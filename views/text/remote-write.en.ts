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
  waiting: "Waiting",
  waitingFor: (samples: number, bytes: string, most: string) => `${n(samples)}, in ${bytes} of ${most}`,
  refused: "Refused by the store",
  dropped: "Gone, since more waited than fits",
  late: "Left out, older than what was sent before",
  retries: "Requests tried again",
  error: "Last error",
  lost: "What is gone or was refused is in the metrics history here, and missing there.",
};
