const quoted = (value: string | number): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows as a file to download (RFC 4180). */
export function csv(rows: readonly (readonly (string | number)[])[], file: string): Response {
  return new Response(`${rows.map((row) => row.map(quoted).join(",")).join("\r\n")}\r\n`, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${file}.csv"`,
    },
  });
}
