// The palette: Ctrl-K finds whatever the page can do or lead to, by its name.
// It knows nothing of the page but its links and buttons.

const dialog = document.getElementById("palette");
const most = 40; // lines shown at once

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** What a link or button is called. */
function nameOf(at) {
  const said = at.dataset.called ?? at.getAttribute("aria-label") ?? at.querySelector("title, strong, span:not(.unseen, .badge)")?.textContent ?? at.textContent;
  const group = at.closest(".segmented")?.getAttribute("aria-label"); // says what its short words choose
  return [group, said].filter(Boolean).join(" · ").replace(/\s+/g, " ").trim();
}

/** What sort of thing it is, in words of the page. */
function sortOf(at) {
  if (at.matches("[data-step]")) return "step";
  if (at.matches("a[href*='/d/']:not([data-swap], [target])")) return "procedure";
  return at.localName === "a" && !at.matches("[data-swap], [target]") ? "page" : "action";
}

/** Every link and button of the page, each name once. */
function gather() {
  const found = new Map();
  for (const at of document.querySelectorAll("header :is(a, button), nav :is(a, button), main :is(a, button), aside :is(a, button)")) {
    if (at.disabled || at.hidden || at.matches(".unseen, .plus, [data-palette]") || at.closest("dialog")) continue;
    const [name, sort] = [nameOf(at), sortOf(at)];
    if (name.length > 1 && !found.has(sort + name)) found.set(sort + name, { at, name, sort, plain: plain(name) });
  }
  const order = ["action", "step", "procedure", "page"];
  return [...found.values()].sort((a, b) => order.indexOf(a.sort) - order.indexOf(b.sort));
}

if (dialog) {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  let all = [];

  const open = () => {
    if (document.querySelector("dialog[open]")) return;
    all = gather();
    field.value = "";
    dialog.showModal();
    draw();
  };

  const draw = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const hits = all.filter((one) => words.every((word) => one.plain.includes(word)));
    const first = (one) => (words.length && !one.plain.startsWith(words[0]) ? 1 : 0);
    list.replaceChildren(...hits.sort((a, b) => first(a) - first(b)).slice(0, most).map(line));
    dialog.querySelector("[data-none]").hidden = hits.length > 0;
    mark(0);
  };

  const line = (one, i) => {
    const option = Object.assign(document.createElement("li"), { id: `palette-${i}`, role: "option" });
    option.append(one.name, Object.assign(document.createElement("small"), { textContent: dialog.dataset[one.sort] }));
    option.onclick = () => run(one);
    return option;
  };

  const mark = (to) => {
    const lines = list.children;
    for (const other of lines) other.setAttribute("aria-selected", "false");
    const now = lines[(to + lines.length) % lines.length];
    field.setAttribute("aria-activedescendant", now?.id ?? "");
    now?.setAttribute("aria-selected", "true");
    now?.scrollIntoView({ block: "nearest" });
  };

  const run = ({ at }) => {
    dialog.close();
    if (at.isConnected) at.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 0 }));
  };

  field.addEventListener("input", draw);
  field.addEventListener("keydown", (event) => {
    const at = [...list.children].findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at - 1);
    else if (event.key === "Enter") list.children[at]?.click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-palette]")) open();
    if (event.target === dialog) dialog.close();
  });
  const offer = () => {
    for (const opener of document.querySelectorAll("[data-palette]")) opener.hidden = false;
  };
  offer();
  document.addEventListener("swapped", offer); // the bar of a page may have been exchanged
}
