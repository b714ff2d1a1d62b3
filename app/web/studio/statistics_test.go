package studio_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
)

var tags = regexp.MustCompile(`<[^>]*>|\s+`)

// words is a page without its tags.
func words(page string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(page, " ")), " ")
}

// TestStatistics counts executions that are known one by one, of this period
// and the one before.
func TestStatistics(t *testing.T) {
	s, project, desk := withProject(t)
	lamp := desk.Procedures[0]
	asked := lamp.Steps[1].ID
	now := time.Now()
	var all []ran
	add := func(n, daysAgo int, took time.Duration, outcome procedure.Outcome, uid, step string) {
		for range n {
			all = append(all, ran{uid, "alias", "", now.AddDate(0, 0, -daysAgo), took, outcome, step})
		}
	}
	add(6, 1, 2*time.Minute, procedure.Solved, lamp.UID, "end")
	add(3, 2, 4*time.Minute, procedure.Informed, lamp.UID, "end")
	add(3, 3, time.Minute, procedure.Abandoned, lamp.UID, asked)
	add(1, 4, time.Hour, procedure.Escalated, "gone-procedure", "end")
	add(1, 4, time.Minute, procedure.Failed, lamp.UID, asked)
	add(2, 9, time.Minute, procedure.Solved, lamp.UID, "end")
	add(8, 12, time.Minute, procedure.Unsolved, lamp.UID, "end")
	keepAll(t, s, project, all)

	b := webtest.SignedInAs(t, s, "writer")
	b.Send("POST", "/preferences", webtest.Form("language=en"))
	path := "/studio/p/" + project + "/statistics"
	b.Open(path + "?days=7")
	text := words(b.Page)
	for _, want := range []string{
		"Executions 14 +40% on the 7 days before",
		"Succeeded 64% +44 points on the 7 days before",
		"Median duration 2 min +100% on the 7 days before",
		"Abandoned 21% +21 points on the 7 days before",
		"Failures 7% +7 points on the 7 days before",
		"Failed 1", // of the key to the chart
		"3 3 100%", // who gave up at the step, who saw it
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, webtest.MainOf(b.Page))
		}
	}
	b.Sees(`/d/`+lamp.UID+`?step=`+asked+`"`, `<svg viewBox="0 0 1000 200"`, `aria-current="page">7 days`, `/executions?from=`, `&amp;outcome=failed&amp;until=`)
	if n := strings.Count(b.Page, `class="trend-reach"`); n != 7 {
		t.Errorf("%d days are drawn", n)
	}

	if text := words(b.Open(path + "?days=7&procedure=gone-procedure").Page); !strings.Contains(text, "Executions 1 Nothing to compare with in the 7 days before") || strings.Contains(text, "The procedures followed most") {
		t.Errorf("of one procedure: %s", webtest.MainOf(b.Page))
	}
	if text := words(b.Open(path + "?days=90").Page); !strings.Contains(text, "Executions 24 Nothing") || strings.Count(b.Page, `class="trend-reach"`) != 13 {
		t.Errorf("over 90 days: %s", webtest.MainOf(b.Page))
	}
	b.Open(path+"?days=forever&procedure=%3Cscript%3E").Sees("Nothing to show for this period", `aria-current="page">30 days`).SeesNot("<script>")
	if r := webtest.SignedInAs(t, s, "reader").Send("GET", path); r.StatusCode != http.StatusNotFound && r.StatusCode != http.StatusForbidden {
		t.Errorf("a stranger got %d", r.StatusCode)
	}
}

// TestStatisticsOfNothing leads to what makes statistics begin.
func TestStatisticsOfNothing(t *testing.T) {
	s, project, _ := withProject(t)
	b := webtest.SignedInAs(t, s, "writer")
	b.Open("/studio/p/" + project + "/statistics").Sees(`href="/studio/p/` + project + `/publish"`)
}
