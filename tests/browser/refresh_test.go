package browser

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestWhatIsUnfoldedStaysSo unfolds a server on the page of servers, which refreshes by
// itself: it stays unfolded, and the focus where it was.
func TestWhatIsUnfoldedStaysSo(t *testing.T) {
	ctx := browser(t)
	server := httptest.NewServer(gallery())
	defer server.Close()
	open(t, ctx, server.URL+"/sample/fr/light/admin-servers", 1280)
	is := func(script string) bool {
		t.Helper()
		yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script))
		if err != nil {
			t.Fatal(err)
		}
		return yes
	}
	if !is(`(() => { document.getElementById("servers").dataset.old = "yes"; const s = document.querySelector("#server-a summary"); s.focus(); s.click(); return document.getElementById("server-a").open })()`) {
		t.Fatal("a server does not unfold")
	}
	for until := time.Now().Add(time.Minute); !is(`!document.getElementById("servers").dataset.old`); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the page does not refresh by itself")
		}
	}
	if !is(`document.getElementById("server-a").open && !document.getElementById("server-b").open && document.activeElement === document.querySelector("#server-a summary")`) {
		t.Error("what was unfolded is folded, or the focus is elsewhere")
	}
}
