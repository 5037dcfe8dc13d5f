import type { TSchema } from "@sinclair/typebox";
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import { durationText, parseDuration } from "../../../wire/duration.ts";
import type { Fault } from "./compose.ts";
import { choicesOf, entriesOf, isDuration, variantsOf, writtenName } from "./shape.ts";
import { numberOf, shown, unknownName, written } from "./words.ts";

/** Reads one rule of a file by its schema. */
export class Values {
  readonly faults: (Fault & { path: string })[] = [];
  /** Where each value stands, by its JSON pointer. */
  readonly #offsets = new Map<string, number>();
  readonly #usual: Readonly<Record<string, unknown>>;

  /** `usual` is what stands for what is not said, by its pointer. */
  constructor(usual: Readonly<Record<string, unknown>>) {
    this.#usual = usual;
  }

  /** The pointer of the whole that a shorter one means: `/clear` is `/condition/clear`. */
  known(pointer: string): string {
    if (this.#offsets.has(pointer)) return pointer;
    return [...this.#offsets.keys()].find((one) => one.endsWith(pointer)) ?? pointer;
  }

  /** The offset of what a pointer names, or of what is nearest around it. */
  offsetOf(pointer: string): number {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
      const found = this.#offsets.get(at);
      if (found !== undefined) return found;
      if (at === "") return 0;
    }
  }

  fault(pointer: string, message: string, offset = this.offsetOf(pointer)): void {
    this.faults.push({ offset, path: written(pointer), message });
  }

  read(schema: TSchema, node: Node | null, pointer: string): unknown {
    if (node?.range && !this.#offsets.has(pointer)) this.#offsets.set(pointer, node.range[0]);
    if (node && (isAlias(node) || ("anchor" in node && node.anchor)))
      return this.fault(pointer, "anchors and aliases are not taken: write it out");
    const choices = choicesOf(schema);
    if (choices) return this.#choice(choices, node, pointer);
    const variants = variantsOf(schema);
    if (variants) return this.#variant(variants, node, pointer);
    if (schema.properties) return this.#object(schema, node, pointer);
    if (entriesOf(schema)) return this.#entries(schema, node, pointer);
    switch (schema.type) {
      case "array":
        return this.#list(schema, node, pointer);
      case "boolean":
        if (isScalar(node) && typeof node.value === "boolean") return node.value;
        return this.fault(pointer, "true or false is needed");
      case "number":
      case "integer":
        return isDuration(pointer)
          ? this.#duration(schema, node, pointer)
          : this.#number(schema, node, pointer);
      default:
        return this.#text(schema, node, pointer);
    }
  }

  #choice(choices: readonly string[], node: Node | null, pointer: string): unknown {
    const text = isScalar(node) ? String(node.value) : undefined;
    if (text !== undefined && choices.includes(text)) return text;
    const one = choices.length === 1 ? choices[0] : `one of ${choices.join(", ")}`;
    return this.fault(pointer, `has to be ${one}${shown(text)}`);
  }

  #variant(variants: ReadonlyMap<string, TSchema>, node: Node | null, pointer: string): unknown {
    const names = [...variants.keys()].join(", ");
    if (!isMap(node)) return this.fault(pointer, `an object is needed, with a type: one of ${names}`);
    const type = pairsOf(node).find(({ key }) => nameOf(key) === "type");
    const name = type && isScalar(type.value) ? String(type.value.value) : undefined;
    const schema = name === undefined ? undefined : variants.get(name);
    if (schema) return this.#object(schema, node, pointer);
    const at = (type?.value as Node | undefined)?.range?.[0];
    return this.fault(`${pointer}/type`, `has to be one of ${names}${shown(name)}`, at);
  }

