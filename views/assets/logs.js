// A followed log: lines by a WebSocket, at most so many kept, coloured by ansi.js, filtered as one types.
const $ = (selector, root = document) => root.querySelector(selector);
const section = $("#logs");
const log = $("#log");
if (section && log && !section.dataset.started) start();

function start() {
  section.dataset.started = "1";
  const words = JSON.parse(section.dataset.words);
  const most = 10_000;
  const shades = 8;
  let socket;
  const lines = [];
  let unseen = 0;
  let following = true;
  let dropped = false;
  let filter = "";
  let queue = [];
  let scheduled = false;
  const podShades = new Map();
  const styles = new Map();
  const say = (text) => {
    $("#log-state").textContent = text;
  };
  const note = (text) => {
    const element = $("#log-note");
    element.textContent = text;
    element.hidden = text === "";
  };

  function connect() {
    $("#log-again").hidden = true;
    say(words.connecting);
    let said = "";
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/streams?${section.dataset.stream}`);
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      if (message.open) say(words.live);
      if (message.pods) podsKnown(message.pods);
      if (message.lines) {
        queue.push({ lines: message.lines, bytes: new TextEncoder().encode(data).length });
        schedule();
      }
      if (message.said === "tooMany") note(words.tooMany.replace("{n}", message.most));
      if (message.end) said = message.end.message || words.ended;
      if (message.gone) said ||= words.gone[message.gone] ?? words.ended;
    });
    let opened = false;
    socket.addEventListener("open", () => {
      opened = true;
    });
    socket.addEventListener("close", () => {
      say(said || (opened ? words.gone.lost : words.refused));
      $("#log-again").hidden = false;
    });
  }

  function podsKnown(pods) {
    if (pods.length === 0 && lines.length === 0) empty(words.noPods);
    else if (lines.length === 0) empty(words.waiting);
  }
  function empty(text) {
    log.dataset.empty = text;
  }

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    // A hidden page paints nothing, and still has to take what comes.
    if (document.hidden) setTimeout(draw, 200);
    else requestAnimationFrame(draw);
  }
  function draw() {
    scheduled = false;
    const batch = queue;
    queue = [];
    const part = document.createDocumentFragment();
    let bytes = 0;
    for (const one of batch) {
      bytes += one.bytes;
      for (const line of one.lines) part.append(lineOf(line));
    }
    const count = part.childElementCount;
    lines.push(...part.children);
    log.append(part);
    if (lines.length > most) {
      for (const old of lines.splice(0, lines.length - most)) old.remove();
      if (!dropped) note(words.dropped.replace("{n}", most.toLocaleString()));
      dropped = true;
    }
    if (following) toEnd();
    else {
      unseen += count;
      showUnseen();
    }
    if (socket?.readyState === WebSocket.OPEN) socket.send(`{"shown":${bytes}}`);
  }

  function lineOf([pod, container, time, text]) {
    const line = document.createElement("div");
    line.className = "log-line";
    const who = document.createElement("span");
    if (!podShades.has(pod)) podShades.set(pod, podShades.size % shades);
    who.className = `log-pod pod-${podShades.get(pod) + 1}`;
    who.textContent = podShades.size > 1 || !section.dataset.stream.includes("kind=Pod&") ? pod : "";
    who.title = `${pod} · ${container}`;
    const moment = document.createElement("time");
    moment.textContent = time.slice(11, 23);
    moment.title = time;
    const content = document.createElement("span");
    content.className = "log-text";
    const key = `${pod}/${container}`;
    if (!styles.has(key)) styles.set(key, plainStyle());
    for (const piece of ansiPieces(text, styles.get(key))) {
      if (piece.classes.length === 0) content.append(piece.text);
      else {
        const span = document.createElement("span");
        span.className = piece.classes.join(" ");
        span.textContent = piece.text;
        content.append(span);
      }
    }
    line.append(who, moment, content);
    if (filter) line.hidden = !matches(line);
    return line;
  }

  const matches = (line) => line.lastElementChild.textContent.toLowerCase().includes(filter);
  function mark() {
    // Where the browser knows highlights, what was typed is marked without changing the lines.
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("found");
    if (!filter) return;
    const ranges = [];
    for (const line of lines.slice(-2000)) {
      if (line.hidden) continue;
      const walker = document.createTreeWalker(line.lastElementChild, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.data.toLowerCase();
        for (let at = text.indexOf(filter); at >= 0; at = text.indexOf(filter, at + filter.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + filter.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }
  $("#log-filter").addEventListener("input", ({ target }) => {
    filter = target.value.toLowerCase();
    for (const line of lines) line.hidden = filter !== "" && !matches(line);
    mark();
    if (following) toEnd();
  });
  $(".log-bar").addEventListener("submit", (event) => {
    if (document.activeElement === $("#log-filter")) event.preventDefault();
  });

  /** Where the log was scrolled to by itself. */
  let ownTop = -1;
  function toEnd() {
    log.scrollTop = log.scrollHeight;
    ownTop = log.scrollTop;
    unseen = 0;
    showUnseen();
  }
  function showUnseen() {
    const button = $("#log-new");
    button.hidden = unseen === 0;
    button.textContent = words.newLines.replace("{n}", unseen.toLocaleString());
  }
  function follow(on) {
    following = on;
    $("#log-follow").setAttribute("aria-pressed", on);
    if (on) toEnd();
  }
  log.addEventListener("scroll", () => {
    // The event of our own scrolling comes later: it must not take back what the viewer has chosen meanwhile.
    if (log.scrollTop === ownTop) return;
    ownTop = -1;
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    if (atEnd !== following) {
      following = atEnd;
      $("#log-follow").setAttribute("aria-pressed", atEnd);
      if (atEnd) {
        unseen = 0;
        showUnseen();
      }
    }
  });
  const toggle = (button, name) => {
    const on = log.classList.toggle(name);
    button.setAttribute("aria-pressed", on);
    if (following) toEnd();
  };
  $("#log-follow").addEventListener("click", () => follow(!following));
  $("#log-new").addEventListener("click", () => follow(true));
  $("#log-times").addEventListener("click", ({ currentTarget }) => toggle(currentTarget, "times"));
  $("#log-wrap").addEventListener("click", ({ currentTarget }) => toggle(currentTarget, "wrap"));
  $("#log-again").addEventListener("click", connect);
  $("#log-download").addEventListener("click", () => {
    const text = lines
      .map((line) =>
        [...line.children]
          .map((one) => (one.title?.includes("T") ? one.title : one.textContent))
          .filter(Boolean)
          .join(" "),
      )
      .join("\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    link.download = `${new URLSearchParams(section.dataset.stream).get("name")}.log`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.target.closest?.("input,select,textarea") || $("dialog[open]")) return;
      const act = {
        f: () => follow(!following),
        w: () => $("#log-wrap").click(),
        t: () => $("#log-times").click(),
        "/": () => $("#log-filter").focus(),
        End: () => follow(true),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    },
    true,
  );
  addEventListener("pagehide", () => socket?.close());
  empty(words.connecting);
  connect();
}
