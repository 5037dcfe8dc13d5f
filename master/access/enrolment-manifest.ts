import { embedded } from "./embedded-manifests.ts";
import type { EnrolmentRights } from "./enrolment.ts";

/** What the manifest of an enrolment is made for. */
export interface ManifestFor {
  token: string;
  /** The token's hash: a new enrolment starts the agent anew. */
  hash: string;
  /** The cluster's name. */
  name: string;
  rights: EnrolmentRights;
  masterUrl: string;
  image: string;
}

interface Deployment {
  spec: {
    template: {
      metadata: { annotations?: Record<string, string> };
      spec: { containers: { image: string; env: { name: string; value?: string }[] }[] };
    };
  };
}

let files: Record<string, string> | undefined;
function file(name: string): string {
  files ??= embedded();
  return files[name]!;
}

const rightsFiles: Record<EnrolmentRights, readonly string[]> = {
  read: ["rbac.yaml"],
  operator: ["rbac.yaml", "rbac-operator.yaml"],
  resources: ["rbac.yaml", "rbac-operator.yaml", "rbac-resources.yaml"],
};

/** Everything that `kubectl apply` needs, as YAML: the repository's own manifests, with what is this enrolment's. */
export function enrolmentManifest(one: ManifestFor): string {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "atlhyper-agent-enrolment", namespace: "atlhyper" },
    type: "Opaque",
    stringData: { token: one.token },
  };
  return [
    file("namespace.yaml"),
    ...rightsFiles[one.rights].map(file),
    file("enrolment.yaml"),
    Bun.YAML.stringify(secret, null, 2),
    Bun.YAML.stringify(deploymentFor(one), null, 2),
  ]
    .map((text) => text.trimEnd())
    .join("\n---\n")
    .concat("\n");
}

function deploymentFor({ hash, name, masterUrl, image }: ManifestFor): Deployment {
  const deployment = Bun.YAML.parse(file("deployment.yaml")) as Deployment;
  const { template } = deployment.spec;
  template.metadata.annotations = { "atlhyper.io/enrolment": hash.slice(0, 16) };
  const container = template.spec.containers[0]!;
  container.image = image;
  container.env.find((variable) => variable.name === "ATLHYPER_MASTER_URL")!.value = masterUrl;
  container.env.splice(1, 0, { name: "ATLHYPER_CLUSTER_NAME", value: name });
  return deployment;
}
