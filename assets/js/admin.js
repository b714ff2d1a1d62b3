// The administration: what every page has.

import "./swap.js";
import "./page.js";
import "./search-box.js";

// One box chooses every line of the page, and shows whether all are.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.several");
  if (!form) return;
  const all = form.querySelector("[data-pick-all]");
  const lines = [...form.querySelectorAll("input[name=pick]")];
  if (event.target === all) for (const line of lines) line.checked = all.checked;
  if (!all) return;
  const chosen = lines.filter((line) => line.checked).length;
  all.checked = chosen > 0 && chosen === lines.length;
  all.indeterminate = chosen > 0 && chosen < lines.length;
});
