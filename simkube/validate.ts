import { ApiError, badRequest, type FieldFault, invalid } from "./api-error.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import { type Fields, isFields, type Json, type Stored } from "./object.ts";

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** These kinds' names end up in DNS or in a label, so a dot is not allowed in them. */
const labelNamed = new Set(["Namespace", "Service"]);

/** The body of a create or update as an object, or 400. */
export function asObject(kind: Kind, body: unknown, namespace: string | undefined): Fields {
  if (!isFields(body)) throw badRequest("the object provided is unrecognized (must be of type object)");
  if (body.kind !== undefined && body.kind !== kind.kind)
    throw badRequest(
      `the object provided is of kind ${String(body.kind)}, which does not match the expected ${kind.kind}`,
    );
  if (body.apiVersion !== undefined && body.apiVersion !== apiVersionOf(kind))
    throw badRequest(
      `the API version in the data (${String(body.apiVersion)}) does not match the expected API version (${apiVersionOf(kind)})`,
    );
  if (body.metadata !== undefined && !isFields(body.metadata)) throw badRequest("metadata must be an object");
  const own = isFields(body.metadata) ? body.metadata.namespace : undefined;
  if (kind.namespaced && typeof own === "string" && own !== "" && own !== namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  return body;
}

/** Refuses with 422 what the real API server would; only the faults that people and our commands run into. */
export function validate(kind: Kind, object: Stored, before: Stored | undefined): void {
  const faults: FieldFault[] = [];
  const name = object.metadata.name;
  const pattern = labelNamed.has(kind.kind) ? dnsLabel : dnsSubdomain;
  if (kind.kind !== "Event" && (!pattern.test(name) || name.length > 253))
    faults.push(
      wrong(
        "metadata.name",
        name,
        "a lowercase RFC 1123 name must consist of lower case alphanumeric characters, '-' or '.'",
      ),
    );
  if (kind.kind === "Pod") checkPod(object, before, faults);
  if (isFields(object.spec) && ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].includes(kind.kind))
    checkWorkload(object, before, faults);
  if (faults.length > 0) throw invalid(kind, name, faults);
}

function checkPod(pod: Stored, before: Stored | undefined, faults: FieldFault[]): void {
  checkContainers(pod.spec?.containers, "spec.containers", faults);
  if (before?.spec === undefined) return;
  const comparable = (spec: Fields | undefined) => ({
    ...spec,
    containers: (spec?.containers as Fields[] | undefined)?.map((one) => ({ ...one, image: "" })),
    tolerations: undefined,
    activeDeadlineSeconds: undefined,
  });
  if (!Bun.deepEquals(comparable(before.spec), comparable(pod.spec)))
    faults.push({
      reason: "FieldValueForbidden",
      field: "spec",
      message:
        "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    });
}

function checkWorkload(object: Stored, before: Stored | undefined, faults: FieldFault[]): void {
  const spec = object.spec!;
  const replicas = spec.replicas;
  if (typeof replicas === "number" && replicas < 0)
    faults.push(wrong("spec.replicas", replicas, "must be greater than or equal to 0"));
  const selector = isFields(spec.selector) ? spec.selector : undefined;
  const wanted = isFields(selector?.matchLabels) ? selector.matchLabels : {};
  const template = isFields(spec.template) ? spec.template : undefined;
  const meta = isFields(template?.metadata) ? template.metadata : undefined;
  const labels = isFields(meta?.labels) ? meta.labels : {};
  if (selector === undefined)
    faults.push({ reason: "FieldValueRequired", field: "spec.selector", message: "Required value" });
  else if (Object.entries(wanted).some(([key, value]) => labels[key] !== value))
    faults.push(
      wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"),
    );
  const podSpec = isFields(template?.spec) ? template.spec : undefined;
  checkContainers(podSpec?.containers, "spec.template.spec.containers", faults);
  if (before !== undefined && !Bun.deepEquals(before.spec?.selector, spec.selector))
    faults.push(wrong("spec.selector", spec.selector ?? null, "field is immutable"));
}

function checkContainers(containers: Json | undefined, field: string, faults: FieldFault[]): void {
  if (!Array.isArray(containers) || containers.length === 0) {
    faults.push({ reason: "FieldValueRequired", field, message: "Required value" });
    return;
  }
  containers.forEach((container, index) => {
    if (!isFields(container)) return;
    if (!container.name)
      faults.push({
        reason: "FieldValueRequired",
        field: `${field}[${index}].name`,
        message: "Required value",
      });
    if (!container.image)
      faults.push({
        reason: "FieldValueRequired",
        field: `${field}[${index}].image`,
        message: "Required value",
      });
  });
}

function wrong(field: string, value: Json, why: string): FieldFault {
  return { reason: "FieldValueInvalid", field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}

/** Decodes a body; 400 as the real one words it. */
export async function readBody(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text.length > 3 * 2 ** 20)
    throw new ApiError(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728");
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
}
