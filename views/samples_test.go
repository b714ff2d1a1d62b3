package views

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/views/ui"
)

func baseIn(lang string) ui.Chrome {
	return ui.Chrome{Words: ui.In(lang), Room: ui.Portal, Here: "/", Person: &ui.Person{Name: "Camille Moreau", Login: "camille", Writes: true, Manages: true}}
}

// TestEveryPageHasASample reads the sources for the types that have a View.
func TestEveryPageHasASample(t *testing.T) {
	sampled := map[string]bool{}
	for _, s := range Samples(baseIn("fr")) {
		sampled[reflect.TypeOf(s.Page).Name()] = true
	}
	for _, page := range pagesInSource(t) {
		if !sampled[page] {
			t.Errorf("page %s has no sample in samples.go", page)
		}
	}
}

func pagesInSource(t *testing.T) (pages []string) {
	t.Helper()
	files, err := filepath.Glob("*_templ.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no generated views: %v", err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Name.Name == "View" && f.Recv != nil {
				pages = append(pages, f.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	return pages
}

// TestSamplesRender holds every sample, in each language, to what every page
// must have: one h1, a title, a main part, no missing sentence, no inline
// script or style.
func TestSamplesRender(t *testing.T) {
	for _, l := range ui.Languages() {
		seen := map[string]bool{}
		for _, s := range Samples(baseIn(l.Tag)) {
			if seen[s.Name] {
				t.Errorf("two samples are called %s", s.Name)
			}
			seen[s.Name] = true
			html := rendered(t, s.Page)
			head, _, _ := strings.Cut(html, "</head>") // a drawing's parts have titles too
			if got := strings.Count(head, "<title>"); got != 1 {
				t.Errorf("%s in %s: %d titles in its head, want 1", s.Name, l.Tag, got)
			}
			for what, want := range map[string]int{"<h1": 1, "<main": 1, "style=": 0, "<script>": 0, " onclick=": 0, "href=\"about:invalid": 0} {
				if got := strings.Count(html, what); got != want {
					t.Errorf("%s in %s: %d times %s, want %d", s.Name, l.Tag, got, what, want)
				}
			}
			ids := map[string]bool{}
			for _, id := range anID.FindAllString(html, -1) { // labels would lead to the first
				if ids[id] {
					t.Errorf("%s in %s: twice%s", s.Name, l.Tag, id)
				}
				ids[id] = true
			}
			if missing := strings.Index(html, "["); missing >= 0 && strings.Contains(html[missing:min(missing+60, len(html))], ".") && !strings.Contains(html[missing:min(missing+2, len(html))], "[ ") {
				t.Errorf("%s in %s: a sentence is missing near %q", s.Name, l.Tag, html[missing:min(missing+60, len(html))])
			}
		}
	}
}

var anID = regexp.MustCompile(` id="[^"]*"`)

// TestLayouts holds where the picture of a page stands in its source, which is
// what readers of the page without its styles meet.
func TestLayouts(t *testing.T) {
	for name, want := range map[string][]string{
		"player-layout-text":        {"turn pictured", "<figure", "<p>", "turn-answer"},
		"player-layout-media-first": {"turn layout-media-first", "prose media", "<figure", "<p>", "turn-answer"},
		"player-layout-beside":      {"turn layout-beside", "words-and-media", "<p>", "prose media", "<figure", "turn-answer"},
		"player-layout-wide":        {"turn layout-wide", "<figure", "<p>", "turn-answer"},
	} {
		sample, _ := SampleOf(baseIn("en"), name)
		_, html, _ := strings.Cut(rendered(t, sample.Page), `<form`)
		for _, part := range want {
			_, rest, found := strings.Cut(html, part)
			if !found {
				t.Errorf("%s: no %s where it should be", name, part)
			}
			html = rest
		}
	}
}

// TestYesComesFirst: of the two answers to whether a procedure helped, as of any
// question with a yes and a no.
func TestYesComesFirst(t *testing.T) {
	f := &execution.FeedbackView{Scale: procedure.ScaleThumbs, Highest: 1}
	if got := scores(f); !slices.Equal(got, []int{1, 0}) {
		t.Errorf("thumbs: %v", got)
	}
	if f.Scale = procedure.ScaleTen; !slices.IsSorted(scores(f)) {
		t.Errorf("numbers: %v", scores(f))
	}
}

func rendered(t *testing.T, p Page) string {
	t.Helper()
	var b strings.Builder
	if err := p.View().Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
