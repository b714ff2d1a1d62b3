// <search-box src="/suggest?q="> around a form with one text input: suggestions
// from the third character, as the ARIA pattern of an editable combobox with a
// list asks. Without script it is a plain search form.

const patience = 120; // ms after the last key

class SearchBox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=search]");
    if (!this.input || this.list) return;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `${this.input.id}-list`, hidden: true, className: "options" });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.getAttribute("aria-label") ?? this.input.labels?.[0]?.textContent ?? "");
    this.classList.add("combo");
    this.append(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off" })) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.form?.addEventListener("submit", (event) => this.taken && event.preventDefault());
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  ask() {
    this.taken = false;
    clearTimeout(this.timer);
    this.asked?.abort();
    const words = this.input.value.trim();
    if ([...words].length < 3) return this.close();
    this.timer = setTimeout(() => this.fetch(words), patience);
  }

  async fetch(words) {
    this.asked = new AbortController();
    try {
      const reply = await fetch(this.getAttribute("src") + encodeURIComponent(words), { signal: this.asked.signal, headers: { Accept: "text/html" } });
      if (reply.ok) this.show(await reply.text());
    } catch {
      this.close(); // suggestions are a kindness: the form still searches
    }
  }

  show(html) {
    this.offer([...new DOMParser().parseFromString(html, "text/html").querySelectorAll("[role=option]")]);
  }

  offer(options) {
    this.list.replaceChildren(...options);
    options.forEach((option, i) => (option.id = `${this.list.id}-${i}`));
    this.current = -1;
    this.list.hidden = !options.length;
    this.input.setAttribute("aria-expanded", String(!!options.length));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const options = [...this.list.children];
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && !this.list.hidden && this.current >= 0) {
      event.preventDefault();
      this.taken = true; // the key that takes a suggestion does not search
      this.choose(options[this.current]);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.point(options, (this.current + step + options.length + (this.current < 0 && step < 0 ? 1 : 0)) % options.length);
    }
  }

  point(options, to) {
    options[this.current]?.setAttribute("aria-selected", "false");
    this.current = to;
    options[to].setAttribute("aria-selected", "true");
    options[to].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[to].id);
  }

  // A suggestion is a link, or a value for the field.
  choose(option) {
    if (!option) return;
    if (option.dataset.href) return location.assign(option.dataset.href);
    this.input.value = option.dataset.value ?? option.textContent.trim();
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

customElements.define("search-box", SearchBox);

// <search-select> around a select with many options: one types to find them.
// The select keeps the value; without script it is all there is.

const few = 12; // options that are quicker to look through than to search

class SearchSelect extends SearchBox {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.select.options.length < few || this.input) return;
    const { id, required, disabled } = this.select;
    const input = Object.assign(document.createElement("input"), { type: "search", className: "input", id, required, disabled, value: this.words() });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (this.select.hasAttribute(name)) input.setAttribute(name, this.select.getAttribute(name));
    }
    Object.assign(this.select, { id: `${id}-value`, hidden: true, required: false });
    this.append(input);
    super.connectedCallback();
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => this.ask());
    input.addEventListener("blur", () => (input.value = this.words()));
  }

  words() {
    return this.select.value ? this.select.selectedOptions[0].text : "";
  }

  ask() {
    this.taken = false;
    const wanted = fold(this.input.value === this.words() ? "" : this.input.value);
    const found = [...this.select.options].filter((option) => option.value && fold(option.text).includes(wanted)).slice(0, 50);
    this.show(found);
  }

  show(found) {
    const options = found.map((option) => Object.assign(document.createElement("li"), { textContent: option.text }));
    options.forEach((option, i) => {
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = found[i].value;
    });
    this.offer(options);
  }

  choose(option) {
    if (!option) return;
    this.select.value = option.dataset.value;
    this.input.value = this.words();
    this.close();
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** Words without their case and accents, to compare them. */
function fold(words) {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

customElements.define("search-select", SearchSelect);
