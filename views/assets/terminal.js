// A terminal by xterm.js: bytes to and from a WebSocket. What a program may ask of a terminal beyond text and
// colours (titles, links, the clipboard, notifications) is swallowed here.
(() => {
  const $ = (selector) => document.querySelector(selector);
  const section = $("#terminal");
  const screen = $("#screen");
  if (!section || !screen || section.dataset.started) return;
  section.dataset.started = "1";
  const words = JSON.parse(section.dataset.words);
  const style = getComputedStyle(document.documentElement);
  // Tokens are light-dark() pairs: what they are now, an element with that colour tells.
  const probe = document.createElement("span");
  screen.append(probe);
  const color = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const theme = () => ({
    background: color("--bg-soft"),
    foreground: color("--text"),
    cursor: color("--accent"),
    selectionBackground: color("--bg-selected"),
    red: color("--critical"),
    green: color("--ok"),
    yellow: color("--warning"),
    blue: color("--info"),
    cyan: color("--series-3"),
    magenta: color("--series-4"),
  });
  const term = new Terminal({
    cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    fontFamily: style.getPropertyValue("--mono"),
    fontSize: 13,
    scrollback: 5000,
    theme: theme(),
    linkHandler: { activate() {} },
    screenReaderMode: false,
  });
  probe.remove();
  const fit = new FitAddon.FitAddon();
  term.loadAddon(fit);
  term.open(screen);
  const swallowed = [
    0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 19, 22, 50, 51, 52, 99, 133, 633, 777, 1337,
  ];
  for (const code of swallowed) term.parser.registerOscHandler(code, () => true);
  fit.fit();
  const say = (text) => {
    $("#terminal-state").textContent = text;
  };

  let socket;
  const typed = new TextEncoder();
  function connect() {
    $("#terminal-again").hidden = true;
    say(words.connecting);
    let said = "";
    let opened = false;
    const size = `&cols=${term.cols}&rows=${term.rows}`;
    socket = new WebSocket(
      `${location.origin.replace(/^http/, "ws")}/streams?${section.dataset.stream}${size}`,
    );
    socket.binaryType = "arraybuffer";
    const mine = socket;
    socket.addEventListener("open", () => {
      opened = true;
    });
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") {
        const bytes = new Uint8Array(data);
        // Only what has been drawn makes room for more.
        term.write(bytes, () => mine.readyState === WebSocket.OPEN && mine.send(`{"shown":${bytes.length}}`));
        return;
      }
      const message = JSON.parse(data);
      if (message.open) {
        say("");
        term.focus();
      }
      if (message.end)
        said = Number.isInteger(message.end.code)
          ? words.exit.replace("{n}", message.end.code)
          : message.end.message || words.ended;
      if (message.gone) said ||= words.gone[message.gone] ?? words.ended;
    });
    socket.addEventListener("close", () => {
      const text = said || (opened ? words.gone.lost : words.refused);
      say(text);
      term.write(`\r\n\x1b[2m${text}\x1b[0m\r\n`);
      $("#terminal-again").hidden = false;
    });
  }
  const send = (data) => socket?.readyState === WebSocket.OPEN && socket.send(data);
  term.onData((text) => send(typed.encode(text)));
  term.onBinary((text) => send(Uint8Array.from(text, (one) => one.charCodeAt(0))));
  term.onResize(({ cols, rows }) => send(`{"resize":[${cols},${rows}]}`));
  let fitting;
  new ResizeObserver(() => {
    clearTimeout(fitting);
    fitting = setTimeout(() => fit.fit(), 50);
  }).observe(screen);
  term.attachCustomKeyEventHandler((event) => {
    const { ctrlKey, shiftKey, code, type } = event;
    if (!ctrlKey || !shiftKey || type !== "keydown") return true;
    if (code === "KeyE") {
      event.preventDefault();
      term.blur();
      screen.focus();
      return false;
    }
    if (code === "KeyC") {
      event.preventDefault();
      navigator.clipboard?.writeText(term.getSelection());
      return false;
    }
    return true;
  });
  screen.tabIndex = 0;
  screen.addEventListener("keydown", (event) => {
    if (event.target === screen && event.key === "Enter") {
      event.preventDefault();
      term.focus();
    }
  });
  $("#terminal-again").addEventListener("click", connect);
  addEventListener("pagehide", () => socket?.close());
  connect();
})();
