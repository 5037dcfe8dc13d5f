import { type Html, html } from "../html.ts";

/**
 * YAML with its keys, strings, numbers and comments told apart, line by line. It is made by our own agent, block
 * style throughout, so looking at single lines is enough; what is not understood is shown plain.
 */
export function yamlLines(text: string): Html {
  const lines = text.replace(/\n$/, "").split("\n");
  return html`<pre class="yaml" tabindex="0"><code>${lines.map(
    (one) => html`<span class="line">${line(one)}
</span>`,
  )}</code></pre>`;
}

const keyPattern = /^(\s*(?:- )*)("(?:[^"\\]|\\.)*"|[^\s#:"'][^:]*?|'[^']*')(:)(?= |$)(.*)$/;

function line(text: string): Html {
  const comment = /^(\s*)(#.*)$/.exec(text);
  if (comment) return html`${comment[1]}<span class="y-comment">${comment[2]}</span>`;
  const key = keyPattern.exec(text);
  if (key) return html`${key[1]}<span class="y-key">${key[2]}</span>${key[3]}${value(key[4]!)}`;
  const item = /^(\s*(?:- )+)(.*)$/.exec(text);
  if (item) return html`${item[1]}${value(item[2]!)}`;
  return html`${text}`;
}

function value(text: string): Html {
  const trimmed = text.trim();
  if (trimmed === "") return html`${text}`;
  const kind = /^(true|false|null|~)$/.test(trimmed)
    ? "y-word"
    : /^-?\d+(\.\d+)?$/.test(trimmed)
      ? "y-number"
      : /^[|>][+-]?\d?$/.test(trimmed)
        ? "y-word"
        : "y-string";
  return html`<span class="${kind}">${text}</span>`;
}
