/** Templates that no manifest stands behind: what `just deploy` does by hand, and an Ingress. */
export const fixed: Record<string, string> = {
  "_helpers.tpl": `{{- define "atlhyper.image" -}}
{{- $root := index . 0 }}{{- $image := index . 1 -}}
{{ $image.repository }}{{ if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default $root.Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "atlhyper.masterUrl" -}}
{{- if .Values.agent.masterUrl }}{{ .Values.agent.masterUrl }}
{{- else if .Values.master.enabled }}{{ printf "http://atlhyper.%s.svc:%v" .Release.Namespace .Values.master.service.port }}
{{- else }}{{ fail "agent.masterUrl: say where the master is, since there is none in this release (master.enabled is false)" }}
{{- end }}
{{- end }}

{{- define "atlhyper.agentSecret" -}}
{{ .Values.agent.token.existingSecret | default "atlhyper-agent" }}
{{- end }}

{{- define "atlhyper.probeSecret" -}}
{{ .Values.probe.token.existingSecret | default "atlhyper-probe" }}
{{- end }}

{{- define "atlhyper.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: atlhyper
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/part-of: atlhyper
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- end }}
`,
  "rules.yaml": `{{- if and .Values.master.enabled .Values.master.rules.files }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Values.master.rules.configMap | quote }}
  namespace: {{ .Release.Namespace | quote }}
  labels:
    {{- include "atlhyper.labels" (list . "rules") | nindent 4 }}
data:
  {{- range $name, $text := .Values.master.rules.files }}
  {{ $name | quote }}: {{ $text | quote }}
  {{- end }}
{{- end }}
`,
  // Once made a token is kept: what is there is read from the cluster, which helm template alone cannot.
  "secrets.yaml": `{{- if and .Values.agent.enabled .Values.master.enabled (not .Values.agent.token.existingSecret) }}
{{- $there := lookup "v1" "Secret" .Release.Namespace "atlhyper-agent" }}
---
apiVersion: v1
kind: Secret
metadata:
  name: atlhyper-agent
  namespace: {{ .Release.Namespace | quote }}
  labels:
    {{- include "atlhyper.labels" (list . "token") | nindent 4 }}
type: Opaque
data:
  token: {{ dig "data" "token" (printf "atlc_%s" (randAlphaNum 43) | b64enc) $there }}
{{- end }}
{{- if not .Values.probe.token.existingSecret }}
{{- $there := lookup "v1" "Secret" .Release.Namespace "atlhyper-probe" }}
{{- $token := dig "data" "token" (randAlphaNum 43 | b64enc) $there }}
{{- $root := . }}
{{- $namespaces := list }}
{{- if .Values.agent.enabled }}{{ $namespaces = append $namespaces .Release.Namespace }}{{ end }}
{{- if .Values.probe.enabled }}{{ $namespaces = append $namespaces .Values.probe.namespace.name }}{{ end }}
{{- range $namespaces | uniq }}
---
apiVersion: v1
kind: Secret
metadata:
  name: atlhyper-probe
  namespace: {{ . | quote }}
  labels:
    {{- include "atlhyper.labels" (list $root "token") | nindent 4 }}
type: Opaque
data:
  token: {{ $token }}
{{- end }}
{{- end }}
`,
  "ingress.yaml": `{{- if and .Values.master.enabled .Values.master.ingress.enabled }}
{{- with .Values.master.ingress }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: atlhyper
  namespace: {{ $.Release.Namespace | quote }}
  labels:
    app.kubernetes.io/name: atlhyper-master
    app.kubernetes.io/instance: {{ $.Release.Name | quote }}
    app.kubernetes.io/component: master
    app.kubernetes.io/part-of: atlhyper
    app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
    app.kubernetes.io/managed-by: {{ $.Release.Service }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .className }}
  ingressClassName: {{ . | quote }}
  {{- end }}
  {{- with .tlsSecret }}
  tls:
    - hosts: [{{ $.Values.master.ingress.host | quote }}]
      secretName: {{ . | quote }}
  {{- end }}
  rules:
    - host: {{ required "master.ingress.host: say by which name the pages are reached" .host | quote }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: atlhyper
                port:
                  name: http
{{- end }}
{{- end }}
`,
  "NOTES.txt": `AtlHyper {{ .Chart.AppVersion }} is on its way into the namespace {{ .Release.Namespace }}.
{{ if .Values.master.enabled }}
  kubectl -n {{ .Release.Namespace }} rollout status statefulset/atlhyper-master
{{- if .Values.master.ingress.enabled }}
  {{ if .Values.master.ingress.tlsSecret }}https{{ else }}http{{ end }}://{{ .Values.master.ingress.host }}
{{- else }}
  kubectl -n {{ .Release.Namespace }} port-forward service/atlhyper 8080:{{ .Values.master.service.port }}   # http://127.0.0.1:8080
{{- end }}

The first administrator is made by a link that works once; put its path behind the address above:

  kubectl -n {{ .Release.Namespace }} logs atlhyper-master-0 | grep -o '/setup?token=[A-Za-z0-9_-]*'
{{ else }}
The agent reports to {{ include "atlhyper.masterUrl" . }}, by the token in the Secret {{ .Release.Namespace }}/{{ include "atlhyper.agentSecret" . }}.
{{ end }}
{{- if not (dig "metadata" "labels" "pod-security.kubernetes.io/enforce" "" (lookup "v1" "Namespace" "" .Release.Namespace)) }}
Nothing in the namespace needs more than the Pod Security level restricted; to keep it so:

  kubectl label namespace {{ .Release.Namespace }} pod-security.kubernetes.io/enforce=restricted
{{ end }}
helm uninstall leaves the claim with the master's data: kubectl -n {{ .Release.Namespace }} delete pvc data-atlhyper-master-0
`,
};
