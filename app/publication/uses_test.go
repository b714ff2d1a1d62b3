package publication

import (
	"reflect"
	"strings"
	"testing"

	"selfhelp/app/procedure"
)

// gallery is a project whose files are shown in every way there is.
func gallery() *procedure.Project {
	p := helpDesk()
	file := func(id, letter string) procedure.Resource {
		return procedure.Resource{
			ID: id, Kind: procedure.KindImage, Alt: procedure.T(id, id),
			Files: map[string]procedure.File{"": {Name: id + ".png", Type: "image/png", Size: 3, Hash: strings.Repeat(letter, 64)}},
		}
	}
	p.Resources = []procedure.Resource{
		file("logo", "a"), file("tray", "b"), file("door", "c"), file("form", "d"), file("unused", "e"), file("within", "f"),
		{ID: "words", Kind: procedure.KindSnippet, Name: procedure.T("Mots", "Words"), Text: procedure.T("Voir ![](resource:within)", "See ![](resource:within)")},
	}
	p.Theme.Logo = "logo"
	show := func(alias, text string) {
		for _, one := range p.Procedures {
			if one.Alias == alias {
				one.Steps[1].Text = procedure.T(text, text)
			}
		}
	}
	show("printer", "![](resource:tray)")
	show("server-room", "![](resource:door) ![](resource:words)")
	show("ticket", "![](resource:form)") // the printer calls it
	return p
}

// TestUsesAreThoseOfWhatIsRun says of each file who shows it, and says the same
// of a bundle that was written before bundles told.
func TestUsesAreThoseOfWhatIsRun(t *testing.T) {
	b := built(t, input(gallery()))
	for letter, want := range map[string]string{"a": "open", "b": "printer", "c": "server-room", "d": "printer", "e": "", "f": "server-room"} {
		hash := strings.Repeat(letter, 64)
		f, ok := b.File(hash)
		if !ok {
			t.Fatalf("%s is not in the bundle", letter)
		}
		h := Holder{Offer: Offer{Bundle: b}, File: f}
		got := aliases(h.Entries())
		if h.Open() {
			got = strings.TrimSpace("open " + got)
		}
		if got != want {
			t.Errorf("%s is shown by %q, want %q", f.Name, got, want)
		}
		if by, err := h.ShownBy(uid("printer", 0)); err != nil || by != (want == "printer") {
			t.Errorf("%s is shown by the printer: %v, %v", f.Name, by, err)
		}
	}
	found, err := b.foundUses()
	if err != nil || !reflect.DeepEqual(found, b.uses) {
		t.Errorf("found %+v, %v; told %+v", found, err, b.uses)
	}
}
