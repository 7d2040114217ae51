// Makes the list of suggestions below the product usable by keyboard and pointer. The form works without it.
(() => {
  "use strict";
  const input = document.getElementById("product");
  const list = document.getElementById("suggestions");
  if (!input || !list) return;
  const hint = document.getElementById("product-hint");
  let current = -1;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "suggestions");
  input.setAttribute("aria-expanded", "false");

  const rows = () => [...list.children];
  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  };
  const mark = (place) => {
    current = place;
    rows().forEach((row, number) => row.setAttribute("aria-selected", String(number === place)));
    const row = rows()[place];
    if (row) {
      input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };
  const take = (row) => {
    input.value = row.dataset.code.replace(/^(\d{4})(\d{2})$/, "$1.$2");
    hint.textContent = row.dataset.text;
    hint.lang = "en";
    hint.dir = "ltr";
    show(false);
    document.getElementById("from").focus();
  };

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== list) return;
    show(rows().length > 0 && document.activeElement === input);
  });
  input.addEventListener("keydown", (event) => {
    const count = rows().length;
    if (event.key === "Escape") {
      show(false);
    } else if (event.key === "ArrowDown" && count) {
      event.preventDefault();
      show(true);
      mark((current + 1) % count);
    } else if (event.key === "ArrowUp" && count) {
      event.preventDefault();
      show(true);
      mark((current - 1 + count) % count);
    } else if (event.key === "Enter" && !list.hidden && current >= 0) {
      event.preventDefault();
      take(rows()[current]);
    }
  });
  // The pointer must not take the focus away before the row is taken.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) take(row);
  });
  input.addEventListener("blur", () => show(false));
})();
