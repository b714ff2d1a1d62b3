// The page of a procedure: edits save themselves, the canvas zooms and is
// walked by keyboard, the tree filters. Without any of this every edit is a
// form with a button.

import { addressOf, announce, get, load, send, toast } from "./swap.js";

const patience = 900; // ms after the last key before an edit is sent
const page = document.querySelector(".editor-page");
document.documentElement.classList.add("scripted");

// Saving by itself ----------------------------------------------------------

let timer;
let queue = Promise.resolve(); // edits are sent one after the other
let waiting = 0; // of them
let refused; // why nothing of it is saved, as it was told: its person is not who is signed in
let down = false; // a button of the mouse or a finger

addEventListener("pointerdown", () => (down = true), true);
for (const up of ["pointerup", "pointercancel"]) addEventListener(up, () => (down = false), true);

const formOf = (target) => target.closest?.("form[data-autosave]");
const isPicture = (name) => name === "file" || name === "resource" || name?.startsWith("alt.");

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (form && !isPicture(event.target.name)) changed(form, patience);
});

document.addEventListener("change", (event) => {
  const form = formOf(event.target);
  if (!form?.dataset.changed || event.target.closest(".insert")) return;
  if (event.target.matches(".entry select[name$='.type']")) return form.requestSubmit(form.querySelector("button.save")); // other properties count
  if (down) addEventListener("pointerup", () => setTimeout(() => save(form)), { once: true }); // nothing moves under a click
  else save(form);
});

/** Has the form saved in a while. */
function changed(form, after) {
  form.dataset.changed = "1";
  say("unsaved");
  clearTimeout(timer);
  timer = setTimeout(() => save(form), after);
}

/** Says how far saving has come. */
function say(state) {
  const line = document.querySelector("#editor-bar .saved");
  if (!line) return;
  line.textContent = line.dataset[state];
}

/** Sends what was typed, without touching the form it is typed in. */
function save(form) {
  clearTimeout(timer);
  if (!form.dataset.changed) return queue;
  delete form.dataset.changed;
  waiting += 1;
  return (queue = queue.then(() => sendEdit(form)).finally(() => (waiting -= 1)));
}

async function sendEdit(form) {
  delete form.dataset.changed; // what was typed while others were sent goes with it
  say("saving");
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && !isPicture(name)) data.append(name, value);
  data.set("do", "save");
  data.set("quiet", "1");
  data.set("drawn", drawnMarks());
  const done = await get(form.action, { method: "POST", body: data, needs: "editor-bar" });
  if (done !== true) return again(form, done);
  const revision = document.querySelector("#editor-bar [name=revision]")?.value;
  if (revision) form.elements.revision.value = revision;
  if (form.dataset.changed) say("unsaved");
}

/** Tries again in a while, also for who signs in again elsewhere. */
function again(form, done) {
  changed(form, 5000);
  say(done === "refused" ? refused : "lost");
}

// What was typed stays in its fields, for whoever it is of to come back.
document.addEventListener("refused", (event) => {
  event.preventDefault();
  say(event.detail);
  if (refused !== event.detail) toast(document.querySelector("#editor-bar .saved")?.dataset[`${event.detail}Help`], "person"); // once, not each time it is tried
  refused = event.detail;
});

addEventListener("online", () => settle());

/** What is typed goes first, before another part is chosen or a button does
 * more; reports whether it has gone. */
async function settle() {
  const form = changedForm();
  await (form ? save(form) : queue);
  return !changedForm();
}

const changedForm = () => document.querySelector("form[data-autosave][data-changed]");
const pending = () => waiting || changedForm();

