// Forms and links marked data-swap are sent by fetch; of the reply, each element
// that has an id takes the place of its namesake in the page. Without script,
// the same forms and links load whole pages.
//
// The server may name in its headers where the browser now is (Swap-Url) or
// where it must go instead (Swap-Location), and that a form was refused because of who
// is signed in now (Page-Person: ended or other): a page that goes on by itself takes
// the event "refused", and is left as it was.

const pages = new Map(); // place in the history → the main part left there
let place = history.state?.place ?? 0;

history.replaceState({ ...history.state, place }, "");

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (event.defaultPrevented || !form.matches("[data-swap]") || button?.hasAttribute("data-whole")) return;
  event.preventDefault();
  send(form, button);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.getAttribute("target")) return;
  event.preventDefault();
  load(addressOf(link));
});

window.addEventListener("popstate", async (event) => {
  keep();
  place = event.state?.place ?? 0;
  const left = pages.get(place);
  if (left) show([left]);
  else if (!(await get(location.href, { push: false }))) location.reload();
});

/** Where a link leads; one of a drawing says it otherwise. */
export const addressOf = (link) => new URL(link.getAttribute("href"), document.baseURI).href;

/** Sends a form as its button would, and swaps what comes back. */
export async function send(form, button) {
  if (form.getAttribute("aria-busy") === "true") return false;
  const data = new FormData(form, button);
  const method = (button?.formMethod || form.method).toUpperCase();
  const url = new URL(button?.hasAttribute("formaction") ? button.formAction : form.action);
  const options = { method };
  if (method === "GET") url.search = new URLSearchParams(data);
  else options.body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  form.setAttribute("aria-busy", "true");
  button?.setAttribute("aria-busy", "true");
  const done = tellSlow(form);
  try {
    return await get(url, { ...options, push: method === "GET" || !form.hasAttribute("data-stay") });
  } finally {
    form.removeAttribute("aria-busy");
    button?.removeAttribute("aria-busy");
    done();
  }
}

/** Where a form has room for it, says that it is being sent once that takes a moment, and
 * that nothing is lost once it takes long. Returns what takes that back. */
function tellSlow(form) {
  const said = form.querySelector("[data-sending]");
  if (!said) return () => {};
  const say = (words) => {
    said.textContent = words;
    said.hidden = false;
    announce(words);
  };
  const waits = [setTimeout(say, 1000, said.dataset.sending), setTimeout(say, 10000, said.dataset.long)];
  return () => {
    waits.forEach(clearTimeout);
    said.hidden = true;
  };
}

/** Goes to an address inside the page. */
export async function load(url, headers) {
  if (!(await get(url, { push: true, visit: true, headers }))) location.assign(url);
}

/** Fetches and swaps; reports whether the page was changed, "lost" when no reply
 * came, or "refused" when the page was left as it was because of who is signed in. */
export async function get(url, { push = false, visit = false, quiet = false, needs, ...options } = {}) {
  let reply, text;
  try {
    const person = document.body.dataset.person; // whoever signs in meanwhile is not who typed
    if (person && options.method === "POST") options.headers = { ...options.headers, "Page-Person": person };
    reply = await fetch(url, { ...options, headers: { ...options.headers, Swap: "1", Accept: "text/html" } });
    text = await reply.text();
  } catch {
    if (!quiet) toast(document.body.dataset.offline);
    return "lost"; // the page stays as it was, with what was typed
  }
  const refused = reply.headers.get("Page-Person");
  if (refused && !document.dispatchEvent(new CustomEvent("refused", { cancelable: true, detail: refused }))) return "refused";
  const elsewhere = reply.headers.get("Swap-Location");
  if (elsewhere) {
    location.assign(elsewhere);
    return true;
  }
  const parts = [...new DOMParser().parseFromString(text, "text/html").body.children].flatMap((part) => ("parts" in part.dataset ? [...part.children] : part)).filter((part) => part.id && document.getElementById(part.id));
  if (!parts.length || (needs && !parts.some((part) => part.id === needs))) return false;
  const failed = !reply.ok && parts.some((part) => part.querySelector(".failure")); // Back leads to what was typed
  if (push) go(reply.headers.get("Swap-Url") ?? (visit || reply.redirected ? reply.url : location.href), failed);
  show(parts);
  return true;
}

/** Remembers the page and moves on in the history, to the same address only if told. */
function go(url, again) {
  if (!again && new URL(url, location.href).href === location.href) return;
  keep();
  place += 1;
  history.pushState({ place }, "", url);
}

function keep() {
  const main = document.getElementById("main");
  if (main && !("live" in main.dataset)) pages.set(place, main);
  if (pages.size > 40) pages.delete(pages.keys().next().value);
}

/** Puts the parts in the place of their namesakes, then moves the focus. */
function show(parts) {
  const change = () => {
    for (const part of parts) replace(document.getElementById(part.id), part);
    const main = parts.find((part) => part.id === "main");
    if (main) arrive(main);
    document.dispatchEvent(new CustomEvent("swapped", { detail: parts }));
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (document.startViewTransition && !still && parts.some((part) => part.id === "main")) document.startViewTransition(change);
  else change();
}

/** What stays the same stays as it is, and what was open stays open. */
function replace(old, part) {
  if (!old || (old.dataset.same && old.dataset.same === part.dataset.same)) return;
  if (old.localName === "details") part.open = old.open;
  old.replaceWith(part);
}

/** Does for a new main part what a browser does for a new page. */
function arrive(main) {
  document.title = main.dataset.title ?? document.title;
  theme(main.dataset.themeSheet ?? "");
  const heading = main.querySelector("h1");
  const target = main.querySelector("#problems, [autofocus]") ?? heading ?? main;
  if (target === heading) heading.tabIndex = -1;
  scrollTo({ top: 0, behavior: "instant" });
  target.focus({ preventScroll: target === heading });
  announce(document.title);
}

function theme(url) {
  let sheet = document.getElementById("theme");
  if (!url) return sheet?.remove();
  if (!sheet) {
    sheet = Object.assign(document.createElement("link"), { id: "theme", rel: "stylesheet" });
    document.head.append(sheet);
  }
  if (sheet.getAttribute("href") !== url) sheet.href = url;
}

/** Says something to those who listen to the page. */
export function announce(words) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = words;
}

/** Shows a sentence for a moment. Of two about the same thing the later is shown: the
 * earlier holds no more. */
export function toast(words, about = "") {
  const tray = document.getElementById("toasts");
  if (!tray || !words) return;
  const sheet = Object.assign(document.createElement("div"), { className: "toast", textContent: words });
  if (about) for (const earlier of tray.querySelectorAll(`[data-about="${about}"]`)) earlier.remove();
  sheet.dataset.about = about;
  tray.append(sheet);
  setTimeout(() => sheet.remove(), 6000);
}
