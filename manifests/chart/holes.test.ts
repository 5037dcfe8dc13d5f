import { expect, test } from "bun:test";
import { Holes } from "./holes.ts";

const written = (make: (holes: Holes) => object) => {
  const holes = new Holes();
  return holes.write(make(holes));
};

test("a value stands behind its key, and an item behind its dash", () => {
  expect(written((holes) => ({ a: { name: holes.value(".x | quote"), list: [holes.value(".y")] } }))).toBe(
    "a:\n  name: {{ .x | quote }}\n  list:\n    - {{ .y }}\n".trimEnd(),
  );
});

test("an optional value takes its whole line away, and is a text unless said otherwise", () => {
  expect(written((holes) => ({ a: { class: holes.optional(".x"), port: holes.optional(".y", ".") } }))).toBe(
    [
      "a:",
      "  {{- with .x }}",
      "  class: {{ . | quote }}",
      "  {{- end }}",
      "  {{- with .y }}",
      "  port: {{ . }}",
      "  {{- end }}",
    ].join("\n"),
  );
});

test("what an expression gives is indented as what it stands among", () => {
  expect(written((holes) => ({ a: { resources: holes.block(".r"), [holes.more(".m")]: null } }))).toBe(
    [
      "a:",
      "  resources:",
      "    {{- toYaml .r | nindent 4 }}",
      "  {{- with .m }}",
      "  {{- toYaml . | nindent 2 }}",
      "  {{- end }}",
    ].join("\n"),
  );
});

test("braces that a manifest has itself are refused, since Helm would run them", () => {
  expect(() => new Holes().write({ a: "{{ .Values }}" })).toThrow("braces");
});
