import { resourcePath, resources } from "../kube/resource.ts";
import { flag, optionalText, targetText, wholeNumber } from "./args.ts";
import { LogTail, logText, mostLogBytes } from "./log-tail.ts";
import type { Operation } from "./operation.ts";

/** Without any other bound: as much as one looks at. */
const defaultLines = 1000;

/**
 * The end of a container's log as the ack's message, as AtlHyper 1.x has it: 1 MiB at most, whose cut `data` tells.
 * `args`: container (needed where the pod has several), previous (the run before the last restart), tailLines
 * (1000, where there is no sinceSeconds either), sinceSeconds, timestamps.
 */
export const podGetLogs: Operation = {
  type: "PodGetLogs",
  async run({ client, command, signal }) {
    const namespace = targetText(command, "ns");
    const pod = targetText(command, "pod");
    const sinceSeconds = wholeNumber(command, "sinceSeconds", 1);
    const tailLines =
      wholeNumber(command, "tailLines") ?? (sinceSeconds === undefined ? defaultLines : undefined);
    const body = await client.stream(resourcePath(resources.pods, namespace, pod, "log"), {
      query: {
        container: optionalText(command, "container"),
        previous: flag(command, "previous"),
        timestamps: flag(command, "timestamps"),
        sinceSeconds,
        tailLines,
      },
      signal,
    });
    const tail = new LogTail();
    for await (const chunk of body) tail.feed(chunk);
    return {
      message: logText(tail.bytes()),
      data: { bytes: tail.total, cut: tail.cut, mostBytes: mostLogBytes },
      verified: "none",
    };
  },
};
