package platform

import (
	"crypto/ed25519"
	"testing"
	"time"

	"selfhelp/app/presentation"
)

// Only a deed of a later term, signed with the key of this platform and unchanged since, ends
// the term of an edition server: the word of a presentation server does not.
func TestWhoEndsATerm(t *testing.T) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	own := presentation.Deed{Term: 2, Site: "lyon", Since: time.Now()}
	ended := 0
	p := &Platform{key: key, Settings: Settings{Deed: func() presentation.Deed { return own }, Over: func(presentation.Deed) { ended++ }}}
	later := presentation.Deed{Term: 3, Site: "metz", Since: time.Now()}.SignedBy(key)
	number, site, since := later, later, later
	number.Term, site.Site, since.Since = 4, "brest", later.Since.Add(time.Second)
	unsigned := later
	unsigned.Signature = nil
	same := own.SignedBy(key)
	for name, d := range map[string]*presentation.Deed{
		"none": nil, "unsigned": &unsigned, "another number": &number, "another site": &site, "another time": &since, "its own": &same,
	} {
		if err := p.overtaken(presentation.State{Term: 9, Deed: d}); err != nil || ended > 0 {
			t.Errorf("%s: it is over (%v)", name, err)
		}
	}
	foreign := presentation.Deed{Term: 3, Site: "metz", Since: later.Since}.SignedBy(other)
	if err := p.overtaken(presentation.State{Deed: &foreign}); err != nil || ended > 0 {
		t.Errorf("by another key: it is over (%v)", err)
	}
	if err := p.overtaken(presentation.State{Deed: &later}); err == nil || ended != 1 {
		t.Errorf("a later one: %v, %d times", err, ended)
	}
}
