package admin_test

import (
	"context"
	"testing"
	"time"

	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// second is a second site that says what it is told to.
type second struct{ state store.Copying }

func (*second) Barrier(context.Context) error { return nil }
func (*second) NewFile(string)                {}
func (*second) GoneFile(string)               {}
func (s *second) Copying() store.Copying      { return s.state }

func TestTheOverviewTellsOfTheSecondSite(t *testing.T) {
	s := withStaff(t)
	home := func() string { return webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin", s.as["chief"])) }
	says(t, home(), "Everything is on this machine alone")

	site := &second{}
	s.Store.CopyTo(site)
	for want, state := range map[string]store.Copying{
		"Has everything": {Target: "/mnt/metz", Epoch: "e0001-lyon", Whole: time.Now(), Well: true},
		"Nothing has reached the second site yet":       {Target: "/mnt/metz", Epoch: "e0001-lyon"},
		"The second site had everything last":           {Target: "/mnt/metz", Epoch: "e0001-lyon", Whole: time.Now().Add(-2 * time.Minute)},
		"Another server has taken over, in epoch e0002": {Target: "/mnt/metz", Epoch: "e0001-lyon", Whole: time.Now(), Replaced: "e0002-metz"},
		"No moment of content.db between": {Target: "/mnt/metz", Epoch: "e0001-lyon", Whole: time.Now(), Well: true, Lacks: []store.Lack{
			{Database: "content.db", After: time.Now().Add(-time.Hour), Before: time.Now().Add(-time.Minute)},
		}},
		"The newest state of content.db cannot be restored": {Target: "/mnt/metz", Epoch: "e0001-lyon", Whole: time.Now(), Well: true, Lacks: []store.Lack{
			{Database: "content.db", After: time.Now().Add(-time.Hour)},
		}},
	} {
		site.state = state
		says(t, home(), want)
	}
}
