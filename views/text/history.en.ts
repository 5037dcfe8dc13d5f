import type { Content } from "../html.ts";
import type { MarkKind } from "../mark.ts";
import { formatCount as n } from "../parts/format.ts";

type Detail = Readonly<Record<string, string | number>>;

const counted =
  (one: string, many: string) =>
  (count: number): string =>
    count === 1 ? `1 ${one}` : `${n(count)} ${many}`;

const kinds: Record<MarkKind, string> = {
  alert: "Alerts",
  reboot: "Reboots",
  deploy: "Deployments",
  scale: "Scalings",
  restart: "Restarts",
  command: "Commands",
};

/** Who used most. */
export const topEn = {
  title: "Usage",
  tops: "Who used most",
  which: "Of",
  kinds: { pods: "Pods", workloads: "Workloads", namespaces: "Namespaces", nodes: "Nodes" },
  what: "Most",
  measures: { cpu: "CPU", memory: "Memory", disk: "Disk", network: "Network" },
  how: "By",
  orders: { mean: "Average", p95: "p95", max: "Maximum" },
  p95: "p95: for 95 % of the time in which it was there it used no more than this; rounded up by at most 9 %.",
  over: "Over the time",
  requested: "Requested",
  share: "Share of all",
  ofWhole: "Of what it has",
  gone: "gone",
  there: (duration: string) => `there for ${duration}`,
  shown: (shown: number, all: number) => (shown < all ? `${n(shown)} of ${n(all)}` : n(all)),
  together: (sum: string) => `all together ${sum} on average`,
  namespaceMax: "The maximum of a namespace is that of averages over pieces of this time.",
  none: "Nothing was measured in this time",
  ahead: "This time is yet to come",
  noneHow: (of: "pods" | "workloads" | "namespaces" | "nodes"): string =>
    of === "nodes"
      ? "Nodes are measured where a probe runs on them, and can be seen by who sees all of their cluster."
      : "What pods use is measured by the probe on their node. It is added up every ten minutes.",
};

/** When what there is will be full. */
export const capacityEn = {
  title: "Capacity",
  filling: "When it is full",
  rateOver: "Rate measured over",
  over: { "6h": "6 h", "7d": "7 d" },
  rate: { "6h": "at the rate of the last 6 hours", "7d": "at the rate of the last 7 days" },
  soonest: (shown: number, all: number) => `the soonest ${n(shown)} of ${n(all)}`,
  what: "What",
  used: "Used",
  overTime: "Over the time",
  perDay: "A day",
  full: "Full",
  memory: "memory",
  memoryOfAll: "memory of all nodes",
  fullIn: (time: Content): Content => ["in about ", time],
  fullNow: "now",
  notFilling: "does not fill",
  unsteady: "grows, at no steady rate",
  notSoon: "not within years",
  tooShort: "not yet known",
  none: "No disk and no memory was measured",
  noneHow: "Nodes are measured where a probe runs on them.",
  requests: "Requested of what there is",
  requestsNote: "of what nodes can give to pods",
  cpuRequested: "CPU requested",
  cpuUsed: "CPU used",
  memoryRequested: "Memory requested",
  memoryUsed: "Memory used",
};

/** What is marked on charts. */
export const marksEn = {
  title: "Marked on the charts",
  which: "What charts mark",
  kinds,
  counted: {
    alert: counted("alert", "alerts"),
    reboot: counted("reboot", "reboots"),
    deploy: counted("deployment", "deployments"),
    scale: counted("scaling", "scalings"),
    restart: counted("restart", "restarts"),
    command: counted("command", "commands"),
  } satisfies Record<MarkKind, (count: number) => string>,
  deployed: (name: string, { image, change, revision }: Detail): string => {
    const what = {
      restart: "restarted by a new rollout",
      resources: "resources changed",
      template: "template changed",
    };
    const said = image ? `image ${image}` : (what[change as keyof typeof what] ?? what.template);
    return `${name}: ${said}${revision ? `, revision ${revision}` : ""}`;
  },
  scaled: (name: string, { from, to }: Detail): string => `${name}: scaled from ${from} to ${to}`,
  rebooted: (name: string): string => `${name}: rebooted`,
  restarted: (name: string, { container, reason, exit, times }: Detail): string => {
    const why = [reason, exit === undefined ? "" : `exit code ${exit}`].filter(Boolean).join(", ");
    return `${name}: container ${container} restarted${times ? ` ${times} times` : ""}${why ? ` (${why})` : ""}`;
  },
  commanded: (name: string, said: string, by: string): string => `${name}: ${said}${by ? ` · ${by}` : ""}`,
  alerted: (name: string, object: string): string => `${name}: ${object}`,
  show: "Mark these",
  hide: "Do not mark these",
  allHidden: "None of these is shown.",
  fires: "still fires",
  earlier: "Earlier",
  newest: (shown: number, all: number) => `the newest ${n(shown)} of ${n(all)}`,
};
