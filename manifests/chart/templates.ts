import { conditions } from "./conditions.ts";
import { Holes } from "./holes.ts";
import { type Manifest, nameOf } from "./objects.ts";

/** Helm makes the namespace that a release goes into. */
const leftOut = "Namespace/atlhyper";

/** What the agent is told where it has the right to read Secrets. */
const certificates = { name: "ATLHYPER_CERTIFICATES", value: "true" };

/**
 * The chart's templates of the manifests, by component. An object that nothing is said of is an error: what is new in
 * the manifests has to be decided on here, too.
 */
export function templatesOf(objects: readonly Manifest[]): Record<string, string> {
  const files: Record<string, string> = {};
  const seen = new Set<string>();
  for (const one of objects) {
    const name = nameOf(one);
    if (name === leftOut) continue;
    if (!(name in conditions))
      throw new Error(`the chart does not know ${name}: manifests/chart/conditions.ts`);
    seen.add(name);
    const component = one.metadata.labels!["app.kubernetes.io/component"]!;
    const text = `{{- if ${conditions[name]} }}\n---\n${template(one)}\n{{- end }}\n`;
    files[`${component}.yaml`] = (files[`${component}.yaml`] ?? "") + text;
  }
  const gone = Object.keys(conditions).filter((name) => !seen.has(name));
  if (gone.length > 0)
    throw new Error(`the manifests have no ${gone.join(", ")}: manifests/chart/conditions.ts`);
  return files;
}

/** One object with what a release and its values say in it. */
export function template(source: Manifest): string {
  const holes = new Holes();
  const object = structuredClone(source);
  label(holes, object.metadata.labels);
  label(holes, object.spec?.template?.metadata?.labels);
  if (object.metadata.namespace) object.metadata.namespace = namespace(holes, object.metadata.namespace);
  for (const subject of object.subjects ?? []) subject.namespace = namespace(holes, subject.namespace);
  const pod = object.spec?.template?.spec;
  const container = pod?.containers[0];
  switch (nameOf(source)) {
    case "Namespace/atlhyper-probe":
      object.metadata.name = holes.value(".Values.probe.namespace.name | quote");
      break;
    case "Service/atlhyper":
      object.metadata[optionalKey(holes, "annotations", ".Values.master.service.annotations", 4)] = null;
      object.spec.type = holes.value(".Values.master.service.type");
      object.spec.ports[0].port = holes.value(".Values.master.service.port");
      object.spec.ports[0].nodePort = holes.optional(".Values.master.service.nodePort", ".");
      break;
    case "StatefulSet/atlhyper-master":
      deployed(holes, pod, "master", "image");
      named(container.env, "ATLHYPER_OWN_CLUSTER").value = holes.value(".Values.agent.clusterName | quote");
      named(container.env, "ATLHYPER_OWN_CLUSTER_TOKEN").valueFrom.secretKeyRef.name = holes.value(
        'include "atlhyper.agentSecret" . | quote',
      );
      container.env.push(holes.more(".Values.master.extraEnv"));
      named(pod.volumes, "rules").configMap.name = holes.value(".Values.master.rules.configMap | quote");
      persistence(holes, object, pod);
      break;
    case "Deployment/atlhyper-agent":
      deployed(holes, pod, "agent", "image");
      named(container.env, "ATLHYPER_MASTER_URL").value = holes.value(
        'include "atlhyper.masterUrl" . | quote',
      );
      named(container.env, "ATLHYPER_TOKEN").valueFrom.secretKeyRef.name = holes.value(
        'include "atlhyper.agentSecret" . | quote',
      );
      named(container.env, "ATLHYPER_PROBE_TOKEN").valueFrom.secretKeyRef.name = holes.value(
        'include "atlhyper.probeSecret" . | quote',
      );
      container.env = container.env.filter((one: { name: string }) => one.name !== certificates.name);
      container.env.push(
        holes.lines(
          `{{- if .Values.agent.rights.certificates }}\n- name: ${certificates.name}\n  value: "${certificates.value}"\n{{- end }}`,
        ),
        holes.more(".Values.agent.extraEnv"),
      );
      break;
    case "DaemonSet/atlhyper-probe":
      deployed(holes, pod, "probe", "probeImage");
      named(container.env, "ATLHYPER_AGENT_URL").value = holes.value(
        'printf "http://atlhyper-agent.%s.svc:8082" .Release.Namespace',
      );
      named(container.env, "ATLHYPER_PROBE_TOKEN").valueFrom.secretKeyRef.name = holes.value(
        'include "atlhyper.probeSecret" . | quote',
      );
      container.env.push(holes.more(".Values.probe.extraEnv"));
      named(container.volumeMounts, "root").mountPropagation = holes.optional(
        ".Values.probe.mountPropagation",
      );
      pod.priorityClassName = holes.optional(".Values.probe.priorityClass.name");
      break;
    case "PriorityClass/atlhyper":
      object.metadata.name = holes.value(".Values.priorityClass.name | quote");
      break;
    case "PriorityClass/atlhyper-probe":
      object.metadata.name = holes.value(".Values.probe.priorityClass.name | quote");
      break;
    case "NetworkPolicy/atlhyper-agent":
      inNamespaces(holes, object);
      object.spec.egress.push(holes.more(".Values.networkPolicy.agentEgress"));
      break;
    case "NetworkPolicy/atlhyper-probe":
      inNamespaces(holes, object);
      break;
  }
  return holes.write(object).trimEnd();
}

