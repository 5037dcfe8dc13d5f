import { type Kind, qualified } from "./kinds.ts";

/** An answer that is no success, as the Status object that the real API server would send. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: number, reason: string, message: string, details?: Record<string, unknown>) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus() {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }

  toResponse(): Response {
    return Response.json(this.toStatus(), { status: this.code });
  }
}

const detailsOf = (kind: Kind, name: string) => ({
  name,
  ...(kind.group ? { group: kind.group } : {}),
  kind: kind.plural,
});

export const unauthorized = () => new ApiError(401, "Unauthorized", "Unauthorized");

export const pathNotFound = () =>
  new ApiError(404, "NotFound", "the server could not find the requested resource", {});

export const notFound = (kind: Kind, name: string) =>
  new ApiError(404, "NotFound", `${qualified(kind)} "${name}" not found`, detailsOf(kind, name));

export const alreadyExists = (kind: Kind, name: string) =>
  new ApiError(409, "AlreadyExists", `${qualified(kind)} "${name}" already exists`, detailsOf(kind, name));

export const conflict = (kind: Kind, name: string, why: string) =>
  new ApiError(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(kind)} "${name}": ${why}`,
    detailsOf(kind, name),
  );

export const modified = (kind: Kind, name: string) =>
  conflict(
    kind,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );

export const badRequest = (message: string) => new ApiError(400, "BadRequest", message);

export const methodNotAllowed = () =>
  new ApiError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );

export const unsupportedMediaType = (accepted: string[]) =>
  new ApiError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
    {},
  );

export const expired = (message: string) => new ApiError(410, "Expired", message);

export const forbidden = (
  user: string,
  verb: string,
  kind: Kind,
  namespace: string | undefined,
  name: string,
) =>
  new ApiError(
    403,
    "Forbidden",
    `${qualified(kind)}${name ? ` "${name}"` : ""} is forbidden: User "${user}" cannot ${verb} resource "${kind.plural}" in API group "${kind.group}" ${namespace ? `in the namespace "${namespace}"` : "at the cluster scope"}`,
    detailsOf(kind, name),
  );

/** One field's fault, as `spec.replicas: Invalid value: …` in a 422. */
export interface FieldFault {
  reason: "FieldValueInvalid" | "FieldValueRequired" | "FieldValueForbidden";
  field: string;
  message: string;
}

export const invalid = (kind: Kind, name: string, faults: FieldFault[]) => {
  const text = faults.map((fault) => `${fault.field}: ${fault.message}`);
  const list = text.length === 1 ? text[0] : `[${text.join(", ")}]`;
  const full = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return new ApiError(422, "Invalid", `${full} "${name}" is invalid: ${list}`, {
    name,
    ...(kind.group ? { group: kind.group } : {}),
    kind: kind.kind,
    causes: faults,
  });
};
