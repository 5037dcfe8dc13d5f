// What a terminal program wrote, as pieces of plain text with the classes of their colours: SGR sequences
// (ECMA-48, 8.3.117) become classes, every other control and escape sequence is dropped, whatever it asks for:
// titles, links, the clipboard, moving the cursor. Nothing here makes HTML; the pieces go into textContent.

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
/** How far the end of a string sequence (OSC, DCS, APC, PM, SOS) is looked for; a line is shorter as a rule. */
const longestString = 4096;

export const plainStyle = () => ({
  fg: "",
  bg: "",
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
});

/**
 * Gives the pieces of a line, `[{ text, classes }]`, and changes `style` to what holds after it. `classes` are
 * `ansi-bold`, `ansi-fg-red`, `ansi-bg-bright-blue` and the like.
 */
export function ansiPieces(line, style = plainStyle()) {
  const pieces = [];
  let text = "";
  const flush = () => {
    if (text === "") return;
    const classes = classesOf(style);
    const last = pieces.at(-1);
    if (last && last.classes.join() === classes.join()) last.text += text;
    else pieces.push({ text, classes });
    text = "";
  };
  for (let at = 0; at < line.length; ) {
    const code = line.charCodeAt(at);
    if (code === 0x1b) {
      const next = line[at + 1];
      if (next === "[") at = control(at + 2);
      else if (next !== undefined && "]PX^_".includes(next)) at = stringEnd(line, at + 2);
      else at = plainEscape(line, at + 1);
    } else if (code === 0x9b) at = control(at + 1);
    else if (code === 0x9d || code === 0x90 || code === 0x98 || code === 0x9e || code === 0x9f)
      at = stringEnd(line, at + 1);
    else {
      if (shown(code)) text += line[at];
      at++;
    }
  }
  flush();
  return pieces;

  /** A control sequence from its parameters on; gives where it ends. */
  function control(from) {
    let to = from;
    while (to < line.length && inRange(line, to, 0x20, 0x3f)) to++;
    if (to >= line.length || !inRange(line, to, 0x40, 0x7e)) return to;
    const parameters = line.slice(from, to);
    if (line[to] === "m" && /^[\d;:]*$/.test(parameters)) {
      flush();
      applySgr(style, parameters);
    }
    return to + 1;
  }
}

const inRange = (line, at, least, most) => {
  const code = line.charCodeAt(at);
  return code >= least && code <= most;
};

/** ESC, intermediates, a final: `ESC ( B` and the like. */
function plainEscape(line, from) {
  let at = from;
  while (at < line.length && inRange(line, at, 0x20, 0x2f)) at++;
  return at < line.length && inRange(line, at, 0x30, 0x7e) ? at + 1 : at;
}

/** The end of a string sequence: BEL, ST, or where none comes soon enough, all that was looked at. */
function stringEnd(line, from) {
  const most = Math.min(line.length, from + longestString);
  for (let at = from; at < most; at++) {
    const code = line.charCodeAt(at);
    if (code === 0x07 || code === 0x9c) return at + 1;
    if (code === 0x1b) return line[at + 1] === "\\" ? at + 2 : at;
  }
  return most;
}

/** No control characters but the tab; none that turn the direction of writing or hide themselves. */
function shown(code) {
  if (code < 0x20) return code === 0x09;
  if (code >= 0x7f && code <= 0x9f) return false;
  if (code >= 0x202a && code <= 0x202e) return false;
  return !(code >= 0x2066 && code <= 0x2069) && code !== 0x200e && code !== 0x200f && code !== 0x061c;
}

function applySgr(style, parameters) {
  // Colons separate the parts of one colour, semicolons parameters; both are written for 38 and 48.
  const all = parameters.split(/[;:]/).map((one) => (one === "" ? 0 : Math.min(Number(one), 999)));
  for (let at = 0; at < all.length; at++) {
    const one = all[at];
    if (one === 0) Object.assign(style, plainStyle());
    else if (one === 1) style.bold = true;
    else if (one === 2) style.dim = true;
    else if (one === 3) style.italic = true;
    else if (one === 4) style.underline = true;
    else if (one === 7) style.inverse = true;
    else if (one === 22) style.bold = style.dim = false;
    else if (one === 23) style.italic = false;
    else if (one === 24) style.underline = false;
    else if (one === 27) style.inverse = false;
    else if (one >= 30 && one <= 37) style.fg = names[one - 30];
    else if (one >= 40 && one <= 47) style.bg = names[one - 40];
    else if (one >= 90 && one <= 97) style.fg = `bright-${names[one - 90]}`;
    else if (one >= 100 && one <= 107) style.bg = `bright-${names[one - 100]}`;
    else if (one === 39) style.fg = "";
    else if (one === 49) style.bg = "";
    else if (one === 38 || one === 48) {
      const key = one === 38 ? "fg" : "bg";
      if (all[at + 1] === 5) {
        style[key] = ofPalette(all[at + 2] ?? 0);
        at += 2;
      } else if (all[at + 1] === 2) {
        style[key] = nearest(all[at + 2] ?? 0, all[at + 3] ?? 0, all[at + 4] ?? 0);
        at += 4;
      }
    }
  }
}

/** Of 256 colours the one of ours that is nearest: ours fit both schemes, theirs do not. */
function ofPalette(index) {
  if (index < 8) return names[index];
  if (index < 16) return `bright-${names[index - 8]}`;
  if (index >= 232) return index < 240 ? "bright-black" : "white";
  const step = (value) => (value === 0 ? 0 : 55 + value * 40);
  const cube = Math.min(index, 231) - 16;
  return nearest(step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6));
}

function nearest(red, green, blue) {
  const most = Math.max(red, green, blue);
  if (most < 64) return "black";
  const on = (value) => (value > most * 0.6 ? 1 : 0);
  const name = names[on(red) + 2 * on(green) + 4 * on(blue)];
  return most > 200 && name !== "white" ? `bright-${name}` : name;
}

function classesOf(style) {
  const classes = [];
  for (const one of ["bold", "dim", "italic", "underline", "inverse"])
    if (style[one]) classes.push(`ansi-${one}`);
  if (style.fg) classes.push(`ansi-fg-${style.fg}`);
  if (style.bg) classes.push(`ansi-bg-${style.bg}`);
  return classes;
}
