package edit

import (
	"iter"

	"selfhelp/app/procedure"
)

// Passage is a text as who translates it sees it.
type Passage struct {
	Step, Path string // as operations name the text
	From, To   string // its words in both languages
	Markdown   bool
	Then       string // what From said when To was written, as far back as is known
}

// Missing reports whether it is still to be translated.
func (p Passage) Missing() bool { return p.To == "" }

// Changed reports whether the original was changed since it was translated.
func (p Passage) Changed() bool { return !p.Missing() && p.Then != p.From }

// place is where a passage stands.
type place struct{ step, path string }

// Passages lists the texts of a procedure that say something in one language,
// with what they say in another, in the order they were written. Windows of
// dates are passages of their own.
func Passages(p *procedure.Procedure, from, to string) (list []Passage) {
	for _, ref := range procedure.Texts(p) {
		add := func(path string, in map[string]string) {
			if in[from] != "" {
				list = append(list, Passage{Step: ref.Step, Path: path, From: in[from], To: in[to], Markdown: ref.Markdown, Then: in[from]})
			}
		}
		add(ref.Path, ref.Text.In)
		for _, window := range ref.Text.Dated {
			add(ref.Path+".dated."+window.ID, window.In)
		}
	}
	return list
}

// Translated finds what the originals of passages said when they were
// translated: back to where the translation was another, or to the last of the
// earlier states, which come the latest first.
func Translated(list []Passage, from, to string, earlier iter.Seq[*procedure.Procedure]) {
	open := map[place]*Passage{}
	for i := range list {
		if p := &list[i]; !p.Missing() {
			open[place{p.Step, p.Path}] = p
		}
	}
	if len(open) == 0 {
		return
	}
	for state := range earlier {
		still := map[place]*Passage{}
		for _, was := range Passages(state, from, to) {
			at := place{was.Step, was.Path}
			if p := open[at]; p != nil && p.To == was.To {
				p.Then, still[at] = was.From, p
			}
		}
		if open = still; len(open) == 0 {
			return
		}
	}
}
