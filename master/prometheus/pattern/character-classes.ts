/** Whether a code point is of it. */
export type CharacterClass = (code: number) => boolean;

const classes: Record<string, CharacterClass> = {
  d: (code) => code >= 48 && code <= 57,
  s: (code) => code === 32 || code === 9 || code === 10 || code === 12 || code === 13,
  w: isWord,
};
/** Of POSIX, as in `[[:digit:]]`. */
const named: Record<string, RegExp> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  ascii: /[\x00-\x7f]/,
  blank: /[\t ]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t\n\v\f\r ]/,
  upper: /[A-Z]/,
  word: /[0-9A-Za-z_]/,
  xdigit: /[0-9A-Fa-f]/,
};

export function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
  );
}

/** `\d`, `\s`, `\w` and, in capitals, all but these. */
export function classOf(char: string): CharacterClass | undefined {
  const lower = char.toLowerCase();
  const is = Object.hasOwn(classes, lower) ? classes[lower] : undefined;
  return is && (char === lower ? is : (code) => !is(code));
}

/** What a character is where case does not count. */
export function foldsOf(code: number): number[] {
  const char = String.fromCodePoint(code);
  return [code, char.toLowerCase().codePointAt(0)!, char.toUpperCase().codePointAt(0)!];
}

/** The class that `[:name:]` is; undefined where there is none of that name. */
export function namedClass(name: string): CharacterClass | undefined {
  const of = Object.hasOwn(named, name) ? named[name] : undefined;
  return of && ((code) => of.test(String.fromCodePoint(code)));
}
