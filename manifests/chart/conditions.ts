/** What of an installation an object is there for, as a condition in a template; absent: always. */
export const conditions: Record<string, string | undefined> = {
  "Namespace/atlhyper-probe": "and .Values.probe.enabled .Values.probe.namespace.create",
  "ServiceAccount/atlhyper-agent": ".Values.agent.enabled",
  "ServiceAccount/atlhyper-master": ".Values.master.enabled",
  "ServiceAccount/atlhyper-probe": ".Values.probe.enabled",
  "ClusterRole/atlhyper-agent": ".Values.agent.enabled",
  "ClusterRole/atlhyper-agent-certificates": "and .Values.agent.enabled .Values.agent.rights.certificates",
  "ClusterRole/atlhyper-agent-exec": "and .Values.agent.enabled .Values.agent.rights.exec",
  "ClusterRole/atlhyper-agent-operator": "and .Values.agent.enabled .Values.agent.rights.operator",
  "ClusterRole/atlhyper-agent-resources": "and .Values.agent.enabled .Values.agent.rights.resources",
  "ClusterRoleBinding/atlhyper-agent": ".Values.agent.enabled",
  "ClusterRoleBinding/atlhyper-agent-certificates":
    "and .Values.agent.enabled .Values.agent.rights.certificates",
  "ClusterRoleBinding/atlhyper-agent-exec": "and .Values.agent.enabled .Values.agent.rights.exec",
  "ClusterRoleBinding/atlhyper-agent-operator": "and .Values.agent.enabled .Values.agent.rights.operator",
  "ClusterRoleBinding/atlhyper-agent-resources": "and .Values.agent.enabled .Values.agent.rights.resources",
  "Service/atlhyper": ".Values.master.enabled",
  "Service/atlhyper-agent": ".Values.agent.enabled",
  "PriorityClass/atlhyper":
    "and (or .Values.agent.enabled .Values.master.enabled) .Values.priorityClass.create .Values.priorityClass.name",
  "PriorityClass/atlhyper-probe":
    "and .Values.probe.enabled .Values.probe.priorityClass.create .Values.probe.priorityClass.name",
  "Deployment/atlhyper-agent": ".Values.agent.enabled",
  "StatefulSet/atlhyper-master": ".Values.master.enabled",
  "PodDisruptionBudget/atlhyper-master": ".Values.master.enabled",
  "DaemonSet/atlhyper-probe": ".Values.probe.enabled",
  "NetworkPolicy/atlhyper-probe": "and .Values.probe.enabled .Values.networkPolicy.enabled",
  "NetworkPolicy/atlhyper-agent": "and .Values.agent.enabled .Values.networkPolicy.enabled",
  "NetworkPolicy/atlhyper-agent-master":
    "and .Values.agent.enabled .Values.master.enabled .Values.networkPolicy.enabled",
  "NetworkPolicy/atlhyper-master": "and .Values.master.enabled .Values.networkPolicy.enabled",
};
