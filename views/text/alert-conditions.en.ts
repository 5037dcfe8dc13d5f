import { formatCount } from "../parts/format.ts";

type Says = Record<string, readonly [label: string, hint?: string]>;

const kindsHint = "Such as Pod, Deployment, Node, separated by commas. None: all.";

/** Of the conditions that rules have. */
export const alertConditionsEn = {
  conditions: {
    kinds: {
      problem: [
        "Fault of an object",
        "Something is wrong with an object: a pod that crash loops, a claim without a volume.",
      ],
      threshold: ["Value", "What a node, a pod, a workload or a cluster uses is above or below a level."],
      rate: ["Change", "A value rises or falls by more than so much in a minute or an hour."],
      forecast: [
        "Forecast",
        "A value that goes on as it does reaches a level soon: a disk that is full within a day.",
      ],
      absence: ["Absence", "Values, or an object, that were there are not there any more."],
      events: ["Events", "So many events that match came within a time."],
      certificate: [
        "Certificate",
        "A certificate in a Secret expires soon; only where the agent was granted to read Secrets, with ATLHYPER_CERTIFICATES.",
      ],
    } satisfies Record<string, readonly [string, string]>,
    absentFor: "So long it has to be away: 30s, 5m, 1h.",
    namespacesHint: "Separated by commas. None: all, and what is in none.",
    fields: {
      kinds: ["Kinds of objects", kindsHint],
      reasons: [
        "Reasons",
        "As the overview and the events say them: CrashLoopBackOff, OOMKilled. None: all.",
      ],
      of: ["Whose values"],
      group: [
        "Group of series",
        "Nodes: cpu, memory, swap, load, pressure, temperature, disk /data, io sda, net eth0; disk * is every disk. Pods and workloads: usage. Clusters: cpu, memory, nodes, pods.",
      ],
      series: [
        "Series",
        "Such as usage (cpu), share (memory, disks), inodes (disks), load5 (load), CPU (temperature); of pods and workloads cpu, memory, memory of limit, cpu of request.",
      ],
      op: ["Fires when the value is"],
      trigger: ["Level", "Such as 90%, 1.5 or 10 GiB."],
      clear: ["Over at"],
      "rate.op": ["Fires when the value"],
      "rate.trigger": ["By more than", "Such as 5%, 0.5 or 1 GiB."],
      "rate.clear": ["Over at less than"],
      per: ["In a"],
      windowMs: ["Looks back", "5m to 1d: the line through the values of that time counts, not single ones."],
      "forecast.op": ["The value"],
      level: ["Level that it reaches", "Such as 100%, 1.5 or 10 GiB."],
      floor: ["Only beyond", "It says nothing before the value is that far. None: always."],
      withinMs: ["Fires when that is within", "Such as 4h or 1d."],
      clearMs: ["Over when that is not within"],
      what: ["What is missed"],
      "absence.of": ["Whose values", "Where values are missed."],
      "absence.group": ["Group of series", "Such as disk /data. None: any values at all."],
      "absence.series": ["Series", "Such as used. None: any values at all."],
      "absence.kinds": ["Kinds of objects", "Such as Deployment, StatefulSet, separated by commas."],
      names: ["Names", "Separated by commas; * stands for anything: api, web-*."],
      "certificate.names": ["Names of the Secrets", "Separated by commas; * stands for anything. None: all."],
      "certificate.withinMs": [
        "Fires when it expires within",
        "Such as 14d. What lives for days only: when a fifth of its life is left.",
      ],
      "certificate.clearMs": ["Over when it does not expire within"],
      severities: ["Severities", "info, warning, critical, separated by commas. None: warning and critical."],
      message: ["Message holds", "Whatever the case; * stands for anything: volume * not found. None: any."],
      by: ["Counted by"],
      count: ["So many"],
      "events.windowMs": ["Within", "1m to 1d."],
    } as Says,
    choices: {
      of: {
        "": "–",
        node: "nodes",
        pod: "pods",
        workload: "workloads",
        cluster: "the cluster as a whole",
      },
      op: { above: "above", below: "below", rises: "rises", falls: "falls" },
      per: { minute: "minute", hour: "hour" },
      what: { values: "values of what is still there", object: "an object itself" },
      by: { object: "object", namespace: "namespace", cluster: "cluster" },
    } as Record<string, Record<string, string>>,
    says: {
      problem: (kinds: string, reasons: string) => `${kinds || "any object"}: ${reasons || "any reason"}`,
      threshold: (what: string, op: "above" | "below", trigger: string, clear: string) =>
        `${what} ${op === "above" ? "above" : "below"} ${trigger}, until ${op === "above" ? "below" : "above"} ${clear}`,
      rate: (what: string, op: "rises" | "falls", trigger: string, per: "minute" | "hour", window: string) =>
        `${what} ${op === "rises" ? "rises" : "falls"} by more than ${trigger} in a ${per}, over ${window}`,
      forecast: (what: string, level: string, within: string, window: string) =>
        `${what} reaches ${level} within ${within}, at the rate of ${window}`,
      gone: (kinds: string, names: string) => `${kinds} ${names} is not there any more`,
      missing: (what: string, names: string) => `no values any more: ${what}${names ? ` (${names})` : ""}`,
      certificate: (within: string, names: string) =>
        `a certificate expires within ${within}${names ? `: ${names}` : ""}`,
      events: (count: number, window: string, what: string, message: string) =>
        `${formatCount(count)} ${count === 1 ? "event" : "events"} within ${window}: ${what || "any"}${message ? ` “${message}”` : ""}`,
    },
  },
};
