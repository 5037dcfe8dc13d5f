// Figures as the server writes them: the same rules as views/parts/format.ts and chart-scale.ts.
const trim = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
const figure = (value) => {
  const size = Math.abs(value);
  if (size >= 1e12) return value.toExponential(1);
  if (size >= 100)
    return Math.round(value)
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, ",")
      .replace("-", "−");
  return String(Number(value.toFixed(size >= 10 ? 1 : 2))).replace("-", "−");
};
const bytes = (value) => {
  let size = Math.abs(value);
  let unit = 0;
  for (; size >= 1023.5 && unit < 5; unit++) size /= 1024;
  return `${trim(size.toFixed(unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2))} ${["B", "KiB", "MiB", "GiB", "TiB", "PiB"][unit]}`;
};
const cores = (value) => {
  if (value === 0) return "0";
  if (value < 0.00095) return "<1m";
  if (value < 0.9995) return `${Math.round(value * 1000)}m`;
  return trim(value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0));
};

/** Writes a value in a unit. */
export const formats = {
  share: (value) => `${value > 0 && value < 0.0095 ? (value * 100).toFixed(1) : Math.round(value * 100)}%`,
  bytes,
  "bytes/s": (value) => `${bytes(value)}/s`,
  cores,
  celsius: (value) => `${figure(value)} °C`,
  "1/s": (value) => `${figure(value)}/s`,
  count: figure,
};
