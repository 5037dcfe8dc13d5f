/** What a spreadsheet would take for a formula: a mount point, a device or a name that somebody in a cluster chose. */
const formula = /^[=+\-@\t\r]/;

const quoted = (value: string | number): string => {
  const plain = String(value);
  const text = typeof value === "string" && formula.test(plain) ? `'${plain}` : plain;
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
