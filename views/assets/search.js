// The results under the search box: arrow keys go through them, Enter opens one, leaving closes them.
(() => {
  const box = document.getElementById("search");
  const found = document.getElementById("found");
  if (!box || !found) return;
  const options = () => [...found.querySelectorAll("[role=option]")];
  let at = -1;
  function mark(next) {
    const all = options();
    all[at]?.setAttribute("aria-selected", "false");
    at = next < -1 ? all.length - 1 : next >= all.length ? -1 : next;
    const now = all[at];
    now?.setAttribute("aria-selected", "true");
    now?.scrollIntoView({ block: "nearest" });
    if (now) box.setAttribute("aria-activedescendant", now.id);
    else box.removeAttribute("aria-activedescendant");
  }
  function show(open) {
    if (!open) mark(-1);
    found.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
  }
  const usable = () => box.value.trim() !== "" && found.childElementCount > 0;
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.target !== found && event.detail.ctx?.target !== found) return;
    at = -1;
    show(usable() && document.activeElement === box);
  });
  box.addEventListener("input", () => {
    // What is shown is of the words before; the one that was picked may not be there any more.
    if (box.value.trim() === "") show(false);
    else mark(-1);
  });
  box.addEventListener("focus", () => show(usable()));
  box.form.addEventListener("focusout", (event) => {
    if (!box.form.contains(event.relatedTarget)) show(false);
  });
  // The box keeps the focus when a result is clicked, so that it is still there for the click.
  found.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || found.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      options()[at].click();
    }
  });
})();
