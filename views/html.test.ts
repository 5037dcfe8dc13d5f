import { expect, test } from "bun:test";
import { html, join, nothing, safeHref } from "./html.ts";

test("values are escaped for text and for quoted attributes", () => {
  const evil = `"><script>alert('x')</script>&`;
  expect(html`<a title="${evil}">${evil}</a>`.text).toBe(
    `<a title="&quot;&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;</a>`,
  );
});

test("templates nest, arrays are joined, and what is nothing gives nothing", () => {
  const rows = ["<a>", "b"].map((one) => html`<li>${one}</li>`);
  expect(html`<ul>${rows}${null}${undefined}${false}${true}${[1, [2, nothing]]}</ul>`.text).toBe(
    "<ul><li>&lt;a&gt;</li><li>b</li>12</ul>",
  );
});

test("zero and the empty string are written, not left out", () => {
  expect(html`<b>${0}${""}</b>`.text).toBe("<b>0</b>");
});

test("a string that looks like markup of ours is still text", () => {
  expect(html`${String(html`<b>x</b>`)}`.text).toBe("&lt;b&gt;x&lt;/b&gt;");
});

test("parts are joined by an escaped separator", () => {
  expect(join([html`<b>1</b>`, "2"], " & ").text).toBe("<b>1</b> &amp; 2");
});

test("addresses from clusters are links only with http, https or when relative", () => {
  for (const good of ["https://example.com/a?b", "HTTP://x", "/pods", "a/b", "?q=1", "#top"])
    expect(safeHref(good)).toBe(good);
  for (const bad of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "",
  ])
    expect(safeHref(bad)).toBeUndefined();
});
