// What a page of an execution does better with script: fields that follow
// others, tables that filter as one types, signatures, waits that end by
// themselves. All of it works without, with a press more.

import { send } from "./swap.js";
import "./search-box.js";

const form = () => document.getElementById("turn");

/** Shows, hides and enables the fields that depend on others. */
function follow() {
  for (const field of form()?.querySelectorAll("[data-show-if], [data-enable-if]") ?? []) {
    const shown = holds(field, "show") && !(field.hidden && !field.dataset.showIf);
    const enabled = holds(field, "enable");
    field.hidden = !shown;
    for (const control of field.querySelectorAll("input, select, textarea")) {
      control.disabled = !shown || !enabled;
      if (field.hasAttribute("data-required") && control.type !== "checkbox" && !field.querySelector("signature-pad")) control.required = shown && enabled;
    }
  }
}

function holds(field, what) {
  const input = field.dataset[`${what}If`];
  if (!input) return true;
  const given = new FormData(form()).getAll(input);
  return given.includes(field.dataset[`${what}Is`]) !== field.hasAttribute(`data-${what}-not`);
}

document.addEventListener("input", (event) => {
  if (!form()?.contains(event.target)) return;
  follow();
  const output = event.target.parentElement?.querySelector("output[for]");
  if (event.target.type === "range" && output) output.value = event.target.value;
  if (event.target.hasAttribute("data-browse")) browse(300);
});

document.addEventListener("change", (event) => {
  if (!form()?.contains(event.target)) return;
  if (form().hasAttribute("data-refresh") && !event.target.closest(".postit")) browse(0);
});

// The server is told which fields the person saw: the script may have shown
// or hidden some since.
document.addEventListener("formdata", (event) => {
  if (event.target !== form()) return;
  for (const field of form().querySelectorAll("[data-field]:not([hidden])")) event.formData.append("seen", field.dataset.field);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-visit]");
  const box = link && form()?.elements.visited;
  if (box) box.checked = true;
});

let waiting;

/** Asks the server for the page again with what is filled in, and keeps the
 * focus where it was. */
function browse(patience) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const button = form()?.querySelector("button[name=do][value=browse]") ?? browseButton();
    const before = document.activeElement;
    const [id, from, to] = [before?.id, before?.selectionStart, before?.selectionEnd];
    await send(form(), button);
    const again = id ? document.getElementById(id) : null;
    again?.focus({ preventScroll: true });
    if (from != null && again?.setSelectionRange && again.type !== "number") again.setSelectionRange(from, to);
  }, patience);
}

function browseButton() {
  const button = Object.assign(document.createElement("button"), { name: "do", value: "browse", formNoValidate: true, hidden: true });
  form().append(button);
  return button;
}

// <wait-until at="…">: goes on when the time has come.
class WaitUntil extends HTMLElement {
  connectedCallback() {
    const left = new Date(this.getAttribute("at")) - Date.now();
    this.timer = setTimeout(() => this.querySelector("button")?.click(), Math.min(Math.max(left, 0) + 400, 2 ** 31 - 1));
  }
  disconnectedCallback() {
    clearTimeout(this.timer);
  }
}
customElements.define("wait-until", WaitUntil);

// <signature-pad> around a file control: what is drawn becomes the file.
class SignaturePad extends HTMLElement {
  connectedCallback() {
    if (this.canvas) return;
    this.file = this.querySelector("input[type=file]");
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", this.dataset.sign ?? "");
    const clear = Object.assign(document.createElement("button"), { type: "button", className: "btn small quiet", textContent: this.dataset.clear ?? "×" });
    clear.addEventListener("click", () => this.clear());
    this.prepend(this.canvas, clear);
    this.canvas.width = this.canvas.clientWidth * devicePixelRatio || 600;
    this.canvas.height = 180 * devicePixelRatio;
    this.pen = this.canvas.getContext("2d");
    Object.assign(this.pen, { lineWidth: 2.2 * devicePixelRatio, lineCap: "round", lineJoin: "round", strokeStyle: "#1a1a1a" });
    this.canvas.addEventListener("pointerdown", (event) => this.down(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.canvas.addEventListener("pointerup", () => this.up());
  }
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * this.canvas.width) / box.width, ((event.clientY - box.top) * this.canvas.height) / box.height];
  }
  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.drawing = true;
    this.pen.beginPath();
    this.pen.moveTo(...this.at(event));
  }
  move(event) {
    if (!this.drawing) return;
    this.pen.lineTo(...this.at(event));
    this.pen.stroke();
  }
  up() {
    this.drawing = false;
    this.canvas.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "signature.png", { type: "image/png" }));
      this.file.files = files.files;
    }, "image/png");
  }
  clear() {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.file.value = "";
  }
}
customElements.define("signature-pad", SignaturePad);

document.addEventListener("swapped", follow);
follow();
document.querySelector(".trail")?.scrollTo({ left: 1e6 });

