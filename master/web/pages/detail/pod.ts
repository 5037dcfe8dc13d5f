import { podPage } from "../../../../views/pages/detail/pod.ts";
import { markedOf, podSubjects } from "./marks.ts";
import { momentOf } from "./moment.ts";
import { pastOf } from "./past.ts";
import { eventsOf, objectPage, others, problemsWith, selects } from "./object.ts";

export const podDetail = objectPage("pod", "pods", ["metrics", "node", "service"], (found) => {
  const { deps, row, cluster, namespace, name } = found;
  const pod = row.item;
  const ref = { cluster, kind: "Pod", namespace, name };
  const owners = pod.summary.owners ?? (pod.summary.controlledBy ? [pod.summary.controlledBy] : []);
  return podPage(found.v, {
    row,
    marked: markedOf(found, cluster, podSubjects(namespace, name, owners.at(-1))),
    past: pastOf(found, ref),
    moment: momentOf(found, ref),
    ...eventsOf(found, ref),
    problems: problemsWith(found, cluster, [
      { kind: "Pod", namespace, name },
      ...owners.map((one) => ({ kind: one.kind, namespace, name: one.name })),
    ]),
    node: pod.summary.node ? deps.datasource.get("node", { cluster, name: pod.summary.node }) : undefined,
    services: others(found, "service", (service) => selects(service.selector, pod.labels)),
  });
});