// Another part is chosen: what is typed is kept first, and nothing more goes
// into a form that is about to be exchanged.
document.addEventListener(
  "click",
  async (event) => {
    const link = event.target.closest?.(".editor-page a[data-swap]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    const card = link.matches("[data-step]");
    if (card && event.detail === 2) return rewrite(link); // what the first click chose is here, or comes
    write = card && event.detail === 0 ? "form" : null; // by Enter
    const inspector = document.getElementById("editor-inspector");
    inspector.inert = true;
    if (await settle()) await load(addressOf(link), drawnHeader());
    inspector.inert = false;
  },
  true,
);

// A link that leads away waits as well. What could not be saved leaves the
// person the choice: the browser asks.
document.addEventListener(
  "click",
  async (event) => {
    const link = event.target.closest?.(".editor-page a[href]:not([data-swap])");
    if (!link || !pending() || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return;
    if (!["", "_self"].includes(link.getAttribute("target") ?? "") || link.hasAttribute("download") || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    await settle();
    location.assign(addressOf(link));
  },
  true,
);

/** A double click on a card leads into its form. */
function rewrite(card) {
  if (document.getElementById("editor-inspector").inert) write = "form";
  else if (card.getAttribute("aria-current") === "true") fieldsOf(document.querySelector(".inspector-form"))[0]?.focus();
}

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.closest(".editor-page") || !form.matches("[data-swap]")) return;
    if (form.getAttribute("aria-busy") !== "true") ask(event.submitter);
    refused = null; // who presses is told again
    if (form.elements.drawn) form.elements.drawn.value = drawnMarks();
    const whole = form.matches("[data-autosave]"); // its own fields go with the button
    if (!whole && !pending()) return;
    event.preventDefault();
    event.stopPropagation();
    if (form.getAttribute("aria-busy") === "true") return;
    clearTimeout(timer);
    if (whole) delete form.dataset.changed;
    const file = form.querySelector("[name=picture_at]");
    if (file && cursor.field?.isConnected) file.value = cursor.at;
    const button = event.submitter;
    if (!(await settle())) return;
    const revision = document.querySelector("#editor-bar [name=revision]");
    const field = form.querySelector("[name=revision]");
    if (revision && field) field.value = revision.value;
    if (form.elements.drawn) form.elements.drawn.value = drawnMarks(); // which saving has changed
    const done = await send(form, button);
    if (whole && (done === "lost" || done === "refused")) again(form, done);
  },
  true,
);

addEventListener("beforeunload", (event) => {
  if (pending()) event.preventDefault();
});

// What stays when parts are exchanged ---------------------------------------

let held; // what had the focus
const view = { zoom: 1, left: null, top: null };
const cursor = { field: null, at: "" };

document.addEventListener("focusin", (event) => {
  const at = event.target;
  held = at.dataset?.step ? `[data-step="${CSS.escape(at.dataset.step)}"]:is(a)` : at.id ? `#${CSS.escape(at.id)}` : at.name ? `[name="${CSS.escape(at.name)}"][value="${CSS.escape(at.value ?? "")}"]` : null;
});

document.addEventListener("focusout", (event) => {
  if (!event.target.matches?.("[data-markdown]")) return;
  cursor.field = event.target;
  cursor.at = [...event.target.value.slice(0, event.target.selectionStart)].length;
});

document.addEventListener("swapped", (event) => {
  refused = null;
  const parts = event.detail;
  const inspector = parts.find((part) => part.id === "editor-inspector");
  const bar = parts.find((part) => part.id === "editor-bar");
  if (bar && !inspector) freshen(bar);
  if (parts.some((part) => part.id === "editor-canvas")) drawn();
  else if (inspector && frame() && chosen()) reveal(chosen());
  if (bar) {
    announce(bar.querySelector(".saved")?.textContent ?? "");
    const heading = bar.querySelector(".where .strong");
    if (heading) document.title = heading.textContent;
  }
  if (inspector) unfold(inspector);
  marks();
  tools();
  const first = inspector && (inspector.querySelector("[autofocus]") ?? wanted(inspector));
  if (first) first.focus();
  else if (document.activeElement === document.body && held) (document.querySelector(held) ?? chosen())?.focus({ preventScroll: true });
});

