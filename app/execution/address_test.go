package execution

import "testing"

const outerSteps = `
- {id: start, start: {}, next: first_page}
- {id: first_page, title: {en: Outer first}, page: {}, next: it}
- {id: it, call: {procedure: subaaaaaaaaaaaaaaaaaaaaaaa}, next: done}
- {id: done, title: {en: Outer done}, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`

const innerSteps = `sub:
steps:
- {id: start, start: {}, next: first_page}
- {id: first_page, title: {en: Inner first}, page: {}, next: second}
- {id: second, title: {en: Inner second}, page: {}, next: done}
- {id: done, title: {en: Inner done}, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`

// TestNamesOfPages walks through a procedure and its sub-procedure, whose steps
// are called alike: every page of the trail has a name of its own, which stays.
func TestNamesOfPages(t *testing.T) {
	lib := steps(t, outerSteps, innerSteps)
	turn := start(t, lib)
	titles := map[string]string{turn.Page.Address: turn.Page.Title}
	for _, want := range []string{"Inner first", "Inner second", "Inner done", "Outer done"} {
		turn = give(t, lib, turn, "next")
		if turn.Page.Title != want {
			t.Fatalf("page %s, want %s", turn.Page.Title, want)
		}
		titles[turn.Page.Address] = want
	}
	if len(titles) != 5 || titles["first_page"] != "Outer first" || titles["second"] != "Inner second" || titles["done"] != "Inner done" {
		t.Errorf("names %v", titles)
	}
	for _, crumb := range turn.Page.Trail {
		if titles[crumb.Address] != crumb.Title {
			t.Errorf("%s is called %s on the trail", crumb.Title, crumb.Address)
		}
		shown, err := Show(lib, turn.State, crumb.Address, monday)
		if err != nil || shown.Page.Title != crumb.Title || shown.Page.Address != crumb.Address {
			t.Errorf("%s shows %+v: %v", crumb.Address, shown.Page, err)
		}
	}
	if _, err := Show(lib, turn.State, "first_page~nobody", monday); err == nil {
		t.Error("a page of a procedure that is not on the trail shows")
	}
}
