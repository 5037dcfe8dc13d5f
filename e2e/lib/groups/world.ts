import type { AlertView, MatcherView } from "../../../views/alert-model.ts";
import type { Fault } from "../../../master/datasource/problems.ts";
import { defaultRules } from "../../../master/alert/defaults.ts";
import type { ChannelBody } from "../../../master/notify/channels.ts";
import type { Rule } from "../../../master/alert/rule.ts";

/** What can break: it is named as messages name it. */
export interface Thing {
  rule: string;
  cluster: string;
  fault: Fault;
}

/** What happens at a time after the beginning, in ms. */
export type Action =
  | { atMs: number; do: "start"; thing: string }
  | { atMs: number; do: "end"; thing: string }
  | { atMs: number; do: "silence"; id: string; matchers: MatcherView[] }
  | { atMs: number; do: "unsilence"; id: string };

/** A message as either told it: alerts by their names. */
export interface Told {
  atMs: number;
  receiver: string;
  status: string;
  groupLabels: Record<string, string>;
  commonLabels: Record<string, string>;
  commonAnnotations: Record<string, string>;
  firing: string[];
  resolved: string[];
}

/** Who is told what; of a channel's settings those that an Alertmanager has too. */
export type Receiver = Pick<
  ChannelBody,
  | "name"
  | "severities"
  | "matchers"
  | "groupBy"
  | "groupWaitMs"
  | "groupIntervalMs"
  | "repeatMs"
  | "sendResolved"
>;

const reasons: Record<string, string> = {
  "node-not-ready": "NotReady",
  "agent-silent": "AgentSilent",
  "pod-crash-looping": "CrashLoopBackOff",
  "rollout-stuck": "ProgressDeadlineExceeded",
  "pod-out-of-memory": "OOMKilled",
};

/** Rules that come along, which begin and end at once, some with a label of their own. */
export const rules = Object.keys(reasons).map(
  (id): Rule => ({
    ...defaultRules.find((one) => one.id === id)!,
    forMs: 0,
    keepMs: 0,
    file: "groups.yaml",
    labels: id === "pod-crash-looping" || id === "rollout-stuck" ? { team: "web", tier: "1" } : {},
  }),
);

/** All that can break in a cluster. */
export function thingsOf(cluster: string): [string, Thing][] {
  const thing = (
    rule: string,
    kind: string,
    namespace: string,
    name: string,
    node: string,
  ): [string, Thing] => [
    [rule, cluster, namespace, name].filter(Boolean).join("/"),
    {
      rule,
      cluster,
      fault: {
        cluster,
        kind,
        namespace,
        name,
        node,
        reason: reasons[rule]!,
        message: `${name} is broken`,
        severity: "warning",
        sinceMs: 0,
        lastMs: 0,
        count: 1,
        group: `${kind}/${namespace}/${name}`,
      },
    },
  ];
  return [
    thing("agent-silent", "Cluster", "", cluster, ""),
    ...["n1", "n2"].map((node) => thing("node-not-ready", "Node", "", node, "")),
    ...["shop", "bank"].flatMap((namespace) =>
      ["n1", "n2", ""].flatMap((node, at) => [
        thing("pod-crash-looping", "Pod", namespace, `web-${at}`, node),
        thing(
          at === 0 ? "rollout-stuck" : "pod-out-of-memory",
          at === 0 ? "Deployment" : "Pod",
          namespace,
          `api-${at}`,
          node,
        ),
      ]),
    ),
  ];
}

/** As things are named. */
export const nameOf = ({ rule, cluster, namespace = "", name }: Record<string, string | undefined>): string =>
  [rule, cluster, namespace, name].filter(Boolean).join("/");

export interface Known {
  labels: AlertView["labels"];
  annotations: AlertView["annotations"];
}

interface Body {
  status: string;
  groupLabels: Record<string, string>;
  commonLabels: Record<string, string>;
  commonAnnotations: Record<string, string>;
  alerts: { status: string; labels: Record<string, string> }[];
}

/** What both send to webhooks has one form. */
export function toldBy(receiver: string, atMs: number, body: string): Told {
  const { status, groupLabels, commonLabels, commonAnnotations, alerts } = JSON.parse(body) as Body;
  const those = (state: string) =>
    alerts
      .filter((one) => one.status === state)
      .map((one) => nameOf(one.labels))
      .sort();
  return {
    ...{ atMs, receiver, status, groupLabels, commonLabels, commonAnnotations },
    firing: those("firing"),
    resolved: those("resolved"),
  };
}
