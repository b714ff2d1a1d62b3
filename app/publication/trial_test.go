package publication

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

var lyon = Reader{Member: true, Groups: []string{"lyon"}}

// upgrade is a project in two versions: the second, on trial with Lyon, has a
// procedure renamed, one more, one less, and news of its own.
func upgrade(t *testing.T, public bool) Portal {
	t.Helper()
	old, fresh := helpDesk(), helpDesk()
	old.Public, fresh.Public = public, public
	fresh.Procedures = slices.DeleteFunc(fresh.Procedures, func(p *procedure.Procedure) bool { return p.Alias == "wifi" })
	fresh.Procedures[0].Title, fresh.Procedures[0].Alias = procedure.T("Imprimer de nouveau", "Print again"), "print-again"
	fresh.Procedures = append(fresh.Procedures, tree("badge", procedure.T("Refaire un badge", "Remake a badge"), in("network")))
	fresh.News = append(fresh.News, procedure.News{ID: "n9", Title: procedure.T("Essai", "Trial"), On: fresh.News[1].On})
	fresh.Name = procedure.T("Assistance 2", "Help desk 2")
	second := input(fresh)
	second.Number = Number{2, 0}
	portal, err := NewPortal(Offer{Bundle: built(t, input(old))}, Offer{Bundle: built(t, second), Trial: []string{"lyon"}})
	if err != nil {
		t.Fatal(err)
	}
	return portal
}

// TestATrialIsForItsGroups looks at two active versions through those who are in
// the trial of the second and those who are not.
func TestATrialIsForItsGroups(t *testing.T) {
	one, two := Number{1, 0}, Number{2, 0}
	for _, c := range []struct {
		name    string
		reader  Reader
		public  bool
		version Number
		found   string
		tree    string
		news    int
	}{
		{"in the trial", lyon, false, two, "print-again", "hardware 2 (printing 1) network 2 - 1", 3},
		{"not in it", colleague, false, one, "printer", "hardware 2 (printing 1) network 1 - 1", 2},
		{"visitor of a public project", visitor, true, one, "printer", "hardware 2 (printing 1) network 1 - 1", 2},
		{"visitor who claims the group", Reader{Groups: []string{"lyon"}}, true, one, "printer", "hardware 2 (printing 1) network 1 - 1", 2},
	} {
		portal := upgrade(t, c.public)
		if got := portal.Version(c.reader); got.Manifest().Number != c.version {
			t.Errorf("%s: begins on %s", c.name, got.Manifest().Number)
		}
		result, err := portal.Search("imprimante imprimer", Filter{Reader: c.reader, Lang: "fr", Now: today})
		if err != nil || aliasesOf(result.Hits) != c.found || result.Hits[0].Bundle.Manifest().Number != c.version {
			t.Errorf("%s: finds %s, %v", c.name, aliasesOf(result.Hits), err)
		}
		if got := outline(portal.Categories(c.reader)); got != c.tree {
			t.Errorf("%s: %q, want %q", c.name, got, c.tree)
		}
		if news, err := portal.News(c.reader, today); err != nil || len(news) != c.news {
			t.Errorf("%s: %d news, %v", c.name, len(news), err)
		}
		// The old address leads to the procedure as it is in one's own version.
		if e, err := portal.Entry("printer", c.reader); err != nil || e.Alias != c.found || e.Bundle.Manifest().Number != c.version {
			t.Errorf("%s: printer is %+v, %v", c.name, e.Entry, err)
		}
		if e, err := portal.Entry("wifi", c.reader); err != nil || e.Bundle.Manifest().Number != one {
			t.Errorf("%s: what only 1.0 has: %v", c.name, err)
		}
	}
}

// TestWhatIsOnlyOnTrialIsNotHeldForOpen finds an address that others have, so
// that whoever decides can refuse it with the groups of the trial in hand.
func TestWhatIsOnlyOnTrialIsNotHeldForOpen(t *testing.T) {
	portal := upgrade(t, false)
	e, err := portal.Entry("badge", colleague)
	if err != nil || !slices.Equal(e.Trial, []string{"lyon"}) {
		t.Errorf("got %+v, %v", e.Trial, err)
	}
	if _, err := portal.Entry("nothing", colleague); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := portal.Entry("wifi", lyon); err != nil {
		t.Errorf("got %v", err)
	}
}

