/**
 * What the API server, or the way to it, answered instead of what was asked.
 * `status` is the HTTP status, 0 where no answer came; `reason` is the Status object's word (NotFound,
 * Forbidden, Expired, Conflict, …), or Unreachable, TimedOut, BadAnswer or Credentials for what went wrong
 * before there was one.
 */
export class KubeError extends Error {
  readonly status: number;
  readonly reason: string;
  /** How long the server asked to be left alone, where it did (429, 503). */
  readonly retryAfterMs: number | undefined;
  /** What the Status object names as its causes: budgets that block an eviction, fields that are wrong. */
  readonly causes: readonly string[];
  /** The field of each cause, as a path like `.spec.replicas`; "" where it names none. */
  readonly fields: readonly string[];

  constructor(
    status: number,
    reason: string,
    message: string,
    retryAfterMs?: number,
    cause?: unknown,
    causes: readonly string[] = [],
    fields: readonly string[] = [],
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "KubeError";
    this.status = status;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.causes = causes;
    this.fields = fields;
  }
}

/** The reason for a status that came without a Status object, as apimachinery's StatusReason names it. */
const reasons: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Expired",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The error of an answer that is no success; the body is a Status object, or whatever stood in between said. */
export function errorOfAnswer(status: number, body: string, retryAfter: string | null): KubeError {
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
  const told = parseStatus(body);
  const reason = told.reason ?? reasons[status] ?? "Unknown";
  const message = told.message ?? (body.trim().slice(0, 300) || `HTTP ${status}`);
  return new KubeError(status, reason, message, retryAfterMs, undefined, told.causes, told.fields);
}

/** The error inside a watch: an ERROR event's object. */
export function errorOfStatus(object: { code?: unknown; reason?: unknown; message?: unknown }): KubeError {
  const status = typeof object.code === "number" ? object.code : 500;
  const reason = typeof object.reason === "string" ? object.reason : (reasons[status] ?? "Unknown");
  return new KubeError(status, reason, typeof object.message === "string" ? object.message : reason);
}

function parseStatus(body: string): {
  reason?: string;
  message?: string;
  causes?: string[];
  fields?: string[];
} {
  try {
    const value = JSON.parse(body) as {
      kind?: unknown;
      reason?: unknown;
      message?: unknown;
      details?: { causes?: { message?: string; field?: string }[] };
    } | null;
    if (value?.kind !== "Status") return {};
    const told = value.details?.causes?.filter((one) => one.message);
    const causes = told?.map((one) => one.message!);
    const fields = told?.map((one) => one.field ?? "");
    return {
      causes,
      fields,
      reason: typeof value.reason === "string" && value.reason !== "" ? value.reason : undefined,
      message: typeof value.message === "string" && value.message !== "" ? value.message : undefined,
    };
  } catch {
    return {};
  }
}

const unknownAuthority = "its certificate is not signed by an authority known here";
const words: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was closed",
  ENOTFOUND: "its name is not known to the name server",
  ETIMEDOUT: "no connection in time",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "its network cannot be reached",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

/** What fetch threw, for a person: without the address, and without Bun's advice for programmers. */
export function inWords(error: unknown): string {
  const { code, message } = error as Error & { code?: string };
  return (code && words[code]) || message.replace(/ (fetching|For more information).*$/s, "");
}
