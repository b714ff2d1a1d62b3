package browser

// structure finds what the accessibility rules let pass: a heading before the one
// that names the page, controls that only seem to need no name, words about what is
// wrong that no control leads to or that are listed in another order, a page wider than the screen, and a focus that
// nobody sees. One line a place.
const structure = `(() => {
	const bad = [], all = (s) => [...document.querySelectorAll(s)], ids = new Map();
	const say = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : e.name ? "[name=" + e.name + "]" : "") + (e.textContent.trim() ? " “" + e.textContent.trim().replace(/\s+/g, " ").slice(0, 40) + "”" : "");
	for (const e of all("[id]")) {
		if (ids.has(e.id)) bad.push("the id is not the only one: " + say(e));
		ids.set(e.id, e);
	}
	const refers = (e, name) => (e.getAttribute(name) || "").split(/\s+/).filter(Boolean);
	for (const name of ["aria-describedby", "aria-labelledby", "aria-controls", "for"])
		for (const e of all("[" + name + "]"))
			for (const id of refers(e, name)) if (!ids.has(id)) bad.push(name + " leads nowhere, to " + id + ": " + say(e));

	const headings = all("h1, h2, h3, h4, h5, h6"), titles = headings.filter((h) => h.tagName === "H1");
	if (titles.length !== 1) bad.push("the page has " + titles.length + " first headings");
	if (headings.length && headings[0].tagName !== "H1") bad.push("a heading comes before the one of the page: " + say(headings[0]));
	headings.reduce((before, h) => {
		if (+h.tagName[1] > before + 1) bad.push("a level of headings is left out before: " + say(h));
		return +h.tagName[1];
	}, 1);

	for (const e of all("input:not([type=hidden]), select, textarea"))
		if (e.ariaHidden !== "true")
		if (!e.labels.length && !e.ariaLabel && !e.hasAttribute("aria-labelledby")) bad.push("the control has no name: " + say(e));

	const described = new Set(all("[aria-describedby]").flatMap((e) => refers(e, "aria-describedby")));
	for (const e of all(".error[id]")) if (!described.has(e.id)) bad.push("no control leads to what is wrong with it: " + say(e));
	for (const e of all("[aria-invalid=true]"))
		if (!refers(e, "aria-describedby").some((id) => ids.get(id)?.matches(".error"))) bad.push("it is wrong and nothing says why: " + say(e));
	for (const list of all(".problems")) {
		for (const a of list.querySelectorAll("a[href^='#']"))
			if (!ids.has(decodeURIComponent(a.hash.slice(1)))) bad.push("a problem leads nowhere: " + a.hash + " " + say(a));
		[...list.querySelectorAll("a[href^='#']")].map((a) => ids.get(decodeURIComponent(a.hash.slice(1)))).filter(Boolean).reduce((before, e) => {
			if (before && e.compareDocumentPosition(before) & Node.DOCUMENT_POSITION_FOLLOWING) bad.push("a problem is listed after that of a later control: " + say(e));
			return e;
		}, null);
	}

	const width = document.documentElement.scrollWidth;
	if (width > innerWidth) {
		const widest = all("body *").filter((e) => e.getBoundingClientRect().right > innerWidth + 1 || e.scrollWidth > Math.max(e.clientWidth, innerWidth)).at(-1);
		bad.push("the page is " + width + " px wide on a screen of " + innerWidth + ", by: " + (widest ? say(widest) + "." + widest.className : ""));
	}
	const reached = document.activeElement;
	for (const e of all("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")) {
		if (e.tabIndex > 0) bad.push("it jumps the line of the Tab key: " + say(e));
		if (e.tabIndex < 0 || e.disabled || e === document.body || !e.checkVisibility({ visibilityProperty: true })) continue;
		e.focus({ preventScroll: true, focusVisible: true });
		if (document.activeElement !== e) continue;
		const near = [e, e.nextElementSibling, e.closest("label"), e.parentElement, e.closest(".search")].filter(Boolean);
		const lined = near.filter((n) => { const s = getComputedStyle(n); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; });
		const drawn = [...e.querySelectorAll("rect, circle")].some((n) => parseFloat(getComputedStyle(n).strokeWidth) >= 2);
		if (!lined.length && !drawn) bad.push("nobody sees that it has the focus: " + say(e));
		else if (!drawn && !lined.some((n) => { const b = n.getBoundingClientRect(); return b.width >= 2 && b.height >= 2; })) bad.push("it takes the focus and cannot be seen: " + say(e));
	}
	document.activeElement.blur();
	reached.focus?.({ preventScroll: true });
	return bad;
})()`
