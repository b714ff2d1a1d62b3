package index

// term is a word brought to the form in which it is indexed and looked for.
type term struct {
	word
	stem []byte // only good until the next term
	stop bool
}

// terms reads the terms of a text in a language.
type terms struct {
	scanner
	lang    language
	stopped bool // every part so far of the compound is a stop word
}

// termsOf prepares reading a text; the buffers of a former reading are kept.
func (t *terms) termsOf(text string) {
	t.scanner = scanner{text: text, folded: t.folded[:0], whole: t.whole[:0]}
	t.stopped = true
}

func (t *terms) next() (term, bool) {
	w, ok := t.scanner.next()
	for ok && len(w.folded) == 0 { // a sign that is all accent
		w, ok = t.scanner.next()
	}
	if !ok {
		return term{}, false
	}
	stop := t.lang.stop[string(w.folded)]
	switch w.place {
	case part:
		t.stopped = t.stopped && stop
	case whole:
		stop, t.stopped = t.stopped, true
	}
	return term{word: w, stem: t.lang.stem(w.folded), stop: stop}, true
}
