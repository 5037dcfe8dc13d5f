/**
 * YAML with Go templates in it: objects are written as YAML with a word in each place that a template fills, and the
 * words are then replaced, since a template is no YAML before it is run.
 */
export class Holes {
  readonly #fill: ((indent: string, before: string) => string)[] = [];

  /** Takes the place of a value: `key: {{ … }}`. */
  value(expression: string): string {
    return this.#word((indent, before) => `${indent}${before}{{ ${expression} }}`);
  }

  /** Takes the place of a mapping or list: what the expression gives as YAML, below its key. */
  block(expression: string): string {
    return this.#word(
      (indent, before) =>
        `${indent}${before.trimEnd()}\n${indent}  {{- toYaml ${expression} | nindent ${indent.length + 2} }}`,
    );
  }

  /** As the value of a key: the line as a whole, only where the expression is not empty; a text, or `as` it is. */
  optional(expression: string, as = ". | quote"): string {
    return this.#word(
      (indent, before) =>
        `${indent}{{- with ${expression} }}\n${indent}${before.trimEnd()} {{ ${as} }}\n${indent}{{- end }}`,
    );
  }

  /** As an item of a list, or a key without a value: what the expression gives as YAML, nothing where it is empty. */
  more(expression: string): string {
    return this.#word(
      (indent) =>
        `${indent}{{- with ${expression} }}\n${indent}{{- toYaml . | nindent ${indent.length} }}\n${indent}{{- end }}`,
    );
  }

  /** Lines as they are, in place of an item or of a key without a value. */
  lines(text: string): string {
    return this.#word((indent) =>
      text
        .split("\n")
        .map((line) => indent + line)
        .join("\n"),
    );
  }

  /** An object's YAML, filled. */
  write(object: object): string {
    const text = Bun.YAML.stringify(object, null, 2);
    // What is a template's already would be run by it.
    if (text.includes("{{")) throw new Error(`a manifest has a template's braces in it: ${text}`);
    return text
      .split("\n")
      .map((line) => {
        const found = /^( *)(.*?)HOLE(\d+)X(?:: null)?$/.exec(line);
        return found ? this.#fill[Number(found[3])]!(found[1]!, found[2]!) : line;
      })
      .join("\n");
  }

  #word(fill: (indent: string, before: string) => string): string {
    this.#fill.push(fill);
    return `HOLE${this.#fill.length - 1}X`;
  }
}
