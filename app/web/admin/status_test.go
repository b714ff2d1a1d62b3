package admin_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/watch"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

func TestTheStatusPage(t *testing.T) {
	s := withStaff(t)
	s.Watch = watch.New(watch.Sources{Store: s.Store, GoodFor: time.Nanosecond})
	page := func(language string) string {
		return webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/status", s.as["chief"], webtest.Header("Accept-Language", language)))
	}
	text := page("en")
	says(t, text, "Content database")
	says(t, text, "Not set up")
	if strings.Contains(text, "resentation server") || strings.Contains(strings.ReplaceAll(text, "Certificates", ""), "Certificate") { // but for the page of that name
		t.Error("it shows what does not exist")
	}
	says(t, page("fr"), "Réplica du second site")

	s.Store.CopyTo(&second{store.Copying{Target: "/mnt/metz", Epoch: "e0001-lyon", Whole: time.Now().Add(-20 * time.Minute), Behind: 12, Errors: 3}})
	text = page("en")
	for _, want := range []string{"20 min behind", "12 transactions on their way", "3 failed attempts", "/mnt/metz, epoch e0001-lyon"} {
		says(t, strings.ReplaceAll(text, "\u00a0", " "), want)
	}

	data, _ := webtest.DataFolders.Load(s.Site)
	file := filepath.Join(data.(string), "activity.db")
	if err := os.Rename(file, file+".aside"); err != nil {
		t.Fatal(err)
	}
	f := s.Watch.Report(t.Context())
	if err := os.Rename(file+".aside", file); err != nil {
		t.Fatal(err)
	}
	rows := f.Rows()
	if rows[1].Subject != watch.Activity || rows[1].State != watch.Wrong || rows[1].Mend == nil {
		t.Errorf("%+v", rows[1])
	}
}
