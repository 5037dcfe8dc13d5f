import { isShare } from "../../../views/alert-model.ts";
import type { NodeFacts, NodeValues } from "../../datasource/alert-facts.ts";
import type { Condition } from "../rule.ts";
import { type ConditionType, type Instance, inScope } from "./condition.ts";

type Threshold = Extract<Condition, { type: "threshold" }>;

/** A node's value beyond a level: it fires at one and is over at another, so that it does not come and go between. */
export const thresholdCondition: ConditionType<Threshold> = {
  find(rule, condition, facts, firing) {
    const found: Instance[] = [];
    // A node is in no namespace.
    if (rule.scope.namespaces) return found;
    const { group, series, op, trigger, clear } = condition;
    const wild = group.endsWith("*") ? group.slice(0, -1) : undefined;
    for (const node of facts.nodes) {
      if (!node.fresh) continue;
      if (wild === undefined) check(node, group, node.values.get(group)?.get(series));
      else for (const [name, value] of under(node.values, wild)) check(node, name, value.get(series));
    }
    return found;

    function check({ node }: NodeFacts, name: string, value: number | undefined): void {
      if (value === undefined) return;
      const beyond = (level: number) => (op === "above" ? value > level : value < level);
      if (!beyond(clear)) return;
      const subject = { cluster: facts.id, kind: "Node", name: node, series: `${name}/${series}` };
      if (!beyond(trigger) && !firing(subject)) return;
      if (!inScope(rule, facts, "Node", "", node)) return;
      const rest = name.includes(" ") ? name.slice(name.indexOf(" ") + 1) : "";
      const valueText = shown(name, series, value);
      found.push({
        subject,
        kind: "Node",
        namespace: "",
        object: node,
        node,
        reason: rule.name,
        message: `${name} ${series} is ${valueText}`,
        value,
        valueText,
        measure: `${name}/${series}`,
        labels: rest === "" ? {} : name.startsWith("disk ") ? { mount: rest } : { device: rest },
      });
    }
  },
  unknown: (alert, facts) => facts.nodes.some((one) => one.node === alert.object && !one.fresh),
};

function* under(values: NodeValues, prefix: string) {
  for (const entry of values) if (entry[0].startsWith(prefix)) yield entry;
}

/** A share as percent; bytes in binary units. */
function shown(group: string, series: string, value: number): string {
  if (isShare(group, series)) return `${Math.floor(value * 1000) / 10} %`;
  if (/^(memory|swap|disk |io |net )/.test(group)) return `${Math.round((value / 1024 ** 2) * 10) / 10} MiB`;
  return String(Math.round(value * 100) / 100);
}
