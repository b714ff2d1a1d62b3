package procedure

// TextRef is one text of a procedure or project, with the address that
// translations and comparisons know it by.
type TextRef struct {
	Step     string // id; "" for a text of the procedure or project itself
	Path     string // in it, see the package comment
	Text     *Text  // the text itself, not a copy
	Title    bool   // what people are shown first: titles, answers, options
	Template bool   // may hold placeholders
	Markdown bool   // CommonMark, else plain
}

// Address is the text's stable address, like "ask_lamp.answers.yes.text".
func (r TextRef) Address() string { return join(r.Step, r.Path) }

// Texts lists every text of a procedure that says something, in the order it
// is written.
func Texts(p *Procedure) []TextRef {
	list := textsIn(p, "")
	for i := range p.Steps {
		list = append(list, textsIn(&p.Steps[i], p.Steps[i].ID)...)
	}
	return list
}

// ProjectTexts lists the texts of the project itself: its name, categories,
// news, resources; not those of its procedures.
func ProjectTexts(p *Project) []TextRef { return textsIn(p, "") }

func textsIn(v any, step string) (list []TextRef) {
	Walk(v, Visitor{Leaf: func(l Leaf) {
		if t := l.Text(); t != nil {
			list = append(list, TextRef{step, l.Path, t, l.Is("title"), l.Is("template"), l.Is("markdown")})
		}
	}})
	return list
}
