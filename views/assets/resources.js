// The editor of manifests: Tab indents, Escape gives Tab back to the page, Ctrl+S reviews.
(() => {
  let free = false;
  document.addEventListener("keydown", (event) => {
    const area = event.target.closest?.("textarea[data-editor]");
    if (!area || event.isComposing) return;
    if (event.key === "Escape") {
      free = true;
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      area.form.requestSubmit();
      return;
    }
    if (event.key !== "Tab" || event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key !== "Shift") free = false;
      return;
    }
    if (free) {
      free = false;
      return;
    }
    event.preventDefault();
    const { selectionStart: from, selectionEnd: to, value } = area;
    const start = value.lastIndexOf("\n", from - 1) + 1;
    if (!event.shiftKey && from === to) {
      area.setRangeText("  ", from, to, "end");
      return;
    }
    const lines = value.slice(start, to).split("\n");
    const moved = lines.map((one) => (event.shiftKey ? one.replace(/^ {1,2}/, "") : `  ${one}`));
    area.setRangeText(moved.join("\n"), start, to, "select");
  });
  // A file that is chosen goes into the text that it is for.
  document.addEventListener("change", async (event) => {
    const [file] = event.target.files ?? [];
    const area = document.getElementById(event.target.dataset?.reads ?? "");
    if (file && area) area.value = await file.text();
  });
})();
