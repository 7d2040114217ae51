// Makes the list of suggestions below the product usable by keyboard and pointer. The form works without it.
(() => {
  "use strict";
  const input = document.getElementById("product");
  const list = document.getElementById("suggestions");
  if (!input || !list) return;
  const hint = document.getElementById("product-hint");
  const code = document.getElementById("code");
  const codeFor = document.getElementById("code_for");
  const advice = hint.dataset.advice;
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
  const describe = (text, inEnglish) => {
    hint.textContent = text;
    hint.lang = inEnglish ? "en" : document.documentElement.lang;
    hint.dir = inEnglish ? "ltr" : document.documentElement.dir;
  };
  // The asker's own words stay in the field; the code goes with them. Digits are completed to the whole code.
  const take = (row) => {
    const dotted = row.dataset.code.replace(/^(\d{4})(\d{2})$/, "$1.$2");
    if (/^[\d.\s]*$/.test(input.value)) input.value = dotted;
    code.value = row.dataset.code;
    codeFor.value = input.value;
    describe(`${dotted} ${row.dataset.text}`, true);
    show(false);
    document.getElementById("from").focus();
  };
  input.addEventListener("input", () => {
    if (code.value && input.value !== codeFor.value) {
      code.value = "";
      describe(advice, false);
    }
  });

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== list) return;
    // The rows are new, so the reader has not marked any of them.
    mark(-1);
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
