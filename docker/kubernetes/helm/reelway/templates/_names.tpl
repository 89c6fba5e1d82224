{{- define "reelway.labels" -}}
{{ include "reelway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "reelway.selector" -}}
app.kubernetes.io/name: reelway
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "reelway.image" -}}
image: "{{ .image.repository }}:{{ .image.tag | default .default }}"
imagePullPolicy: {{ .image.pullPolicy }}
{{- end }}

{{- define "reelway.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}
