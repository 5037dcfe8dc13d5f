/** JSON Schema (draft 7, as Helm checks it) of the values: a word that is none is a fault, not left out in silence. */
const object = (properties: Record<string, object>) => ({
  type: "object",
  properties,
  additionalProperties: false,
});
const text = { type: "string" };
const flag = { type: "boolean" };
const any = { type: "object" };
const list = { type: "array" };

const image = object({
  repository: { type: "string", minLength: 1 },
  tag: text,
  digest: { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
  pullPolicy: { enum: ["", "Always", "IfNotPresent", "Never"] },
});
const workload = {
  enabled: flag,
  resources: any,
  nodeSelector: any,
  tolerations: list,
  extraEnv: {
    type: "array",
    items: { type: "object", properties: { name: { type: "string", minLength: 1 } }, required: ["name"] },
  },
};
const token = object({ existingSecret: text });
const priorityClass = object({ name: text, create: flag });

export const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  ...object({
    global: any,
    image,
    probeImage: image,
    imagePullSecrets: {
      type: "array",
      items: { ...object({ name: text }), required: ["name"] },
    },
    priorityClass,
    master: object({
      ...workload,
      service: object({
        type: { enum: ["ClusterIP", "NodePort", "LoadBalancer"] },
        port: { type: "integer", minimum: 1, maximum: 65535 },
        nodePort: { type: ["integer", "null"], minimum: 1, maximum: 65535 },
        annotations: any,
      }),
      ingress: object({ enabled: flag, className: text, host: text, tlsSecret: text, annotations: any }),
      rules: object({
        configMap: { type: "string", minLength: 1 },
        files: {
          type: "object",
          additionalProperties: text,
          propertyNames: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*[.]ya?ml$" },
        },
      }),
      persistence: object({ enabled: flag, size: text, storageClass: text }),
    }),
    agent: object({
      ...workload,
      masterUrl: { type: "string", pattern: "^(https?://.+)?$" },
      clusterName: { type: "string", minLength: 1, maxLength: 253 },
      token,
      rights: object({ operator: flag, resources: flag, exec: flag, certificates: flag }),
    }),
    probe: object({
      ...workload,
      namespace: object({ name: { type: "string", minLength: 1 }, create: flag }),
      token,
      priorityClass,
      mountPropagation: { enum: ["", "None", "HostToContainer", "Bidirectional"] },
    }),
    networkPolicy: object({ enabled: flag, agentEgress: list }),
  }),
};
