{{- define "hearth.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "hearth.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "hearth.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "hearth.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "hearth.image" -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}

{{/* managed-by is Helm here: "hearth" would make the browsers' budget and policies select these pods. */}}
{{- define "hearth.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "hearth.selector" . }}
{{- end }}

{{- define "hearth.selector" -}}
app.kubernetes.io/name: {{ include "hearth.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "hearth.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "hearth.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "hearth.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "hearth.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "hearth.signingSecret" -}}
{{- default (printf "%s-signing" (include "hearth.fullname" .)) .Values.signingKey.existingSecret }}
{{- end }}

{{- define "hearth.databaseSecret" -}}
{{- if .Values.postgres.enabled -}}
{{ include "hearth.fullname" . }}-postgres
{{- else -}}
{{ required "database.existingSecret is required where postgres.enabled is false" .Values.database.existingSecret }}
{{- end }}
{{- end }}

{{- define "hearth.postgresHost" -}}
{{ include "hearth.fullname" . }}-postgres-rw.{{ .Release.Namespace }}.svc
{{- end }}

{{- define "hearth.databaseUrl" -}}
{{- if .Values.postgres.enabled -}}
jdbc:postgresql://{{ include "hearth.postgresHost" . }}:5432/hearth
{{- else -}}
{{ required "database.url is required where postgres.enabled is false" .Values.database.url }}
{{- end }}
{{- end }}

{{/* What both roles are set up with. */}}
{{- define "hearth.commonEnv" -}}
- name: HEARTH_STORE_CONTROL_URL
  value: {{ include "hearth.databaseUrl" . | quote }}
- name: HEARTH_STORE_CONTROL_USER
  valueFrom:
    secretKeyRef:
      name: {{ include "hearth.databaseSecret" . }}
      key: {{ .Values.postgres.enabled | ternary "username" .Values.database.userKey }}
- name: HEARTH_STORE_CONTROL_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "hearth.databaseSecret" . }}
      key: {{ .Values.postgres.enabled | ternary "password" .Values.database.passwordKey }}
- name: HEARTH_STORE_CONTROL_MAX_CONNECTIONS
  value: {{ .Values.database.maxConnections | quote }}
- name: HEARTH_GATEWAY_SIGNING_KEY_FILE
  value: /etc/hearth/signing/{{ include "hearth.signingKeys" . | replace "," ",/etc/hearth/signing/" }}
- name: HEARTH_GATEWAY_REGION
  value: {{ .Values.gateway.region | quote }}
{{- with .Values.gateway.publicUrl }}
- name: HEARTH_GATEWAY_PUBLIC_URL
  value: {{ . | quote }}
{{- end }}
- name: HEARTH_MANAGEMENT_HOST
  value: 0.0.0.0
- name: HEARTH_MANAGEMENT_PORT
  value: "9000"
{{- end }}

{{/* Saves the first install some restarts; an external database is taken to be there. */}}
{{- define "hearth.waitForPostgres" -}}
{{- if .Values.postgres.enabled }}
initContainers:
  - name: wait-for-postgres
    image: {{ include "hearth.image" . | quote }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    command: [/bin/bash, -c]
    args:
      - |
        until (exec 3<>/dev/tcp/{{ include "hearth.postgresHost" . }}/5432) 2>/dev/null; do
          sleep 1
        done
    securityContext:
      {{- include "hearth.containerSecurity" . | nindent 6 }}
    resources:
      requests: {cpu: 10m, memory: 16Mi}
      limits: {memory: 64Mi}
{{- end }}
{{- end }}

{{- define "hearth.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
- name: signing
  secret:
    secretName: {{ include "hearth.signingSecret" . }}
    defaultMode: 0440
    items:
      {{- range include "hearth.signingKeys" . | splitList "," }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
{{- end }}

{{- define "hearth.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: signing
  mountPath: /etc/hearth/signing
  readOnly: true
{{- end }}

{{/* The key that signs, then those that are verified only, with commas between. */}}
{{- define "hearth.signingKeys" -}}
{{- concat (list .Values.signingKey.key) (default list .Values.signingKey.more) | join "," }}
{{- end }}

{{/*
A key's value, in base64, in a Secret of the release as it is in the cluster. A first install owns none, and renders where
there is no cluster to ask.
*/}}
{{- define "hearth.kept" -}}
{{- if .root.Release.IsUpgrade }}
{{- $secret := default dict (lookup "v1" "Secret" .root.Release.Namespace .secret) }}
{{- get (default dict (get $secret "data")) .key }}
{{- end }}
{{- end }}

{{/* A hook after the release's deletion; lighter weights come first. A failed one stays to be read. */}}
{{- define "hearth.afterDelete" -}}
helm.sh/hook: post-delete
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