function label(holes: Holes, labels: Record<string, string> | undefined): void {
  if (!labels) return;
  labels["app.kubernetes.io/instance"] = holes.value(".Release.Name | quote");
  labels["app.kubernetes.io/version"] = holes.value(".Chart.AppVersion | quote");
  labels["app.kubernetes.io/managed-by"] = holes.value(".Release.Service | quote");
}

function namespace(holes: Holes, name: string): string {
  if (name === "atlhyper") return holes.value(".Release.Namespace | quote");
  if (name === "atlhyper-probe") return holes.value(".Values.probe.namespace.name | quote");
  throw new Error(`the chart does not know the namespace ${name}`);
}

/** What every workload's values say: image, resources, and where it may run. */
function deployed(holes: Holes, pod: Manifest["spec"], part: string, image: string): void {
  const values = `.Values.${part}`;
  const [container] = pod.containers;
  container.image = holes.value(`include "atlhyper.image" (list $ .Values.${image}) | quote`);
  container.imagePullPolicy = holes.optional(`.Values.${image}.pullPolicy`);
  container.resources = holes.block(`${values}.resources`);
  pod.priorityClassName = holes.optional(".Values.priorityClass.name");
  pod.nodeSelector[holes.more(`${values}.nodeSelector`)] = null;
  delete pod.tolerations;
  pod[optionalKey(holes, "tolerations", `${values}.tolerations`, 8)] = null;
  pod[optionalKey(holes, "imagePullSecrets", ".Values.imagePullSecrets", 8)] = null;
}

/** A key with what an expression gives below it, at so many spaces; nothing where that is empty. */
const optionalKey = (holes: Holes, key: string, expression: string, indent: number) =>
  holes.lines(`{{- with ${expression} }}\n${key}:\n  {{- toYaml . | nindent ${indent} }}\n{{- end }}`);

/** A claim of its own, or a folder that ends with the pod. */
function persistence(holes: Holes, object: Manifest, pod: Manifest["spec"]): void {
  const [claim] = object.spec.volumeClaimTemplates;
  delete object.spec.volumeClaimTemplates;
  const indented = (text: string, by: number) => text.replace(/^(?=.)/gm, " ".repeat(by));
  claim.spec.resources.requests.storage = holes.value(".Values.master.persistence.size | quote");
  claim.spec.storageClassName = holes.optional(".Values.master.persistence.storageClass");
  const text = holes.write([claim]).trimEnd();
  object.spec[
    holes.lines(
      `{{- if .Values.master.persistence.enabled }}\nvolumeClaimTemplates:\n${indented(text, 2)}\n{{- end }}`,
    )
  ] = null;
  pod.volumes.push(
    holes.lines("{{- if not .Values.master.persistence.enabled }}\n- name: data\n  emptyDir: {}\n{{- end }}"),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: objects of a foreign API
function named(list: any[], name: string): any {
  const found = list.find((one) => one.name === name);
  if (!found) throw new Error(`the manifests have no ${name}`);
  return found;
}

/** The namespaces that a policy names. */
function inNamespaces(holes: Holes, { spec }: Manifest): void {
  for (const rule of [...(spec.ingress ?? []), ...spec.egress])
    for (const peer of [...(rule.from ?? []), ...(rule.to ?? [])]) {
      const labels = peer.namespaceSelector?.matchLabels;
      const key = "kubernetes.io/metadata.name";
      if (labels) labels[key] = namespace(holes, labels[key]);
    }
}
