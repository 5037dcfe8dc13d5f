/** Where Prometheus' HTTP API is; Grafana is given this as the address of a Prometheus. */
export const prometheusRoot = "/prometheus";

const api = `${prometheusRoot}/api/v1`;

/** What is read by GET, and by POST of a form since a query may be longer than an address. */
export const asked = {
  query: `${api}/query`,
  queryRange: `${api}/query_range`,
  exemplars: `${api}/query_exemplars`,
  series: `${api}/series`,
  labels: `${api}/labels`,
} as const;

/** What is read by GET alone. */
export const told = {
  labelValues: `${api}/label/:name/values`,
  metadata: `${api}/metadata`,
  rules: `${api}/rules`,
  buildInfo: `${api}/status/buildinfo`,
} as const;

export const prometheusAddresses: readonly string[] = [
  ...Object.values(asked).flatMap((path) => [`GET ${path}`, `POST ${path}`]),
  ...Object.values(told).map((path) => `GET ${path}`),
];
