package webtest

import (
	"embed"
	"io/fs"
	"path"
	"sync"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
)

//go:embed testdata/desk
var project embed.FS

// Desk reads the project of the tests.
func Desk(t testing.TB) *procedure.Project {
	t.Helper()
	files, err := fs.Glob(project, "testdata/desk/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test project: %v", err)
	}
	var p *procedure.Project
	var all []*procedure.Procedure
	for _, name := range files {
		content, err := project.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if path.Base(name) == "project.yaml" {
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

// Published is a project as publish puts it in force.
type Published struct {
	Domain  string
	Project *procedure.Project
	Number  publication.Number
	Gone    bool     // named for those in the middle of it only
	Trial   []string // groups it is on trial with
}

// Publish builds bundles and puts exactly these in force.
func Publish(t testing.TB, s *frame.Site, all ...Published) {
	t.Helper()
	c := publication.Catalogue{Sequence: s.Shelf.Sequence() + 1}
	for _, one := range all {
		m, err := publication.Build(bundles(t, s), publication.Input{
			Project: one.Project, Number: one.Number, Domain: one.Domain, At: time.Unix(1_790_000_000, 0), HasFile: s.Files.Has,
		}, signing)
		if err != nil {
			t.Fatal(err)
		}
		named := m.Publication(!one.Gone)
		named.Audience = one.Trial
		c.Publications = append(c.Publications, named)
	}
	sealed, err := c.Seal(signing)
	if err == nil {
		err = s.Shelf.Swap(sealed)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// folders are where the sites of the tests have their bundles.
var folders sync.Map

// DataFolders are where the sites of the tests have all else.
var DataFolders sync.Map

// FirstVersion is the one that DeskSite publishes.
var FirstVersion = publication.Number{Major: 1}

// AddResource gives a project a picture that its first procedure shows.
func AddResource(p *procedure.Project, id, mediaType, hash string, size int64) {
	p.Resources = append(p.Resources, procedure.Resource{
		ID: id, Kind: procedure.KindImage, Alt: procedure.T("Un dessin", "A drawing"),
		Files: map[string]procedure.File{"": {Name: id + ".svg", Type: mediaType, Size: size, Hash: hash}},
	})
	first := p.Procedures[0]
	end := &first.Steps[len(first.Steps)-1]
	end.Text = procedure.T("![](resource:"+id+")", "![](resource:"+id+")")
}

func bundles(t testing.TB, s *frame.Site) string {
	t.Helper()
	folder, ok := folders.Load(s)
	if !ok {
		t.Fatal("a site without bundles")
	}
	return folder.(string)
}

// DeskSite is a site with the test project published as production 1.0.
func DeskSite(t testing.TB, change ...func(*frame.Config)) *frame.Site {
	t.Helper()
	s := NewSite(t, change...)
	Publish(t, s, Published{Domain: "production", Project: Desk(t), Number: publication.Number{Major: 1}})
	return s
}