// What the last click or key asks to write in next: the form, the entry it
// adds, or the text it gives a picture.
let write, before;
const unfolded = new Set(); // the entries and groups that were opened, by step

const fieldsOf = (part) => [...(part?.querySelectorAll(":is(input, textarea):is([name^='t:'], [name^='p:'])") ?? [])].filter((field) => field.type !== "checkbox");
const entriesIn = (part) => [...part.querySelectorAll("details.entry")];
const stepNow = () => document.querySelector("#editor-bar [name=step]")?.value ?? "";
const nameOf = (fold) => `${stepNow()} ${fold.dataset.entry ?? fold.querySelector("summary").textContent.trim()}`;

/** The field to write in now, when something was asked for. */
function wanted(inspector) {
  const asked = write;
  write = null;
  if (asked === "form") {
    const fields = fieldsOf(inspector.querySelector(".inspector-form"));
    return fields.find((field) => !field.value) ?? fields[0];
  }
  if (asked && asked !== "entry") return document.getElementById(asked); // the text that was given a picture
  const added = asked && entriesIn(inspector).find((entry) => !before.has(entry.dataset.entry));
  if (!added) return null;
  added.open = true;
  return fieldsOf(added)[0];
}

/** Learns from the button that was pressed what to write in next. */
function ask(button) {
  const [verb, what] = (button?.value ?? "").split("|");
  write = { add: "form", duplicate: "form", append: "entry", picture: what }[verb] ?? null;
  if (write === "entry") before = new Set(entriesIn(document).map((entry) => entry.dataset.entry));
}

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches("#editor-inspector :is(.entry, .prop-group)")) return;
    if (target.open) unfolded.add(nameOf(target));
    else unfolded.delete(nameOf(target));
  },
  true,
);

/** Opens again what was open. */
function unfold(inspector) {
  for (const fold of inspector.querySelectorAll(".entry, .prop-group")) if (unfolded.has(nameOf(fold))) fold.open = true;
}

// The line of an entry says what is typed in it; Enter there makes the next.
document.addEventListener("input", ({ target }) => {
  const entry = target.closest?.("#editor-inspector .entry");
  if (entry && target === fieldsOf(entry)[0] && target.value) entry.querySelector("summary .grow").textContent = target.value;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("#editor-inspector .entry input")) return;
  const more = event.target.closest(".prop-list").querySelector(":scope > .add-entry button");
  if (!more) return;
  event.preventDefault();
  more.form.requestSubmit(more);
});

/** The form that stayed is now about the revision that was just saved. */
function freshen(bar) {
  const revision = bar.querySelector("[name=revision]")?.value;
  if (!revision) return;
  for (const field of document.querySelectorAll("#editor-inspector [name=revision]")) field.value = revision;
}

/** Shows beside the fields what Check says about them. */
function marks() {
  const chosen = document.querySelector("#editor-bar [name=step]")?.value ?? "";
  const said = new Map();
  for (const line of document.querySelectorAll("#editor-problems li.wrong")) {
    if (line.dataset.step === chosen && line.dataset.path) said.set(line.dataset.path, line.dataset.text);
  }
  for (const field of document.querySelectorAll("#editor-inspector :is(input, select, textarea)[name*=':']")) {
    const path = field.name.split(":")[1];
    if (!field.id) continue;
    let error = document.getElementById(`${field.id}-error`);
    const words = said.get(path);
    field.toggleAttribute("aria-invalid", false);
    if (words) field.setAttribute("aria-invalid", "true");
    if (!words) error?.remove();
    else if (!error) {
      error = Object.assign(document.createElement("span"), { className: "error", id: `${field.id}-error`, textContent: words });
      field.before(error);
    } else error.lastChild.textContent = words;
  }
}

// The canvas ----------------------------------------------------------------

const frame = () => document.querySelector("[data-canvas]");

/** What of the drawing is here: of it, only what changes comes back. */
const drawnMarks = () => [...document.querySelectorAll(".canvas, .card-of")].map((part) => part.dataset.mark).join(" ");

