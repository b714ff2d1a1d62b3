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
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  ask() {
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
    const options = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("[role=option]")];
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
    if (this.hasAttribute("submits")) this.input.form.requestSubmit();
  }
}

customElements.define("search-box", SearchBox);
