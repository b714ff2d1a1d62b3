package publication

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// stock builds publications in a folder and makes catalogues of them.
type stock struct {
	t        *testing.T
	folder   string
	sequence uint64
}

// build publishes a version of the help desk whose printer procedure says which
// one it is.
func (s *stock) build(number Number, change ...func(*procedure.Project)) Manifest {
	s.t.Helper()
	project := helpDesk()
	project.Procedures[0].Title = procedure.T("Imprimante "+number.String(), "Printer "+number.String())
	for _, c := range change {
		c(project)
	}
	in := input(project)
	in.Number = number
	key, _ := keyOf('a')
	m, err := Build(s.folder, in, key)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// seal makes the next catalogue.
func (s *stock) seal(publications ...Publication) []byte {
	s.t.Helper()
	key, _ := keyOf('a')
	s.sequence++
	sealed, err := Catalogue{Sequence: s.sequence, Publications: publications}.Seal(key)
	if err != nil {
		s.t.Fatal(err)
	}
	return sealed
}

func newStock(t *testing.T) (*stock, *Shelf) {
	_, trusted := keyOf('a')
	s := &stock{t: t, folder: t.TempDir()}
	return s, openShelf(t, s.folder, trusted)
}

func openShelf(t *testing.T, folder string, trusted []ed25519.PublicKey) *Shelf {
	t.Helper()
	shelf, err := OpenShelf(folder, trusted)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shelf.Close() })
	return shelf
}

// printers says which versions of the printer procedure a domain shows.
func printers(t *testing.T, shelf *Shelf, domain string) string {
	t.Helper()
	h := shelf.Hold()
	defer h.Release()
	r, err := h.Domain(domain).Search("imprimante", Filter{Reader: colleague, Lang: "fr", Now: today})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, hit := range r.Hits {
		list = append(list, hit.Bundle.Manifest().Number.String())
	}
	return strings.Join(list, " ")
}

func TestShelfExchangesCatalogues(t *testing.T) {
	stock, shelf := newStock(t)
	one, two := stock.build(Number{1, 0}), stock.build(Number{2, 0})
	if got := printers(t, shelf, "production"); got != "" {
		t.Errorf("empty shelf: got %q", got)
	}
	first := stock.seal(one.Publication(true))
	second := stock.seal(one.Publication(true), two.Publication(true))
	third := stock.seal(one.Publication(false), two.Publication(true))
	rolled := stock.seal(one.Publication(true), two.Publication(false))
	for _, c := range []struct {
		name   string
		sealed []byte
		fault  string
		shows  string
	}{
		{"first", first, "", "1.0"},
		{"the same again", first, "", "1.0"},
		{"both", second, "", "2.0"},
		{"replayed", first, "fault.catalogue.replayed", "2.0"},
		{"only the second", third, "", "2.0"},
		{"rolled back", rolled, "", "1.0"},
		{"replayed again", second, "fault.catalogue.replayed", "1.0"},
		{"tampered", append(slices.Clone(rolled), ' '), "fault.signature", "1.0"},
		{"rubbish", []byte("rubbish"), "fault.catalogue.damaged", "1.0"},
	} {
		if err := shelf.Swap(c.sealed); keyOfFault(err) != c.fault {
			t.Errorf("%s: got %v, want %s", c.name, err, c.fault)
		}
		if got := printers(t, shelf, "production"); got != c.shows {
			t.Errorf("%s: shows %q, want %q", c.name, got, c.shows)
		}
		if got := printers(t, shelf, "sandbox"); got != "" {
			t.Errorf("%s: the other domain shows %q", c.name, got)
		}
	}
	if shelf.Sequence() != stock.sequence {
		t.Errorf("got sequence %d", shelf.Sequence())
	}
}

