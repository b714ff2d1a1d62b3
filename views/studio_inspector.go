package views

import "github.com/a-h/templ"

// numberLimits are the bounds of a number, when it has any.
func numberLimits(f Prop) templ.Attributes {
	if f.Min == "" {
		return nil
	}
	return templ.Attributes{"min": f.Min, "max": f.Max}
}

// formatButtons are the tools of a formatted text: what they put around what
// is picked.
var formatButtons = []struct{ does, face, wrap string }{
	{"bold", "B", "**…**"}, {"italic", "I", "*…*"}, {"list", "•", "\\n- …"}, {"link", "↗", "[…](https://)"}, {"callout", "!", "\\n> [!NOTE]\\n> …\\n"},
}

// formula is what a box stands for when it is more than ticked.
func (f Prop) formula() string {
	if f.Value == "true" {
		return ""
	}
	return f.Value
}

func (n ScopeName) title() string {
	if n.What == "" {
		return n.Name
	}
	return n.What + " (" + n.Name + ")"
}

// todo is what stands in an empty control: what counts instead, or that it is to
// be filled in, calmer than an alarm and gone with the first letter.
func (f Prop) todo(p Editor) string {
	if !f.Todo {
		return f.Instead
	}
	return p.T("editor.to_fill")
}
