package views

import (
	"fmt"

	"github.com/a-h/templ"

	"selfhelp/assets"
)

// plusPath draws a plus around a point.
func plusPath(x, y int) string {
	return fmt.Sprintf("M%d %dh8M%d %dv8", x-4, y, x, y-4)
}

func iconURL(name string) string { return assets.SpriteURL() + "#" + name }

// classes are those of both parts of an edge.
func (l Line) classes() templ.CSSClasses {
	return templ.CSSClasses{"line", templ.KV("back", l.Back), templ.KV("failure", l.Failure), templ.KV("free", l.Free), templ.KV("chosen", l.Chosen)}
}

func (l Line) plusID() string { return "plus-" + l.From + "-" + l.Edge }

// plusName says what the plus of an edge does; the title of the step that it
// comes after is read behind it.
func (l Line) plusName(p Editor) string {
	key := "editor.insert"
	if l.Free {
		key = "editor.add_after"
	}
	if l.Label != "" {
		return p.T(key+"_on", l.Label)
	}
	return p.T(key)
}

// small cards have one line: where a way begins or ends.
func (c StepCard) small() bool { return c.H < 70 }

// corner is the radius of a card: round where a way begins.
func (c StepCard) corner() string {
	if c.H < 50 {
		return px(c.H / 2)
	}
	return "10"
}

func (c StepCard) iconY() int {
	if c.small() {
		return c.Y + c.H/2 - 10
	}
	return c.Y + 10
}
