import { type Dirent, promises as fs } from "node:fs";
import { basename, join } from "node:path";
import type { RuleFault, RuleFileView } from "../../views/alert-model.ts";
import type { WrittenRule } from "./yaml/read.ts";
import type { Rule } from "./rule.ts";
import { whyNot } from "./rule-faults.ts";
import { inSlices } from "./slices.ts";

export interface RuleFilesOptions {
  /** A folder of `*.yaml`, or one file; "" for none. */
  path: string;
  /** Tenants' ids by their names in small letters, and whose the stored rules are. */
  known(): Promise<{ tenants: ReadonlyMap<string, string>; owners: ReadonlyMap<string, string | undefined> }>;
  /** Other rules count from now on. */
  changed(): void;
  taken(file: string, rules: number): void;
  refused(file: string, faults: readonly RuleFault[]): void;
  failed(what: string, error: unknown): void;
  now?: () => number;
  everyMs?: number;
  settleMs?: number;
}

interface Kept {
  /** By which one sees that it was written again. */
  signature: string;
  read: readonly (WrittenRule & { line: number })[];
  /** Of the text alone. */
  faults: readonly RuleFault[];
  /** What counts of it. */
  valid: readonly Rule[];
  view: RuleFileView;
}

const everyMs = 10_000;
/** What was written a moment ago may still be being written. */
const settleMs = 1000;
export const maxFileBytes = 256 * 1024;
const mostFiles = 100;
const mostRules = 5000;

/**
 * The rules of files, looked at again and again: by the files' times and sizes, since links that Kubernetes swaps
 * and tools that write in place look the same to that. A file counts as a whole, and as long as it is wrong as it was
 * when it was right last.
 */