/** The same for a link, where it is no longer than headers may be. */
function drawnHeader() {
  const marks = drawnMarks();
  return marks.length < 4000 ? { Drawn: marks } : {};
}

function drawn() {
  const at = frame();
  if (!at) return;
  const svg = at.querySelector("svg");
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  svg.setAttribute("width", width * view.zoom);
  svg.setAttribute("height", height * view.zoom);
  if (view.left === null) {
    const chosen = at.querySelector('[aria-current="true"]') ?? at.querySelector(".card-of a");
    const box = chosen?.getBBox();
    view.left = box ? (box.x + box.width / 2) * view.zoom - at.clientWidth / 2 : 0;
    view.top = box && chosen.matches('[aria-current="true"]') ? (box.y + box.height / 2) * view.zoom - at.clientHeight / 2 : 0;
  }
  at.scrollTo(view.left, view.top);
  at.onscroll = () => ([view.left, view.top] = [at.scrollLeft, at.scrollTop]);
  const chosen = at.querySelector('a[aria-current="true"]');
  if (chosen) reveal(chosen);
}

function reveal(card) {
  const at = frame();
  const [inside, box] = [at.getBoundingClientRect(), card.getBoundingClientRect()];
  if (box.left < inside.left + 20 || box.right > inside.right - 20) at.scrollLeft += (box.left + box.right) / 2 - (inside.left + inside.right) / 2;
  if (box.top < inside.top + 20 || box.bottom > inside.bottom - 60) at.scrollTop += (box.top + box.bottom) / 2 - (inside.top + inside.bottom) / 2;
}

function zoom(to, x, y) {
  const at = frame();
  if (!at) return;
  to = Math.min(2, Math.max(0.15, to));
  const [px, py] = [x ?? at.clientWidth / 2, y ?? at.clientHeight / 2];
  view.left = ((at.scrollLeft + px) * to) / view.zoom - px;
  view.top = ((at.scrollTop + py) * to) / view.zoom - py;
  view.zoom = to;
  const svg = at.querySelector("svg");
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  svg.setAttribute("width", width * to);
  svg.setAttribute("height", height * to);
  at.scrollTo(view.left, view.top);
}

function fit() {
  const at = frame();
  const [, , width, height] = at.querySelector("svg").getAttribute("viewBox").split(" ").map(Number);
  zoom(Math.min(1, at.clientWidth / width, at.clientHeight / height));
}

document.addEventListener("click", (event) => {
  const by = event.target.closest?.("[data-zoom]")?.dataset.zoom;
  if (by === "fit") fit();
  else if (by) zoom(view.zoom * (by === "in" ? 1.25 : 0.8));
});

