// What every page does a little better with script: menus that close, copies,
// dialogs, forms that go by themselves.

import { toast } from "./swap.js";

// On the way to or from a provider nobody has to press anything.
document.querySelector("form[data-onward]")?.submit();
if (document.querySelector("form[data-passkey]")) import("./passkey.js");

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
  const opener = event.target.closest("[data-open]");
  if (opener) open(opener, event);
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.closest("[data-print]")) print();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-go]")) event.target.form.requestSubmit();
  if (event.target.matches("[type=file][data-most]")) weigh(event.target);
});

/** Says at once when a file is too large, rather than after sending it. */
function weigh(input) {
  const most = Number(input.dataset.most);
  const heavy = most && [...input.files].some((file) => file.size > most);
  input.setCustomValidity(heavy ? document.getElementById(`${input.id}-help`)?.textContent.trim() || "!" : "");
  if (heavy) input.reportValidity();
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  toast(document.body.dataset.copied);
}

// A link to a page of its own, shown as a dialog where there is one.
function open(link, event) {
  const dialog = document.getElementById(link.dataset.open);
  if (!dialog?.showModal) return;
  event.preventDefault();
  dialog.showModal();
}
