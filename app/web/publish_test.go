package web

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/publication"
)

// desk reads the project of the tests.
func desk(t testing.TB) *procedure.Project {
	t.Helper()
	files, err := filepath.Glob("testdata/desk/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test project: %v", err)
	}
	var p *procedure.Project
	var all []*procedure.Procedure
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(name) == "project.yaml" {
			p, err = procedure.ReadProject(content)
		} else {
			var one *procedure.Procedure
			one, err = procedure.ReadProcedure(content)
			all = append(all, one)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	p.Procedures = all
	return p
}

// published is a project as publish puts it in force.
type published struct {
	domain  string
	project *procedure.Project
	number  publication.Number
	gone    bool // named for those in the middle of it only
}

// publish builds bundles and puts exactly these in force.
func publish(t testing.TB, s *Site, all ...published) {
	t.Helper()
	c := publication.Catalogue{Sequence: s.shelf.Sequence() + 1}
	for _, one := range all {
		m, err := publication.Build(bundles(t, s), publication.Input{
			Project: one.project, Number: one.number, Domain: one.domain, At: time.Unix(1_790_000_000, 0), HasFile: s.files.Has,
		}, signing)
		if err != nil {
			t.Fatal(err)
		}
		c.Publications = append(c.Publications, m.Publication(!one.gone))
	}
	sealed, err := c.Seal(signing)
	if err == nil {
		err = s.shelf.Swap(sealed)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// folders are where the sites of the tests have their bundles, dataFolders
// where they have all else.
var folders, dataFolders sync.Map

var firstVersion = publication.Number{Major: 1}

// addResource gives a project a picture that its first procedure shows.
func addResource(p *procedure.Project, id, mediaType, hash string, size int64) {
	p.Resources = append(p.Resources, procedure.Resource{
		ID: id, Kind: procedure.KindImage, Alt: procedure.T("Un dessin", "A drawing"),
		Files: map[string]procedure.File{"": {Name: id + ".svg", Type: mediaType, Size: size, Hash: hash}},
	})
}

func bundles(t testing.TB, s *Site) string {
	t.Helper()
	folder, ok := folders.Load(s)
	if !ok {
		t.Fatal("a site without bundles")
	}
	return folder.(string)
}

// deskSite is a site with the test project published as production 1.0.
func deskSite(t testing.TB, change ...func(*Config)) *Site {
	t.Helper()
	s := newSite(t, change...)
	publish(t, s, published{domain: "production", project: desk(t), number: publication.Number{Major: 1}})
	return s
}