export class RuleFiles {
  readonly #o: RuleFilesOptions;
  #files = new Map<string, Kept>();
  /** What is wrong with the folder. */
  #whole: RuleFileView | undefined;
  #rules: readonly Rule[] = [];
  #timer: Timer | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: RuleFilesOptions) {
    this.#o = options;
  }

  /** What counts now, of all files; each with its `file`. */
  get rules(): readonly Rule[] {
    return this.#rules;
  }
  get views(): readonly RuleFileView[] {
    const files = [...this.#files.values()].map((one) => one.view);
    return this.#whole ? [this.#whole, ...files] : files;
  }

  async start(): Promise<void> {
    if (this.#o.path === "") return;
    await this.look(true);
    this.#timer = setInterval(() => this.look(), this.#o.everyMs ?? everyMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Reads what has changed. At the `first` time nothing is waited for. */
  look(first = false): Promise<void> {
    this.#looking = this.#looking
      .then(() => this.#look(first))
      .catch((error) => this.#o.failed("reading the rules' files", error));
    return this.#looking;
  }

  async #look(first: boolean): Promise<void> {
    const paths = await this.#paths();
    if (!paths) return;
    const known = await this.#o.known();
    const files = new Map<string, Kept>();
    for (const path of paths) {
      const kept = await this.#read(path, first);
      if (kept) files.set(basename(path), kept);
    }
    const taken = new Map<string, string>();
    for (const [file, kept] of files) this.#resolve(file, kept, known, taken);
    this.#files = files;
    const rules = [...files.values()].flatMap((one) => one.valid);
    const different = !Bun.deepEquals(rules, this.#rules);
    this.#rules = rules;
    if (different) this.#o.changed();
  }

  /** The files, in the order of their names; undefined where they cannot be listed: then all stays as it is. */
  async #paths(): Promise<string[] | undefined> {
    const { path } = this.#o;
    try {
      if (!(await fs.stat(path)).isDirectory()) return [path];
      const names = (await fs.readdir(path, { withFileTypes: true }))
        .filter(isRuleFile)
        .map((one) => one.name);
      if (names.length > mostFiles) throw new Error(`there are more than ${mostFiles} files`);
      this.#whole = undefined;
      return names.sort().map((one) => join(path, one));
    } catch (error) {
      this.#whole = this.#refuse(basename(path), this.#whole, [{ message: whyNot(error) }], 0);
      return undefined;
    }
  }

  async #read(path: string, first: boolean): Promise<Kept | undefined> {
    const file = basename(path);
    const before = this.#files.get(file);
    const none: Pick<Kept, "read" | "valid"> = { read: [], valid: before?.valid ?? [] };
    const wrong = (signature: string, message: string): Kept => ({
      ...none,
      signature,
      faults: [{ message }],
      view: before?.view ?? this.#view(file, 0, []),
    });
    try {
      const { mtimeMs, size, ino, ctimeMs } = await fs.stat(path);
      const signature = [mtimeMs, ctimeMs, size, ino].join(" ");
      if (before?.signature === signature) return before;
      const age = Math.abs(this.#now() - Math.max(mtimeMs, ctimeMs));
      if (!first && age < (this.#o.settleMs ?? settleMs)) return before;
      if (size > maxFileBytes) return wrong(signature, `the file is larger than ${maxFileBytes / 1024} KiB`);
      const text = await fs.readFile(path, "utf8");
      // Loaded only where there are files: it takes 10 MB.
      const { readRules } = await import("./yaml/read.ts");
      const { value } = await inSlices(readRules(text));
      const view = before?.view ?? this.#view(file, 0, []);
      return { signature, read: value.rules, faults: value.faults, valid: none.valid, view };
    } catch (error) {
      return wrong("", whyNot(error));
    }
  }

  /** What of a file counts, once its names are looked up and others' ids are known. */
  #resolve(
    file: string,
    kept: Kept,
    { tenants, owners }: Awaited<ReturnType<RuleFilesOptions["known"]>>,
    taken: Map<string, string>,
  ): void {
    const faults = [...kept.faults];
    const rules: Rule[] = [];
    for (const { line, tenant: name, ...rule } of kept.read) {
      const fault = (path: string, message: string) =>
        faults.push({ line, column: 1, rule: rule.id, path, message });
      const tenant = name === undefined ? undefined : tenants.get(name.toLowerCase());
      if (name !== undefined && tenant === undefined) fault("tenant", `there is no tenant named ${name}`);
      const other = taken.get(rule.id);
      if (other !== undefined) fault("id", `a rule in ${other} has this id, too`);
      else if (owners.has(rule.id) && owners.get(rule.id) !== tenant)
        fault("id", "a rule that was made in the page for another tenant has this id");
      rules.push({ ...rule, ...(tenant === undefined ? {} : { tenant }), file });
    }
    if (taken.size + rules.length > mostRules)
      faults.push({ message: `all files together have at most ${mostRules} rules` });
    if (faults.length === 0) {
      if (!Bun.deepEquals(rules, kept.valid) || kept.view.faults.length > 0 || kept.view.sinceMs === 0) {
        this.#o.taken(file, rules.length);
        kept.view = this.#view(file, rules.length, [], this.#now());
      }
      kept.valid = rules;
    } else kept.view = this.#refuse(file, kept.view, faults, kept.valid.length);
    for (const one of kept.valid) taken.set(one.id, file);
  }

  /** What pages show of a file that is wrong; the log is told where it is wrong in another way than before. */
  #refuse(file: string, before: RuleFileView | undefined, faults: RuleFault[], rules: number): RuleFileView {
    if (before && Bun.deepEquals(before.faults, faults)) return before;
    this.#o.refused(file, faults);
    return this.#view(file, rules, faults, this.#now());
  }

  #view(file: string, rules: number, faults: readonly RuleFault[], sinceMs = 0): RuleFileView {
    return { file, rules, faults, sinceMs };
  }

  #now(): number {
    return this.#o.now?.() ?? Date.now();
  }
}

export const isRuleFile = (one: Dirent): boolean =>
  !one.name.startsWith(".") && /\.ya?ml$/.test(one.name) && !one.isDirectory();
