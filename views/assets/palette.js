// The command palette: Ctrl/⌘-K finds objects, pages and actions. The box keeps the focus, arrow keys go through what was found.
(() => {
  const dialog = document.getElementById("palette");
  const box = document.getElementById("palette-input");
  const list = document.getElementById("palette-list");
  if (!dialog || !box || !list) return;
  const key = "atlhyper-recent";
  const most = 8;
  const recent = () => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "[]").slice(0, most);
    } catch {
      return [];
    }
  };
  const options = () => [...list.querySelectorAll("[role=option]")];
  let at = 0;
  function mark(next) {
    const all = options();
    all[at]?.setAttribute("aria-selected", "false");
    at = all.length === 0 ? 0 : (next + all.length) % all.length;
    const now = all[at];
    now?.setAttribute("aria-selected", "true");
    now?.scrollIntoView({ block: "nearest" });
    if (now) box.setAttribute("aria-activedescendant", now.id);
    else box.removeAttribute("aria-activedescendant");
  }
  let asked = 0;
  async function load() {
    const query = new URLSearchParams(location.search);
    const wanted = new URLSearchParams({ q: box.value });
    for (const name of ["cluster", "namespace"]) if (query.get(name)) wanted.set(name, query.get(name));
    if (box.value.trim() === "") for (const one of recent()) wanted.append("recent", one);
    const own = ++asked;
    try {
      const response = await fetch(`/palette?${wanted}`, {
        headers: { "hx-request": "true", "hx-current-url": location.href },
      });
      const away = response.headers.get("hx-redirect");
      if (away) location.href = away;
      const text = await response.text();
      // An answer that was overtaken by a later one is of no use.
      if (own !== asked || !response.ok) return;
      list.innerHTML = text;
      at = 0;
      mark(0);
    } catch {
      // The next letter tries again.
    }
  }
  function open() {
    if (dialog.open) return dialog.close();
    if (document.querySelector("dialog[open]")) return;
    box.value = "";
    list.replaceChildren();
    dialog.showModal();
    box.focus();
    load();
  }
  document.addEventListener("keydown", (event) => {
    if (
      event.key.toLowerCase() !== "k" ||
      !(event.ctrlKey || event.metaKey) ||
      event.altKey ||
      event.shiftKey
    )
      return;
    event.preventDefault();
    open();
  });
  document.getElementById("palette-button")?.addEventListener("click", open);
  let timer;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, 80);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      options()[at]?.click();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  // Before the link is followed, or its dialog opened: closed, and remembered.
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    const href = option.getAttribute("href");
    localStorage.setItem(
      key,
      JSON.stringify([href, ...recent().filter((one) => one !== href)].slice(0, most)),
    );
    if (!event.ctrlKey && !event.metaKey) dialog.close();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
})();
