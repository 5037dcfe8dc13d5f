// What the pages do beyond htmx: the connection mark, ages that count on, keys, menus, selection, copying.
// Everything works without it but the live stream and these comforts.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Ages: the same rules as views/parts/format.ts.
  const two = (big, unit, small, smallUnit) => (small === 0 ? big + unit : big + unit + small + smallUnit);
  const formatDuration = (ms) => {
    const s = Math.floor(ms / 1e3);
    const m = Math.floor(s / 60);
    const h = Math.floor(m / 60);
    const d = Math.floor(h / 24);
    if (s < 120) return `${s}s`;
    if (m < 10) return two(m, "m", s % 60, "s");
    if (h < 3) return `${m}m`;
    if (h < 8) return two(h, "h", m % 60, "m");
    if (h < 48) return `${h}h`;
    if (d < 8) return two(d, "d", h % 24, "h");
    if (d < 730) return `${d}d`;
    const y = Math.floor(d / 365);
    return d < 2920 ? two(y, "y", d % 365, "d") : `${y}y`;
  };
  // The server's clock rules: ages that were rendered a moment ago must not jump with a wrong local one.
  const skew = Date.now() - Number(document.documentElement.dataset.now || Date.now());
  let tick = 0;
  const countOn = () => {
    if (document.hidden) return;
    tick++;
    const now = Date.now() - skew;
    for (const time of document.getElementsByTagName("time")) {
      if ("exact" in time.dataset) continue;
      const ms = Math.abs(now - Date.parse(time.dateTime));
      // What is older than ten minutes changes by the minute at most.
      if (ms > 6e5 && tick % 15 !== 0) continue;
      const text = formatDuration(ms);
      if (time.firstChild?.nodeValue !== text) time.textContent = text;
    }
  };
  setInterval(countOn, 1000);
  const exact = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "long",
  });
  // Moments that are written out, in the viewer's zone; the day only once where it is that of the one before.
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const written = (options) => new Intl.DateTimeFormat(document.documentElement.lang, options);
  const sameDay = written(clock);
  const otherDay = written({ ...clock, year: "numeric", month: "short", day: "numeric" });
  const minute = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", month: "short", day: "numeric" };
  const minuteOf = written(minute);
  const minuteOfYear = written({ ...minute, year: "numeric" });
  function writeOut() {
    for (const time of $$("time[data-exact]")) {
      const at = new Date(time.dateTime);
      if (time.dataset.exact) {
        time.textContent = (at.getFullYear() === new Date().getFullYear() ? minuteOf : minuteOfYear).format(
          at,
        );
        continue;
      }
      const before = time.previousElementSibling?.dateTime;
      const again = before && new Date(before).toDateString() === at.toDateString();
      time.textContent = (again ? sameDay : otherDay).format(at);
    }
  }
  writeOut();
  document.addEventListener("htmx:after:swap", writeOut);
  document.addEventListener("pointerover", (event) => {
    const time = event.target.closest?.("time");
    if (time && !time.title) time.title = exact.format(new Date(time.dateTime));
  });

  // What people enter is by their own clocks, unless they say others.
  for (const zone of $$("input[data-own-zone]")) {
    zone.defaultValue = new Intl.DateTimeFormat().resolvedOptions().timeZone || zone.value;
    for (const one of $$("input[data-at]", zone.form)) {
      const at = new Date(Number(one.dataset.at));
      one.defaultValue = new Date(at - at.getTimezoneOffset() * 6e4).toISOString().slice(0, 16);
    }
  }

  // What is wrong with a form that was sent may be far below.
  $("main [aria-invalid=true]")?.focus();

  // Morphing keeps what the viewer did, and shows what changed.
  const glowing = new Map();
  htmx.registerExtension("atlhyper", {
    // False keeps the attribute as it is: what the viewer opened stays open, the cursor stays on its row.
    htmx_before_morph_attr(element, { attrName, newValue }) {
      // What was dismissed stays away; which one that is, only the browser knows.
      if (attrName === "hidden" && element.classList.contains("toast")) return false;
      if (attrName === "open") return !/^(DETAILS|DIALOG)$/.test(element.tagName);
      if (attrName === "title") return element.tagName !== "TIME" || newValue !== null;
      return attrName !== "data-cursor" && attrName !== "data-glow-now";
    },
    htmx_before_morph_node(oldNode, { newNode }) {
      if (oldNode.hasAttribute?.("data-glow") && oldNode.textContent !== newNode.textContent) glow(oldNode);
    },
  });
  function glow(element) {
    clearTimeout(glowing.get(element));
    element.setAttribute("data-glow-now", "");
    glowing.set(
      element,
      setTimeout(() => {
        element.removeAttribute("data-glow-now");
        glowing.delete(element);
      }, 1000),
    );
  }

  // Connection mark
  const connection = () => $("#connection");
  function connected(state) {
    const element = connection();
    if (!element || element.dataset.state === state) return;
    const before = element.dataset.state;
    element.dataset.state = state;
    const label = state === "live" && before === "lost" ? "again" : state;
    $(".label", element).textContent = element.dataset[label];
    if (label !== "again") return;
    setTimeout(() => {
      if (element.dataset.state === "live") $(".label", element).textContent = element.dataset.live;
    }, 3000);
  }
  let losing;
  document.addEventListener("htmx:sse:after:connection", (event) => {
    if (event.detail.connection.status >= 400) return;
    clearTimeout(losing);
    connected("live");
  });
  // A stream that ends is opened again at once; only when that takes a while is the connection lost.
  const lose = () => {
    clearTimeout(losing);
    losing = setTimeout(() => !document.hidden && connected("lost"), 1500);
  };
  document.addEventListener("htmx:sse:error", lose);
  document.addEventListener("htmx:error", (event) => event.target.id === "live" && lose());
  // A filter or a step that failed: the page itself says what is wrong, and whether there is a way on.
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    if (
      ctx.sourceElement.id !== "live" &&
      ctx.target?.id !== "found" &&
      ctx.request.method === "GET" &&
      !ctx.hx.redirect
    )
      location.href = ctx.request.action;
  });
  addEventListener("offline", () => connected("lost"));
  // Back on the network: at once, rather than when the next attempt would be due.
  addEventListener("online", () => {
    const stream = $("#live")?._htmx?.sse;
    stream?.reader?.cancel();
    stream?.delayCanceller?.();
  });
  // The extension gives up only on the very first connection; that one is tried again here.
  document.addEventListener("htmx:finally:request", (event) => {
    const live = $("#live");
    if (event.target !== live || live._htmx?.sse || live.dataset.ended) return;
    lose();
    setTimeout(() => {
      if (live.isConnected && !live._htmx?.sse && !live.dataset.ended)
        htmx.ajax("GET", live.getAttribute("hx-sse:connect"), { source: live });
    }, 3000);
  });
  document.addEventListener("session-end", () => {
    $("#live").dataset.ended = "1";
    connected("lost");
  });

  // Rows: cursor and selection
  const rows = () => $$("tr[data-href]");
  const cursor = () => $("tr[data-cursor]");
  function move(by) {
    const all = rows();
    if (all.length === 0) return;
    const now = cursor();
    const at = now ? all.indexOf(now) + by : by > 0 ? 0 : all.length - 1;
    const next = all[Math.max(0, Math.min(all.length - 1, at))];
    now?.removeAttribute("data-cursor");
    next.setAttribute("data-cursor", "");
    $("a", next)?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  const picked = () => $$("tr[data-href]:has(.pick:checked)");
  function showSelection() {
    const bar = $("#selection");
    if (!bar) return;
    const count = picked().length;
    bar.hidden = count === 0;
    $("output", bar).textContent = bar.dataset.text.replace("{n}", count);
  }
  function clearSelection() {
    for (const box of $$(".pick:checked")) box.checked = false;
    showSelection();
  }
  document.addEventListener("htmx:after:swap", (event) => {
    showSelection();
    if (event.detail.ctx.sourceElement?.hasAttribute?.("data-top")) scrollTo(0, 0);
  });

  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without https there is no clipboard API.
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const label = $(".label", button) ?? button;
    const before = label.textContent;
    label.textContent = button.dataset.copied ?? document.body.dataset.copied;
    setTimeout(() => {
      label.textContent = before;
    }, 1500);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy],[data-dialog],[data-close],[data-selection]");
    if (!button) return;
    if (button.dataset.copy !== undefined) {
      copy(button.dataset.copy || $("pre,code,input", button.parentElement).textContent, button);
    } else if (button.dataset.dialog) {
      // One dialog leads to another, not on top of it.
      button.closest("dialog")?.close();
      document.getElementById(button.dataset.dialog)?.showModal();
    } else if (button.dataset.close !== undefined) {
      button.closest("dialog")?.close();
    } else if (button.dataset.selection === "clear") {
      clearSelection();
    } else if (button.dataset.selection === "names") {
      copy(
        picked()
          .map((row) => row.dataset.name)
          .join("\n"),
        button,
      );
    } else if (button.dataset.selection === "kubectl") {
      copy(kubectl(picked()), button);
    }
  });
  function kubectl(list) {
    const groups = new Map();
    for (const { dataset } of list) {
      const key = `${dataset.kind}${dataset.namespace ? ` -n ${dataset.namespace}` : ""}`;
      groups.set(key, [...(groups.get(key) ?? []), dataset.name]);
    }
    return [...groups]
      .map(([key, names]) => {
        const [kind, ...rest] = key.split(" ");
        return ["kubectl", ...rest, "get", kind, ...names].join(" ");
      })
      .join("\n");
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches(".pick")) showSelection();
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // Keys
  const go = JSON.parse(document.body.dataset.go ?? "{}");
  let goUntil = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    const field = event.target.closest?.("input:not([type=checkbox]),textarea,select,[contenteditable]");
    if (event.key === "Escape") {
      if ($("dialog[open],[popover]:popover-open")) return;
      if (field?.matches("[type=search],#search") && field.value !== "") {
        // Browsers clear the field too, but not all of them tell.
        event.preventDefault();
        field.value = "";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      } else if (field) field.blur();
      else if (picked().length > 0) clearSelection();
      else cursor()?.removeAttribute("data-cursor");
      return;
    }
    if (field || $("dialog[open]")) return;
    if (goUntil > Date.now()) {
      goUntil = 0;
      if (go[event.key]) {
        event.preventDefault();
        location.href = go[event.key];
      }
      return;
    }
    const action = {
      j: () => move(1),
      k: () => move(-1),
      x: () => $(".pick", cursor() ?? undefined)?.click(),
      "/": () => $("#search")?.focus(),
      f: () => $("#filter")?.focus(),
      g: () => {
        goUntil = Date.now() + 1500;
      },
      "?": () => $("#help")?.showModal(),
    }[event.key];
    if (action && !(event.key === "x" && !cursor())) {
      event.preventDefault();
      action();
      return;
    }
    if (event.key === "Enter" && cursor() && !event.target.closest("a,button,input,summary"))
      location.href = cursor().dataset.href;
  });

  // The theme changes at once; the form that carries it is the way without scripts.
  document.addEventListener("submit", (event) => {
    const theme = event.submitter?.name === "theme" && event.submitter.value;
    if (!theme) return;
    event.preventDefault();
    document.documentElement.dataset.theme = theme;
    document.cookie = `atlhyper_theme=${theme};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
    for (const one of $$("[name=theme]")) one.setAttribute("aria-pressed", one.value === theme);
  });
})();
