import type { LogSource } from "../subresources.ts";
import { apps } from "./catalogue.ts";
import { as, type Pod } from "./types.ts";
import type { World } from "./world.ts";

const everyMs = 4_000;
const mostLines = 500;

/** What a demo container wrote since it started: the same lines each time it is asked. */
export const demoLogs = (world: World): LogSource => {
  return (object, container, previous) => {
    const pod = as<Pod>(object);
    const status = pod.status.containerStatuses?.find((one) => one.name === container);
    const ended =
      previous || !status?.state.running
        ? (status?.lastState.terminated ?? status?.state.terminated)
        : undefined;
    const from = Date.parse(ended?.startedAt ?? status?.state.running?.startedAt ?? "");
    if (Number.isNaN(from)) return [];
    const until = ended ? Date.parse(ended.finishedAt) : world.nowMs;
    const app = apps.find(
      (one) => one.name === pod.metadata.labels?.app && one.namespace === pod.metadata.namespace,
    );
    const texts = app?.log ?? ["started"];
    const step = Math.max(1, Math.min(everyMs, (until - from) / Math.max(1, texts.length)));
    const count = Math.round((until - from) / step);
    const first = Math.max(0, count - mostLines);
    const lines = Array.from({ length: count - first }, (_, index) => {
      const number = first + index;
      const at = new Date(from + number * step);
      return { at, text: `${at.toISOString()} ${texts[number % texts.length]}` };
    });
    if (ended && ended.exitCode !== 0)
      for (const text of app?.lastWords ?? ["fatal: giving up"])
        lines.push({ at: new Date(until), text: `${ended.finishedAt} ${text}` });
    return lines;
  };
};