document.addEventListener(
  "wheel",
  (event) => {
    const at = event.target.closest?.("[data-canvas]");
    if (!at || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const box = at.getBoundingClientRect();
    zoom(view.zoom * Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
  },
  { passive: false },
);

document.addEventListener("pointerdown", (event) => {
  const at = event.target.closest?.("[data-canvas]");
  if (!at || event.button || event.pointerType === "touch" || event.target.closest("a")) return;
  const start = { x: event.clientX + at.scrollLeft, y: event.clientY + at.scrollTop };
  const move = (to) => at.scrollTo(start.x - to.clientX, start.y - to.clientY);
  at.classList.add("grabbing");
  addEventListener("pointermove", move);
  addEventListener("pointerup", () => (removeEventListener("pointermove", move), at.classList.remove("grabbing")), { once: true });
});

// The keyboard --------------------------------------------------------------

const chosen = () => document.querySelector('.canvas a[data-step][aria-current="true"], .outline a[aria-current="true"]');
const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");
const keys = {
  ArrowDown: (card) => walk(card, 0, 1), ArrowUp: (card) => walk(card, 0, -1),
  ArrowRight: (card) => walk(card, 1, 0), ArrowLeft: (card) => walk(card, -1, 0),
};

document.addEventListener("keydown", (event) => {
  const mod = event.ctrlKey || event.metaKey;
  if (mod && event.key.toLowerCase() === "z" && !typing(event.target)) return press(event, event.shiftKey ? "redo" : "undo");
  if (event.key === "Escape" && event.target.matches?.("body, .editor-inspector *")) return chosen()?.focus();
  if (mod || event.altKey || typing(event.target) || document.getElementById("editor-inspector")?.inert) return;
  const card = event.target.closest?.("a[data-step]") ?? chosen();
  if (event.key === "?") return event.preventDefault(), document.getElementById("editor-keys")?.showModal();
  if (keys[event.key] && event.target.closest?.(".editor-canvas")) return event.preventDefault(), keys[event.key](card);
  if (event.key === "Delete" && card?.getAttribute("aria-current") === "true") return press(event, "delete");
  if (event.key.toLowerCase() === "a" && card) {
    event.preventDefault();
    const plus = document.querySelector(`.free [data-plus="${CSS.escape(card.dataset.step)}"]`) ?? document.querySelector(`[data-plus="${CSS.escape(card.dataset.step)}"]`);
    plus?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  }
  const by = { "+": "in", "=": "in", "-": "out", 0: "fit" }[event.key];
  if (by) document.querySelector(`[data-zoom="${by}"]`)?.click();
  if (event.key.toLowerCase() === "t") (document.querySelector("a[data-test-here]") ?? document.querySelector("a[data-test]"))?.click();
});

function press(event, what) {
  const button = document.querySelector(`.editor-page button[name="do"][value="${what}"]:not([disabled])`);
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
}

/** Moves the focus to the nearest card that way. */
function walk(card, dx, dy) {
  const cards = [...document.querySelectorAll(".canvas a[data-step], .outline a[data-step]")];
  if (!card) return cards[0]?.focus();
  const from = card.getBoundingClientRect();
  let best, least = Infinity;
  for (const other of cards) {
    const to = other.getBoundingClientRect();
    const x = to.left + to.width / 2 - from.left - from.width / 2;
    const y = to.top + to.height / 2 - from.top - from.height / 2;
    const along = x * dx + y * dy;
    const away = along + 3 * Math.abs(x * dy + y * dx);
    if (other !== card && along > 8 && away < least) [best, least] = [other, away];
  }
  if (!best) return;
  best.focus({ preventScroll: true });
  if (frame()) reveal(best);
  else best.scrollIntoView({ block: "nearest" });
}

// The tree ------------------------------------------------------------------

document.addEventListener("input", (event) => {
  const what = event.target.dataset?.filter;
  if (!what) return;
  const wanted = plain(event.target.value);
  for (const line of document.querySelectorAll(what)) line.hidden = !plain(line.textContent).includes(wanted);
  for (const folder of document.querySelectorAll(".editor-tree details")) {
    folder.hidden = !folder.querySelector("li:not([hidden])");
    if (wanted) folder.open = true;
  }
});

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Formatting ----------------------------------------------------------------

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-wrap]");
  if (!button) return;
  const field = document.getElementById(button.dataset.for);
  const [before, after = ""] = button.dataset.wrap.replaceAll("\\n", "\n").split("…");
  const picked = field.value.slice(field.selectionStart, field.selectionEnd);
  field.focus();
  field.setRangeText(before + picked + after, field.selectionStart, field.selectionEnd, picked ? "end" : "select");
  if (!picked) field.selectionStart = field.selectionEnd = field.selectionEnd - after.length;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-value-for]") || !event.target.value) return;
  const field = document.getElementById(event.target.dataset.valueFor);
  field.focus();
  field.setRangeText(`{{ ${event.target.value} }}`, field.selectionStart, field.selectionEnd, "end");
  event.target.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

/** Shows the tools that only script can use. */
function tools() {
  for (const bar of document.querySelectorAll(".format[hidden]")) bar.hidden = false;
}

if (page) {
  drawn();
  tools();
}
