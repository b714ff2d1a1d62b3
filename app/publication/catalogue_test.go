package publication

import (
	"bytes"
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

// keyOf makes the same key for the same letter, as a deterministic build needs.
func keyOf(letter byte) (ed25519.PrivateKey, []ed25519.PublicKey) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{letter}, ed25519.SeedSize))
	return key, []ed25519.PublicKey{key.Public().(ed25519.PublicKey)}
}

func someCatalogue() Catalogue {
	hash := func(n string) string { return strings.Repeat(n, 32) }
	return Catalogue{Sequence: 7, Publications: []Publication{
		{"production", "p2", "hr", Number{1, 0}, hash("0d"), false, nil},
		{"production", "p1", "it", Number{1, 0}, hash("0e"), true, nil},
		{"production", "p1", "it", Number{2, 0}, hash("0f"), true, []string{"lyon"}},
	}}
}

func TestCatalogueIsSealedAndOpened(t *testing.T) {
	key, trusted := keyOf('a')
	sealed, err := someCatalogue().Seal(key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCatalogue(sealed, trusted)
	if err != nil || c.Sequence != 7 || len(c.Publications) != 3 || c.Publications[0].Number != (Number{2, 0}) || !slices.Equal(c.Publications[0].Audience, []string{"lyon"}) {
		t.Fatalf("got %+v, %v", c, err)
	}
	again, err := c.Seal(key)
	if err != nil || !bytes.Equal(sealed, again) {
		t.Errorf("sealing again gave other bytes (%v)", err)
	}
	for i := range sealed {
		bent := bytes.Clone(sealed)
		bent[i] ^= 1
		if _, err := OpenCatalogue(bent, trusted); err == nil {
			t.Fatalf("a flipped bit at %d was not seen", i)
		}
	}
}

func TestCatalogueRefusals(t *testing.T) {
	key, trusted := keyOf('a')
	_, others := keyOf('b')
	change := func(how func(*Catalogue)) Catalogue {
		c := someCatalogue()
		how(&c)
		return c
	}
	sealed, err := someCatalogue().Seal(key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCatalogue(sealed, others); !fault.Is(err, fault.Forbidden) {
		t.Errorf("foreign key: got %v", err)
	}
	if _, err := OpenCatalogue(sealed, nil); !fault.Is(err, fault.Forbidden) {
		t.Errorf("no key: got %v", err)
	}
	document := bytes.Replace(sealed[bytes.IndexByte(sealed, '\n')+1:], []byte(`"format":2`), []byte(`"format":3`), 1)
	newer := resign(key, document)
	if _, err := OpenCatalogue(newer, trusted); keyOfFault(err) != "fault.catalogue.newer" {
		t.Errorf("newer: got %v", err)
	}
	for name, c := range map[string]Catalogue{
		"twice":       change(func(c *Catalogue) { c.Publications[0] = c.Publications[1] }),
		"one for two": change(func(c *Catalogue) { c.Publications[0].Hash = c.Publications[1].Hash }),
		"traversal":   change(func(c *Catalogue) { c.Publications[0].Hash = "../../etc/passwd" }),
		"capitals":    change(func(c *Catalogue) { c.Publications[0].Hash = strings.Repeat("0F", 32) }),
		"no number":   change(func(c *Catalogue) { c.Publications[0].Number = Number{} }),
		"no domain":   change(func(c *Catalogue) { c.Publications[0].Domain = "" }),
	} {
		if _, err := c.Seal(key); keyOfFault(err) != "fault.catalogue.wrong" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func resign(key ed25519.PrivateKey, document []byte) []byte {
	return append([]byte(b64(sign(key, catalogueMark, document))+"\n"), document...)
}

func FuzzOpenCatalogue(f *testing.F) {
	key, trusted := keyOf('a')
	sealed, err := someCatalogue().Seal(key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed[bytes.IndexByte(sealed, '\n')+1:])
	f.Add([]byte(`{"format":1,"publications":[{}]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		c, err := OpenCatalogue(resign(key, document), trusted)
		if err != nil {
			return
		}
		if _, err := c.Seal(key); err != nil {
			t.Errorf("opened but cannot be sealed: %v", err)
		}
	})
}
