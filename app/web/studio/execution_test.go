package studio_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/sync/errgroup"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// ran is an execution for a test.
type ran struct {
	uid, alias, user string
	at               time.Time
	took             time.Duration
	outcome          procedure.Outcome // empty: it goes on; Failed: a problem stopped it
	step             string
}

func (x ran) keep(t *testing.T, s *frame.Site, project string) error {
	e := store.Execution{ID: store.NewID(), Project: project, Procedure: x.uid, Alias: x.alias, Version: "1.0", User: x.user, Channel: "portal", Language: "fr", Started: x.at}
	ended, outcome := x.outcome != "" && x.outcome != procedure.Failed, x.outcome
	if !ended {
		outcome = ""
	}
	err := s.Activity.StartExecution(t.Context(), e, store.Turn{Input: "start", Step: "start", At: x.at})
	if err == nil {
		_, _, err = s.Activity.AppendTurn(t.Context(), store.Turn{
			Execution: e.ID, Parent: 1, Input: "x", Step: x.step, At: x.at.Add(x.took), Ended: ended, Outcome: outcome, Failed: x.outcome == procedure.Failed,
			Edges: []store.Passage{{Procedure: x.uid, Step: "start", Edge: "next"}},
		})
	}
	return err
}

// keepAll keeps executions all at once: their commits are shared.
func keepAll(t *testing.T, s *frame.Site, project string, all []ran) {
	t.Helper()
	var g errgroup.Group
	for _, x := range all {
		g.Go(func() error { return x.keep(t, s, project) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// withProject is a project that a writer may administer and a reader may not see.
func withProject(t *testing.T) (*frame.Site, string, *procedure.Project) {
	t.Helper()
	s := webtest.NewSite(t)
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	webtest.AddUser(t, s, "reader", access.Writer, "production")
	writer, err := s.Content.UserByLogin(t.Context(), "writer")
	if err != nil {
		t.Fatal(err)
	}
	writer.FirstName, writer.LastName = "=1+1", "Zoé"
	if writer, err = s.Content.SaveUser(t.Context(), writer, "test"); err != nil {
		t.Fatal(err)
	}
	desk := webtest.Desk(t)
	p, err := s.Content.CreateProject(t.Context(), "production", desk, writer.ID)
	if err == nil {
		err = s.Content.SetGrants(t.Context(), p.ID, []access.Grant{{User: writer.ID, Right: access.Administration}}, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, p.ID, desk
}

// withExecutions is a project with 130 executions: of two procedures and one
// that is gone, by two people and visitors.
func withExecutions(t *testing.T) (*frame.Site, string, *procedure.Project) {
	t.Helper()
	s, project, desk := withProject(t)
	writer, err := s.Content.UserByLogin(t.Context(), "writer")
	if err != nil {
		t.Fatal(err)
	}
	other := webtest.AddUser(t, s, "anna", access.User, "production")
	now := time.Now().Truncate(time.Second)
	uids := []string{desk.Procedures[0].UID, desk.Procedures[1].UID, "gone-procedure"}
	users := []string{"", writer.ID, other.ID}
	outcomes := []procedure.Outcome{procedure.Solved, procedure.Escalated, "", procedure.Unsolved, procedure.Failed}
	var all []ran
	for i := range 130 {
		all = append(all, ran{uids[i%3], "alias-" + uids[i%3], users[(i/3)%3], now.Add(-time.Duration(i/2) * time.Minute), time.Duration(i*7919%1000) * time.Second, outcomes[i%5], "ask"})
	}
	keepAll(t, s, project, all)
	return s, project, desk
}

var (
	reportLink = regexp.MustCompile(`/executions/([0-9A-Za-z_-]{8,})"`)
	nextLink   = regexp.MustCompile(`href="([^"]*after=[^"]*)"[^>]*rel="next"`)
)

// TestExecutionsInEveryOrder goes through the list by every column, both ways:
// each execution is seen once, and the workbook and the CSV have all of them in
// the same order.
func TestExecutionsInEveryOrder(t *testing.T) {
	s, project, _ := withExecutions(t)
	b := webtest.SignedInAs(t, s, "writer")
	path := "/studio/p/" + project + "/executions"
	for _, sort := range []string{"", "started", "procedure", "outcome", "who", "took"} {
		for _, down := range []string{"", "&down=1"} {
			query := "?sort=" + sort + down
			var ids []string
			pages := 0
			for at := path + query; at != ""; pages++ {
				b.Open(at)
				if b.Status != 200 {
					t.Fatalf("%s: %d", at, b.Status)
				}
				for _, m := range reportLink.FindAllStringSubmatch(b.Page, -1) {
					ids = append(ids, m[1])
				}
				at = ""
				if m := nextLink.FindStringSubmatch(b.Page); m != nil {
					at = html.UnescapeString(m[1])
				}
			}
			different := slices.Compact(slices.Sorted(slices.Values(ids)))
			if len(ids) != 130 || len(different) != 130 || pages != 3 {
				t.Errorf("%s: %d seen, %d different, %d pages", query, len(ids), len(different), pages)
			}
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(webtest.Text(t, b.Send("GET", path+".csv"+query)), "\ufeff"))).ReadAll()
			if err != nil || len(rows) != 131 {
				t.Fatalf("%s: %d rows, %v", query, len(rows), err)
			}
			for i, row := range rows[1:] {
				if row[0] != ids[i] {
					t.Fatalf("%s: row %d of the table is %s, of the page %s", query, i, row[0], ids[i])
				}
			}
		}
	}
}

// TestExecutionsAreInOrder looks at what the columns say.
func TestExecutionsAreInOrder(t *testing.T) {
	s, project, _ := withExecutions(t)
	b := webtest.SignedInAs(t, s, "writer")
	b.Send("POST", "/preferences", webtest.Form("language=en"))
	table := func(query string) [][]string {
		rows, err := csv.NewReader(strings.NewReader(webtest.Text(t, b.Send("GET", "/studio/p/"+project+"/executions.csv"+query)))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	runs := func(rows [][]string, column int) (seen []string) {
		for _, row := range rows {
			seen = append(seen, row[column])
		}
		return slices.Compact(seen)
	}
	if who := runs(table("?sort=who"), 4); !slices.Equal(who, []string{"'=1+1 Zoé", "anna", "Visitor"}) {
		t.Errorf("people: %q", who)
	}
	if who := runs(table("?sort=who&down=1"), 4); !slices.Equal(who, []string{"anna", "'=1+1 Zoé", "Visitor"}) {
		t.Errorf("people, down: %q", who)
	}
	if outcomes := runs(table("?sort=outcome"), 5); len(outcomes) != 5 || !slices.IsSorted(outcomes[:4]) || outcomes[0] != "Failed" || outcomes[4] != "Under way" {
		t.Errorf("outcomes: %q", outcomes)
	}
	if procedures := runs(table("?sort=procedure"), 2); len(procedures) != 3 || procedures[2] != "alias-gone-procedure" || procedures[0] > procedures[1] {
		t.Errorf("procedures: %q", procedures)
	}
	if one := runs(table("?sort=procedure&outcome=solved&procedure=gone-procedure"), 2); len(one) != 1 {
		t.Errorf("one procedure: %q", one)
	}
	for outcome, want := range map[string]string{"failed": "Failed", "going_on": "Under way"} {
		for _, sort := range []string{"started", "outcome", "took", "who", "procedure"} {
			rows := table("?sort=" + sort + "&outcome=" + outcome)
			if seen := runs(rows, 5); len(rows) != 26 || !slices.Equal(seen, []string{want}) {
				t.Errorf("%d of %s by %s: %q", len(rows), outcome, sort, seen)
			}
		}
	}
	longest := table("?sort=took&down=1&outcome=solved")
	for i := range longest[1:] {
		var a, b int
		fmt.Sscan(longest[i][6], &a)
		fmt.Sscan(longest[i+1][6], &b)
		if a < b {
			t.Fatalf("row %d took %d s, the next %d", i, a, b)
		}
	}
}

// TestExecutionsWorkbook holds that a workbook has what is filtered, as texts.
func TestExecutionsWorkbook(t *testing.T) {
	s, project, desk := withExecutions(t)
	b := webtest.SignedInAs(t, s, "writer")
	r := b.Send("GET", "/studio/p/"+project+"/executions.xlsx?sort=who&procedure="+url.QueryEscape(desk.Procedures[0].UID))
	book, err := excelize.OpenReader(bytes.NewReader([]byte(webtest.Text(t, r))))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1")
	if err != nil || len(rows) != 1+44 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	formula, err := book.GetCellFormula("Sheet1", "E2")
	if kind, _ := book.GetCellType("Sheet1", "E2"); err != nil || formula != "" || rows[1][4] != "=1+1 Zoé" || kind != excelize.CellTypeInlineString {
		t.Errorf("the name came as %q, formula %q, type %v, %v", rows[1][4], formula, kind, err)
	}
	for _, query := range []string{"?sort=who&after=nobody~1.1", "?after=x", "?from=yesterday"} {
		if r := b.Send("GET", "/studio/p/"+project+"/executions"+query); r.StatusCode != http.StatusUnprocessableEntity && r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", query, r.StatusCode)
		}
	}
	reader := webtest.SignedInAs(t, s, "reader")
	for _, ending := range []string{"", ".csv", ".xlsx"} {
		if r := reader.Send("GET", "/studio/p/"+project+"/executions"+ending); r.StatusCode != http.StatusNotFound && r.StatusCode != http.StatusForbidden {
			t.Errorf("a stranger got %d of %q", r.StatusCode, ending)
		}
	}
}

// TestFailedExecutionInTheStudio runs into a problem as a person does: the
// list, its counts and the report say that it failed, and where and why, until
// the person goes back and on.
func TestFailedExecutionInTheStudio(t *testing.T) {
	s, project, desk := withProject(t)
	lamp := desk.Procedures[slices.IndexFunc(desk.Procedures, func(p *procedure.Procedure) bool { return p.Alias == "lamp" })]
	colour := lamp.Step("colour")
	colour.Question.Answers[1].To = "broken" // green
	lamp.Steps = append(lamp.Steps, procedure.Step{
		ID: "broken", Title: procedure.T("Le calcul", "The sum"), Next: "done",
		Test: &procedure.Test{Rules: []procedure.Rule{{ID: "r", If: `1 / (1 - 1) > 0`, To: "done"}}},
	})
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: desk, Number: webtest.FirstVersion})
	person := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en")
	person.Answer("answer", "green")
	id := strings.Split(person.Path, "/")[2]

	b := webtest.SignedInAs(t, s, "writer")
	b.Send("POST", "/preferences", webtest.Form("language=en"))
	list := "/studio/p/" + project + "/executions"
	badge := regexp.MustCompile(`<span class="badge wrong">\s*Failed`)
	for _, path := range []string{list, list + "?outcome=failed", list + "/" + id} {
		if b.Open(path); !badge.MatchString(b.Page) || !strings.Contains(b.Page, id) {
			t.Errorf("%s: %s", path, webtest.MainOf(b.Page))
		}
	}
	if text := words(b.Page); !strings.Contains(text, "The sum Test A formula could not be computed. Line 1, column 3: Division by zero.") {
		t.Errorf("the report does not say where and why: %s", text)
	}
	if text := words(b.Open(list).Page); !strings.Contains(text, "Failed 1 100%") || !strings.Contains(text, "Under way 0 0%") {
		t.Errorf("counts: %s", text)
	}
	b.Open(list + "?outcome=going_on").SeesNot(id)

	person.Answer("do", "back").Sees("What colour?")
	b.Open(list + "?outcome=failed").SeesNot(id).Open(list + "?outcome=going_on").Sees(id)
	if b.Open(list + "/" + id); badge.MatchString(b.Page) {
		t.Errorf("still failed: %s", webtest.MainOf(b.Page))
	}
}
