package procedure

import (
	"slices"
	"testing"
)

func TestResourcesOf(t *testing.T) {
	p := &Procedure{Steps: []Step{
		{ID: "a", Page: &Page{}, Text: Text{
			In:    map[string]string{"fr": "Voir ![la box](resource:router) et [la note]( resource:note )"},
			Dated: []DatedText{{ID: "d", In: map[string]string{"fr": "![bientôt](resource:soon)"}}},
		}},
		{ID: "b", Question: &Question{Answers: []Answer{{ID: "y", Image: "lamp", Text: T("resource:none", "not (a resource)")}}}},
		{ID: "c", Mail: &Mail{To: "user.mail", Attach: []string{"charter", "router"}}},
	}}
	want := []string{"charter", "lamp", "note", "router", "soon"}
	if got := ResourcesOf(p); !slices.Equal(got, want) {
		t.Errorf("it uses %v, want %v", got, want)
	}
	project := &Project{
		Theme: Theme{Logo: "logo"}, Procedures: []*Procedure{p}, Resources: []Resource{{ID: "unused"}},
		News: []News{{ID: "n", Body: T("![plan](resource:map)", "")}},
	}
	if got := ResourcesOfProject(project); !slices.Equal(got, []string{"logo", "map"}) {
		t.Errorf("the project itself uses %v", got)
	}
}
