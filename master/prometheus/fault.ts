/** A fault of a query, as Prometheus tells it: the status, and which kind of fault it calls that. */
export class QueryFault extends Error {
  readonly status: number;
  readonly errorType: "bad_data" | "execution" | "timeout" | "canceled" | "unavailable";

  constructor(errorType: QueryFault["errorType"], text: string) {
    super(text);
    this.errorType = errorType;
    this.status = { bad_data: 400, execution: 422, timeout: 503, canceled: 503, unavailable: 503 }[errorType];
  }
}

export const badData = (text: string) => new QueryFault("bad_data", text);
export const execution = (text: string) => new QueryFault("execution", text);
