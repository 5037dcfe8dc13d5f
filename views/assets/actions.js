// Acting on objects: menus of rows and of the selection, the dialog of an action, and what has been asked for.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const dialog = $("#act");
  const menu = $("#row-menu");
  if (!dialog || !menu) return;
  const headers = () => ({ "hx-request": "true", "hx-current-url": location.href });

  /** An answer as a fragment; what failed as the page that says so, without its frame. */
  async function fragment(url, init = {}) {
    const response = await fetch(url, { ...init, headers: headers() });
    const away = response.headers.get("hx-redirect");
    if (away) location.href = away;
    const text = await response.text();
    if (response.ok || response.status === 422) return { response, text };
    const page = new DOMParser().parseFromString(text, "text/html");
    return { response, text: $("main", page)?.innerHTML ?? text };
  }

  function put(html) {
    dialog.innerHTML = html;
    if (!dialog.open) dialog.showModal();
    else ($("[aria-invalid]", dialog) ?? $("[autofocus]", dialog))?.focus();
  }
  async function ask(url) {
    try {
      put((await fragment(url)).text);
    } catch {
      location.href = url;
    }
  }
  const addressOf = (form) => {
    const fields = new URLSearchParams(new FormData(form));
    fields.delete("_csrf");
    return `${form.getAttribute("action")}?${fields}`;
  };
  async function send(form) {
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const body = new URLSearchParams(new FormData(form));
    try {
      const { response, text } = await fragment(form.getAttribute("action"), { method: "POST", body });
      if (response.status !== 204) return put(text);
      dialog.close();
      // Where the page is not live, the command's own page shows how it goes.
      if (!$("#live")) location.href = response.headers.get("x-act-to");
    } catch {
      delete form.dataset.busy;
      const said = document.createElement("p");
      said.className = "fault";
      said.role = "alert";
      said.textContent = $("#connection")?.dataset.lost ?? "";
      $(".row.end", form).before(said);
    }
  }
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.value === "cancel") dialog.close();
    else send(event.target);
  });
  dialog.addEventListener("change", ({ target }) => {
    if (target.dataset.asks !== undefined) ask(addressOf(target.form));
  });
  document.addEventListener("input", ({ target }) => {
    const go = target.form && $("#act-go[data-verb]", target.form);
    if (go && target.name === "replicas")
      go.textContent = go.dataset.verb.replace("{n}", target.value || "–");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-act]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    for (const one of $$("[popover]:popover-open")) one.hidePopover();
    ask(link.getAttribute("href"));
  });

  // Menus of rows and of the selection
  let opener;
  const nameOf = (row) => {
    const { kind, namespace = "", name, href } = row.dataset;
    return [decodeURIComponent(href.split(/[/?]/)[2]), kind, namespace, name].join("/");
  };
  async function open(button, names) {
    opener = button;
    const query = new URLSearchParams(names.map((name) => ["on", name]));
    try {
      menu.innerHTML = (await fragment(`/actions?${query}`)).text;
    } catch {
      return;
    }
    menu.showPopover();
    const at = button.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const below = at.bottom + height + 8 < innerHeight || at.top < height + 8;
    menu.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
    menu.style.top = `${below ? Math.max(8, Math.min(at.bottom + 4, innerHeight - height - 8)) : at.top - height - 4}px`;
    ($("a[href]", menu) ?? $("a", menu))?.focus();
  }
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed" && menu.contains(document.activeElement)) opener?.focus();
  });
  const picked = () => $$("tr[data-href]:has(.pick:checked)").filter((row) => $("button.dots", row));
  document.addEventListener("click", ({ target }) => {
    const dots = target.closest?.("button.dots");
    if (dots) open(dots, [dots.dataset.on ?? nameOf(dots.closest("tr"))]);
    const selected = target.closest?.('[data-selection="actions"]');
    if (selected && picked().length > 0) open(selected, picked().map(nameOf));
  });
  document.addEventListener("keydown", (event) => {
    const inside = event.target.closest?.(".acts-menu");
    if (inside && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const items = $$("a", inside);
      const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      items[(at + items.length) % items.length]?.focus();
      return;
    }
    if (event.key !== "a" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input:not([type=checkbox]),textarea,select,[contenteditable]")) return;
    if ($("dialog[open],[popover]:popover-open")) return;
    const rows = picked();
    const row = $("tr[data-cursor]");
    if (rows.length > 0) open($('[data-selection="actions"]'), rows.map(nameOf));
    else if (row && $("button.dots", row)) open($("button.dots", row), [nameOf(row)]);
    else $("#acts-button")?.click();
  });
  $("#acts")?.addEventListener("toggle", ({ newState, target }) => {
    if (newState === "open") ($("a[href]", target) ?? $("a", target))?.focus();
  });

  // What has been asked for: what ended well goes by itself, and what was dismissed stays away.
  const key = "atlhyper-dismissed";
  const dismissed = new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
  const timers = new Map();
  const toastMs = 8000;
  // By the server's clock: a page that is opened later does not begin anew.
  const skew = Date.now() - Number(document.documentElement.dataset.now || Date.now());
  function dismiss(toast) {
    dismissed.add(toast.id + toast.className);
    sessionStorage.setItem(key, JSON.stringify([...dismissed].slice(-100)));
    toast.hidden = true;
  }
  function look() {
    for (const toast of $$(".toast")) {
      const gone = dismissed.has(toast.id + toast.className);
      if (toast.hidden !== gone) toast.hidden = gone;
      if (gone || !("ends" in toast.dataset) || timers.has(toast.id)) continue;
      const end = () => {
        const there = document.getElementById(toast.id);
        if (there?.matches(":hover,:focus-within")) timers.set(toast.id, setTimeout(end, 1000));
        else if (there) dismiss(there);
      };
      timers.set(
        toast.id,
        setTimeout(end, Math.max(1000, Number(toast.dataset.ends) + toastMs + skew - Date.now())),
      );
    }
  }
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-dismiss]");
    if (button) dismiss(button.closest(".toast"));
  });
  const doing = $("#doing");
  if (doing) {
    new MutationObserver(look).observe(doing, { childList: true, subtree: true, attributes: true });
    look();
  }
})();
