import { encode } from "uqr";
import { type Html, html } from "../html.ts";

/** A text as a QR code, dark on light in both themes, as readers want it. */
export function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { border: 2 });
  let path = "";
  for (const [y, row] of data.entries())
    for (const [x, dark] of row.entries()) if (dark) path += `M${x} ${y}h1v1h-1z`;
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" class="qr-light"/><path d="${path}" class="qr-dark"/></svg>`;
}