func TestExecutionsGoOnOnTheirVersion(t *testing.T) {
	stock, shelf := newStock(t)
	one, two := stock.build(Number{1, 0}), stock.build(Number{2, 0})
	if err := shelf.Swap(stock.seal(one.Publication(false), two.Publication(true))); err != nil {
		t.Fatal(err)
	}
	h := shelf.Hold()
	defer h.Release()
	var wait sync.WaitGroup
	bundles := make([]*Bundle, 20)
	for i := range bundles {
		wait.Go(func() {
			b, err := h.Version("production", one.Project, Number{1, 0})
			if err != nil {
				t.Error(err)
				return
			}
			bundles[i] = b
		})
	}
	wait.Wait()
	if len(slices.Compact(bundles)) != 1 || bundles[0].Manifest().Hash != one.Hash {
		t.Errorf("an inactive version was opened several times")
	}
	if b, err := h.Active("production", two.Project, Number{2, 0}); err != nil || b.Manifest().Hash != two.Hash {
		t.Errorf("the active version: got %v", err)
	}
	if _, err := h.Active("production", one.Project, Number{1, 0}); !fault.Is(err, fault.NotFound) {
		t.Errorf("an inactive version can be started: %v", err)
	}
	if all := h.Holders(strings.Repeat("ab", 32)); len(all) != 0 {
		t.Errorf("got %v", all)
	}
	for _, n := range []Number{{3, 0}, {}} {
		if _, err := h.Version("production", one.Project, n); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v: got %v", n, err)
		}
	}
	if _, err := h.Version("sandbox", one.Project, Number{1, 0}); !fault.Is(err, fault.NotFound) {
		t.Errorf("another domain: got %v", err)
	}
	if err := os.Remove(Path(stock.folder, one.Hash)); err != nil {
		t.Fatal(err)
	}
	if err := shelf.Swap(stock.seal(one.Publication(false), two.Publication(true))); err != nil {
		t.Fatal(err)
	}
	after := shelf.Hold()
	defer after.Release()
	if _, err := after.Version("production", one.Project, Number{1, 0}); keyOfFault(err) != "fault.version.gone" || !fault.Is(err, fault.NotFound) {
		t.Errorf("a file that was not kept: got %v", err)
	}
}

