package browser

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"selfhelp/assets"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// gallery serves every sample: /sample/LANGUAGE/MODE/NAME, with ?scripts=none
// as browsers without script show it.
func gallery() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+assets.Prefix, assets.Handler())
	mux.HandleFunc("GET /sample/{lang}/{mode}/{name}", func(w http.ResponseWriter, r *http.Request) {
		base := ui.Chrome{
			Words: ui.In(r.PathValue("lang")), Mode: r.PathValue("mode"), Here: "/",
			Person: &ui.Person{Name: "Camille Moreau", Login: "camille", Writes: true, Manages: true},
		}
		s, found := views.SampleOf(base, r.PathValue("name"))
		if !found {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		scripts := "'self'"
		if r.URL.Query().Get("scripts") == "none" {
			scripts = "'none'"
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+scripts+"; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; frame-src https:; form-action 'self'; base-uri 'none'")
		if err := s.Page.View().Render(r.Context(), w); err != nil {
			slog.Error("sample not shown", "sample", s.Name, "error", err)
		}
	})
	return mux
}

// cramped lists the labels that are wider than the field they name.
const cramped = `[...document.querySelectorAll(".field > label")].filter(l => l.scrollWidth > l.parentElement.clientWidth + 1).map(l => l.textContent.trim())`

// TestNoPageIsWiderThanTheScreen opens every sample on phones and on a wide
// screen: no sideways scrolling, no field squeezed until its label sticks out,
// no word from the console.
func TestNoPageIsWiderThanTheScreen(t *testing.T) {
	server := httptest.NewServer(gallery())
	defer server.Close()
	ctx := browser(t)
	said := complaints(ctx)
	for _, s := range views.Samples(ui.Chrome{Words: ui.In("fr")}) {
		for _, width := range []int64{320, 390, 1280} {
			open(t, ctx, server.URL+"/sample/fr/light/"+s.Name, width)
			wide, err := chromedp.Run(ctx, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
			if err != nil {
				t.Fatalf("%s: %v", s.Name, err)
			}
			if wide > width {
				t.Errorf("%s is %d px wide on a screen of %d", s.Name, wide, width)
			}
			labels, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](cramped))
			if err != nil {
				t.Fatalf("%s: %v", s.Name, err)
			}
			for _, label := range labels {
				t.Errorf("%s, %d px: the label %q sticks out of its field", s.Name, width, label)
			}
		}
	}
	for _, words := range said() {
		t.Error("the console says", words)
	}
}

// TestLook takes pictures of the samples named in LOOK ("all", or a beginning
// of names) into the folder LOOK_INTO, for people to look at.
func TestLook(t *testing.T) {
	wanted, into := os.Getenv("LOOK"), os.Getenv("LOOK_INTO")
	if wanted == "" || into == "" {
		t.Skip("set LOOK and LOOK_INTO to take pictures")
	}
	server := httptest.NewServer(gallery())
	defer server.Close()
	ctx := browser(t)
	for _, s := range views.Samples(ui.Chrome{Words: ui.In("fr")}) {
		if wanted != "all" && !strings.HasPrefix(s.Name, wanted) {
			continue
		}
		for _, look := range []struct {
			lang, mode string
			width      int64
		}{{"fr", "light", 1280}, {"en", "dark", 1280}, {"fr", "light", 390}, {"en", "dark", 390}} {
			open(t, ctx, server.URL+"/sample/"+look.lang+"/"+look.mode+"/"+s.Name, look.width)
			picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s-%s-%s-%d.png", s.Name, look.lang, look.mode, look.width)
			if err := os.WriteFile(filepath.Join(into, name), picture, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