  #object(schema: TSchema, node: Node | null, pointer: string): unknown {
    const properties = schema.properties as Record<string, TSchema>;
    const names = new Map(Object.keys(properties).map((one) => [writtenName(one), one]));
    if (!isMap(node)) return this.fault(pointer, `an object is needed, with ${[...names.keys()].join(", ")}`);
    const made: Record<string, unknown> = {};
    for (const { key, value } of pairsOf(node)) {
      const said = nameOf(key);
      const name = names.get(said);
      const at = `${pointer}/${name ?? said}`;
      if (key?.range) this.#offsets.set(at, key.range[0]);
      if (name === undefined) this.fault(at, unknownName(said, [...names.keys()]));
      else made[name] = this.read(properties[name]!, value, at);
    }
    for (const name of Object.keys(properties)) {
      if (name in made) continue;
      const at = `${pointer}/${name}`;
      if (at in this.#usual) made[name] = structuredClone(this.#usual[at]);
      else if ((schema.required as string[] | undefined)?.includes(name)) this.fault(at, "is missing");
    }
    return made;
  }

  #entries(schema: TSchema, node: Node | null, pointer: string): unknown {
    const [pattern, inner] = entriesOf(schema)!;
    if (!isMap(node)) return this.fault(pointer, "pairs of a name and a value are needed: {team: shop}");
    const made: Record<string, unknown> = {};
    for (const { key, value } of pairsOf(node)) {
      const name = nameOf(key);
      const at = `${pointer}/${name}`;
      if (key?.range) this.#offsets.set(at, key.range[0]);
      if (!new RegExp(pattern).test(name))
        this.fault(at, "a label's name begins with a letter or _ and goes on with these, digits, . / and -");
      made[name] = this.read(inner, value, at);
    }
    return made;
  }

  #list(schema: TSchema, node: Node | null, pointer: string): unknown {
    if (!isSeq(node)) return this.fault(pointer, "a list is needed: [one, another]");
    if (node.items.length > (schema.maxItems ?? Number.POSITIVE_INFINITY))
      return this.fault(pointer, `has at most ${schema.maxItems} items`);
    return (node.items as Node[]).map((one, at) =>
      this.read(schema.items as TSchema, one, `${pointer}/${at}`),
    );
  }

  #duration(schema: TSchema, node: Node | null, pointer: string): unknown {
    const ms = isScalar(node) ? parseDuration(sourceOf(node)) : undefined;
    if (ms === undefined) return this.fault(pointer, "a duration is written as 30s, 5m, 1h or 2d");
    const { minimum = 0, maximum = Number.POSITIVE_INFINITY } = schema;
    if (ms < minimum) return this.fault(pointer, `has to be at least ${durationText(minimum)}`);
    if (ms > maximum) return this.fault(pointer, `has to be at most ${durationText(maximum)}`);
    return ms;
  }

  #number(schema: TSchema, node: Node | null, pointer: string): unknown {
    const value = isScalar(node) ? numberOf(sourceOf(node)) : Number.NaN;
    if (!Number.isFinite(value)) return this.fault(pointer, "a number is needed, such as 0.9, 90% or 512Mi");
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
    if (schema.type === "integer" && !Number.isInteger(value))
      return this.fault(pointer, "a whole number is needed");
    if (value < minimum) return this.fault(pointer, `has to be at least ${minimum}`);
    if (value > maximum) return this.fault(pointer, `has to be at most ${maximum}`);
    return value;
  }

  #text(schema: TSchema, node: Node | null, pointer: string): unknown {
    if (!isScalar(node) || node.value === null) return this.fault(pointer, "a text is needed");
    // A version or a number is a text where one is needed, as it was written.
    const text = typeof node.value === "string" ? node.value : sourceOf(node);
    if (text.length < (schema.minLength ?? 0)) return this.fault(pointer, "must not be empty");
    if (text.length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
      return this.fault(pointer, `has at most ${schema.maxLength} characters`);
    if (schema.pattern && !new RegExp(schema.pattern).test(text))
      return this.fault(pointer, schema.description ?? "has characters that are not taken here");
    return text;
  }
}

type Entry = Pair<Node, Node | null>;
const pairsOf = (node: YAMLMap): Entry[] => node.items as Entry[];
const nameOf = (key: Node | null): string => (isScalar(key) ? String(key.value) : "");
const sourceOf = (node: Node): string => (isScalar(node) ? (node.source ?? String(node.value)) : "").trim();