func TestShelfKeepsServingWhatIsWhole(t *testing.T) {
	stock, shelf := newStock(t)
	one, two := stock.build(Number{1, 0}), stock.build(Number{2, 0})
	three := stock.build(Number{3, 0}, func(p *procedure.Project) { p.UID, p.Alias = uid("other", 1), "other" })
	if err := shelf.Swap(stock.seal(one.Publication(true))); err != nil {
		t.Fatal(err)
	}
	bend := func(m Manifest) {
		path := Path(stock.folder, m.Hash)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b[len(b)/3] ^= 1
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bend(two)
	wanted := stock.seal(two.Publication(true), three.Publication(true))
	if err := shelf.Swap(wanted); keyOfFault(err) != "fault.bundle.damaged" || !strings.Contains(err.Error(), two.Hash) {
		t.Errorf("got %v", err)
	}
	if got := printers(t, shelf, "production"); got != "1.0" {
		t.Errorf("after a refusal: shows %q", got)
	}
	broken, err := shelf.Start(wanted)
	if err != nil || len(broken) != 1 || broken[0].Hash != two.Hash {
		t.Errorf("got %v, %v", broken, err)
	}
	if got := printers(t, shelf, "production"); got != "3.0" {
		t.Errorf("after a start: shows %q", got)
	}
	stock.build(Number{2, 0}) // built again: the same bytes
	if err := shelf.Swap(wanted); err != nil {
		t.Errorf("repaired: %v", err)
	}
	if got := printers(t, shelf, "production"); got != "2.0 3.0" && got != "3.0 2.0" {
		t.Errorf("repaired: shows %q", got)
	}
	if err := os.Rename(Path(stock.folder, one.Hash), Path(stock.folder, three.Hash)); err != nil {
		t.Fatal(err)
	}
	fresh := openShelf(t, stock.folder, shelf.trusted)
	if err := fresh.Swap(wanted); keyOfFault(err) != "fault.bundle.another" {
		t.Errorf("one bundle under the name of another: got %v", err)
	}
}

func TestHoldFindsProjectsAndFiles(t *testing.T) {
	stock, shelf := newStock(t)
	hash := strings.Repeat("ab", 32)
	one := stock.build(Number{1, 0}, func(p *procedure.Project) { p.Resources = generate(0, 0).Resources })
	other := stock.build(Number{1, 0}, func(p *procedure.Project) { p.UID, p.Alias = uid("other", 1), "other" })
	sandbox := one.Publication(true)
	sandbox.Domain = "sandbox"
	if err := shelf.Swap(stock.seal(one.Publication(true), other.Publication(true), sandbox)); err != nil {
		t.Fatal(err)
	}
	h := shelf.Hold()
	defer h.Release()
	if got := len(h.Projects("production")); got != 2 {
		t.Errorf("got %d projects", got)
	}
	p, err := h.Project("production", "other", colleague)
	if err != nil || p.Version(colleague).Project().UID != uid("other", 1) {
		t.Errorf("got %v, %v", p.Version(colleague).Project(), err)
	}
	if _, err := h.Project("sandbox", "other", colleague); !fault.Is(err, fault.NotFound) {
		t.Errorf("a project of another domain: got %v", err)
	}
	found, err := h.Find("printer", asColleague)
	if err != nil || len(found) != 2 {
		t.Errorf("got %v, %v", found, err)
	}
	if found, err := h.Find("ticket", asColleague); err != nil || len(found) != 0 {
		t.Errorf("a sub-procedure was found: %v, %v", found, err)
	}
	if all := h.Holders(hash); len(all) != 2 || all[0].File.Name != "lamp.png" {
		t.Errorf("got %v", all)
	}
}

func asColleague(string) Reader { return colleague }

// TestNoReaderNoticesAnExchange reads from 100 goroutines while catalogues are
// exchanged, and then looks that what nobody reads is closed.
func TestNoReaderNoticesAnExchange(t *testing.T) {
	stock, shelf := newStock(t)
	var versions []Manifest
	for n := range 4 {
		versions = append(versions, stock.build(Number{n + 1, 0}))
	}
	catalogue := func(active func(n int) bool) []byte {
		var list []Publication
		for n, m := range versions {
			list = append(list, m.Publication(active(n)))
		}
		return stock.seal(list...)
	}
	if err := shelf.Swap(catalogue(func(n int) bool { return n == 0 })); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var reads atomic.Int64
	var readers sync.WaitGroup
	for n := range 100 {
		readers.Go(func() {
			for i := n; !stop.Load(); i++ {
				if err := readOnce(shelf, i); err != nil {
					t.Error(err)
					return
				}
				reads.Add(1)
			}
		})
	}
	var seen []*Bundle
	for i := range 40 {
		active := func(n int) bool { return (i>>n)&1 == 1 || n == i%len(versions) }
		if err := shelf.Swap(catalogue(active)); err != nil {
			t.Error(err)
		}
		h := shelf.Hold()
		for _, v := range h.set.volumes {
			seen = append(seen, v.Bundle)
		}
		h.Release()
	}
	stop.Store(true)
	readers.Wait()
	if err := shelf.Swap(stock.seal()); err != nil {
		t.Fatal(err)
	}
	for _, b := range seen {
		if err := b.db.Ping(); err == nil {
			t.Fatal("a bundle stayed open that nobody reads")
		}
	}
	t.Logf("%d reads during 40 exchanges", reads.Load())
}

// readOnce does what a request does.
func readOnce(shelf *Shelf, i int) error {
	h := shelf.Hold()
	defer h.Release()
	portal := h.Domain("production")
	if i%3 == 0 {
		r, err := portal.Search("imprimente", Filter{Reader: colleague, Lang: "fr", Now: today})
		if err != nil || len(r.Hits) != 1 {
			return fmt.Errorf("%d hits: %w", len(r.Hits), err)
		}
	}
	e, err := portal.Entry("printer", colleague)
	if err != nil {
		return err
	}
	if _, err := h.Version("production", e.Bundle.Project().UID, Number{1 + i%4, 0}); err != nil {
		return err
	}
	_, err = e.Bundle.Program(e.UID)
	return err
}

func TestOpeningAShelfClearsWhatWasLeftHalfBuilt(t *testing.T) {
	stock, shelf := newStock(t)
	stock.build(Number{1, 0})
	left := filepath.Join(stock.folder, building+"123")
	if err := os.MkdirAll(filepath.Join(left, "bundle"), 0o700); err != nil {
		t.Fatal(err)
	}
	openShelf(t, stock.folder, shelf.trusted)
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
}