// TestRankingKnowsNothingOfATrial holds that words of a version on trial weigh
// nothing for those who are not in it.
func TestRankingKnowsNothingOfATrial(t *testing.T) {
	alone := portalOf(t, input(helpDesk()))
	f := Filter{Reader: colleague, Lang: "fr", Now: today}
	want, err := alone.Search("imprimante", f)
	if err != nil || len(want.Hits) == 0 {
		t.Fatal(want, err)
	}
	got, err := upgrade(t, false).Search("imprimante", f)
	if err != nil || len(got.Hits) != len(want.Hits) {
		t.Fatal(got, err)
	}
	for i := range want.Hits {
		if got.Hits[i].Score != want.Hits[i].Score || got.Hits[i].UID != want.Hits[i].UID {
			t.Errorf("%s scores %v, and %v beside a trial", want.Hits[i].Alias, want.Hits[i].Score, got.Hits[i].Score)
		}
	}
}

// TestEveryListAgreesOnVersions makes versions on trial at random and compares
// all that a portal tells with the rule itself: of each procedure, the highest
// version that is for the reader, if its groups are theirs.
func TestEveryListAgreesOnVersions(t *testing.T) {
	w := rand.New(rand.NewPCG(7, 9))
	groups := func(of ...string) (list []string) {
		for _, g := range of {
			if w.IntN(3) == 0 {
				list = append(list, g)
			}
		}
		return list
	}
	for range 25 {
		var offers []Offer
		for n := range 4 {
			p := helpDesk()
			p.Procedures, p.News = nil, nil
			p.Public = w.IntN(3) == 0
			for _, alias := range []string{"alpha", "beta", "gamma", "delta"} {
				if w.IntN(4) > 0 {
					p.Procedures = append(p.Procedures, tree(alias, procedure.T("Tourner "+alias, "Turn "+alias), in("network"), popular, audience(groups("lyon", "brest")...)))
				}
			}
			if len(p.Procedures) == 0 {
				continue
			}
			one := input(p)
			one.Number = Number{n + 1, 0}
			offers = append(offers, Offer{built(t, one), groups("lyon", "paris")})
		}
		portal, err := NewPortal(offers...)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []Reader{visitor, colleague, lyon, {Member: true, Groups: []string{"paris", "brest"}}, {Groups: []string{"lyon"}}} {
			agree(t, portal, r, shownTo(t, offers, r))
		}
	}
}

// shownTo applies the rule: the version of each procedure that a reader is shown,
// by alias.
func shownTo(t *testing.T, offers []Offer, r Reader) map[string]string {
	shown, taken := map[string]string{}, map[string]bool{}
	for _, o := range slices.Backward(offers) { // the lowest comes first
		if len(o.Trial) > 0 && (!r.Member || !slices.ContainsFunc(o.Trial, func(g string) bool { return slices.Contains(r.Groups, g) })) {
			continue
		}
		for _, alias := range []string{"alpha", "beta", "gamma", "delta"} {
			e, err := o.Entry(alias)
			if fault.Is(err, fault.NotFound) || taken[alias] {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			taken[alias] = true
			if (r.Member || o.Project().Public) && r.in(e.Audience) {
				shown[alias] = o.Manifest().Number.String()
			}
		}
	}
	return shown
}

// agree compares what every list of a portal tells with what is to be shown.
func agree(t *testing.T, p Portal, r Reader, want map[string]string) {
	t.Helper()
	told := func(all []Listed, err error) string {
		var list []string
		for _, l := range all {
			list = append(list, l.Alias+" "+l.Bundle.Manifest().Number.String())
		}
		slices.Sort(list)
		return fmt.Sprint(list, err)
	}
	ofHits := func(hits []Hit, err error) string {
		var all []Listed
		for _, h := range hits {
			all = append(all, h.Listed)
		}
		return told(all, err)
	}
	var list []string
	for alias, number := range want {
		list = append(list, alias+" "+number)
	}
	slices.Sort(list)
	wanted := fmt.Sprint(list, nil)
	f := Filter{Reader: r, Lang: "fr", Now: today}
	result, err := p.Search("tourner", f)
	found, count := ofHits(result.Hits, err), 0
	hits, err := p.Suggest("tourner", f)
	for _, c := range p.Categories(r) {
		count += c.Count
	}
	for name, got := range map[string]string{
		"category": told(p.In("network", r, "fr", today)), "popular": told(p.Popular(r, "fr", today)), "found": found, "suggested": ofHits(hits, err),
		"picked": told(p.Pick([]string{uid("alpha", 0), uid("beta", 0), uid("gamma", 0), uid("delta", 0)}, r)),
	} {
		if got != wanted {
			t.Errorf("%s, %+v: %s, want %s", name, r, got, wanted)
		}
	}
	if count != len(want) || result.Total != len(want) {
		t.Errorf("%+v: %d counted and %d found, want %d", r, count, result.Total, len(want))
	}
	for alias := range maps.Keys(want) {
		if e, err := p.Entry(alias, r); err != nil || e.Bundle.Manifest().Number.String() != want[alias] {
			t.Errorf("%+v: %s is at %s, %v; want %s", r, alias, strings.TrimSpace(e.Alias), err, want[alias])
		}
	}
}
