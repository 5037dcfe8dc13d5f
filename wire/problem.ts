/** RFC 9457: `application/problem+json`. */
export interface Problem {
  status: number;
  title: string;
  detail?: string;
  /** JSON pointer (RFC 6901) to the first fault, on 422. */
  pointer?: string;
  /** Names the request in the master's log. */
  request?: string;
  /** On 409: the sender has to send the full list. */
  resync?: true;
  retryAfterSeconds?: number;
}

/** A fault with the answer it gets. Its text goes to the client: it must not hold anything internal. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

const titles: Record<number, string> = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  408: "Too slow",
  409: "Conflict",
  410: "Gone",
  411: "Length needed",
  413: "Too large",
  415: "Unsupported encoding or type",
  422: "Wrong shape",
  429: "Too many requests",
  500: "Internal error",
  503: "Not available",
  507: "Not enough storage",
};

export function problem(status: number, detail?: string, more: Partial<Problem> = {}): ProblemError {
  return new ProblemError({
    status,
    title: titles[status] ?? "Error",
    ...(detail ? { detail } : {}),
    ...more,
  });
}

export function problemResponse(problem: Problem): Response {
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (problem.retryAfterSeconds !== undefined) headers["retry-after"] = String(problem.retryAfterSeconds);
  if (problem.status === 401) headers["www-authenticate"] = 'Bearer realm="atlhyper"';
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
