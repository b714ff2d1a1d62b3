// The administration: what every page has.

import { announce } from "./swap.js";
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

// A page that says how the server is refreshes by itself, and says so when it cannot:
// kept open on a wall, it must not go on showing what was.
async function refresh() {
  const shown = document.querySelector("[data-refresh]");
  if (shown && !document.hidden) {
    const fresh = await fetched(shown.id);
    if (fresh && shown.isConnected) replaced(shown, fresh);
    const note = document.getElementById("unfresh");
    if (note) note.hidden = Boolean(fresh);
  }
  setTimeout(refresh, 1000 * (shown?.dataset.refresh ?? 10));
}

/** The part as the server makes it now, nothing when it does not. */
async function fetched(id) {
  try {
    const reply = await fetch(location.href, { headers: { Swap: "1", Unattended: "1", Accept: "text/html" }, signal: AbortSignal.timeout(8000) });
    return reply.ok && new DOMParser().parseFromString(await reply.text(), "text/html").getElementById(id);
  } catch {
    return null;
  }
}

function replaced(shown, fresh) {
  const said = fresh.querySelector("#verdict")?.textContent;
  const changed = said !== shown.querySelector("#verdict")?.textContent;
  for (const open of shown.querySelectorAll("details[id][open]")) fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
  const focused = document.activeElement;
  const folded = focused?.localName === "summary" && shown.contains(focused) ? focused.parentElement.id : "";
  if (folded || !shown.contains(focused)) shown.replaceWith(fresh);
  if (folded) document.getElementById(folded)?.querySelector("summary").focus({ preventScroll: true });
  if (changed) announce(said);
}

if (document.querySelector("[data-refresh]")) setTimeout(refresh, 10000);
